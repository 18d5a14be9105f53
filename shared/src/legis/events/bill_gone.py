"""`BillGone` v1: a source was asked for one record and said that it has none."""

from typing import Literal

from pydantic import AwareDatetime

from legis.events.envelope import Envelope, WindowRef
from legis.events.year_sighted import UpstreamId


class BillGone(Envelope):
    """The source answered 404 when it was asked for this record alone. `read_seq` was taken before it was asked."""

    kind: Literal["bill_gone"] = "bill_gone"
    window: WindowRef
    read_seq: int
    upstream_id: UpstreamId
    url: str
    fetched_at: AwareDatetime
