"""`BillGone` v1: a source answered 404 for one record."""

from typing import Literal

from pydantic import AwareDatetime

from legis.events.envelope import Envelope, WindowRef
from legis.events.year_sighted import UpstreamId


class BillGone(Envelope):
    """The source answered 404 for this record when it was requested by id. `read_seq` was taken before the request."""

    kind: Literal["bill_gone"] = "bill_gone"
    window: WindowRef
    read_seq: int
    upstream_id: UpstreamId
    url: str
    fetched_at: AwareDatetime
