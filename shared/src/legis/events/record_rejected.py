"""`RecordRejected` v1: an upstream record that could not be read, with its raw form."""

from typing import Literal

from legis.events.envelope import Envelope, WindowRef


class RecordRejected(Envelope):
    """A record that does not fit its model. `raw` is its text, with undecodable bytes escaped, so that nothing is lost.

    With `set_aside` true, upstream did not return the record while it returned others; `raw` only names it and the
    record is requested again later.
    """

    kind: Literal["record_rejected"] = "record_rejected"
    window: WindowRef
    upstream_id: str | None
    url: str | None
    error: str
    raw: str
    set_aside: bool = False
