"""`RecordGone` v1: a source answered 404 for one legislator, organization, voting or event."""

from typing import Literal

from pydantic import AwareDatetime

from legis.domain.records.record import RecordId, RecordKind
from legis.events.envelope import Envelope, WindowRef


class RecordGone(Envelope):
    """The source answered 404 for this record when it was requested by id. `read_seq` was taken before the request."""

    kind: Literal["record_gone"] = "record_gone"
    window: WindowRef
    read_seq: int
    record_kind: RecordKind
    record_id: RecordId
    url: str
    fetched_at: AwareDatetime
