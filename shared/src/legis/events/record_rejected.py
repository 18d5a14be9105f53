"""`RecordRejected` v1: an upstream record that could not be read, kept raw."""

from typing import Literal

from legis.events.envelope import Envelope, WindowRef


class RecordRejected(Envelope):
    """A record that did not fit: kept raw, so that nothing is lost. `raw` is text, with undecodable bytes escaped.

    With `set_aside` it could not be had at all while others could, and `raw` only names it: its source is asked again.
    """

    kind: Literal["record_rejected"] = "record_rejected"
    window: WindowRef
    upstream_id: str | None
    url: str | None
    error: str
    raw: str
    set_aside: bool = False
