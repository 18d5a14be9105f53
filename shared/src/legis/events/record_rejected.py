"""`RecordRejected` v1: an upstream record that could not be read, kept raw."""

from typing import Literal

from legis.events.envelope import Envelope, WindowRef


class RecordRejected(Envelope):
    """A record that did not fit: kept raw, so that nothing is lost. `raw` is text, with undecodable bytes escaped."""

    kind: Literal["record_rejected"] = "record_rejected"
    window: WindowRef
    upstream_id: str | None
    url: str | None
    error: str
    raw: str
