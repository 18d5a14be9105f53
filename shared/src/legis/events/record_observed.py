"""`RecordObserved` v1: one reading of a legislator, organization, voting or event at a source."""

from typing import Literal

from pydantic import Field

from legis.domain.bill import Provenance
from legis.domain.records.any_record import TaggedRecord
from legis.domain.vocabulary import ReadingPart
from legis.events.envelope import Envelope, WindowRef


class RecordObserved(Envelope):
    """One reading of a record. `read_seq` was taken before the request and only rises.

    `marks` are fingerprints by part. The worker stores them for ingest, under the record's id, once this event is
    stored as it was read.
    """

    kind: Literal["record_observed"] = "record_observed"
    window: WindowRef
    read_seq: int
    record: TaggedRecord
    provenance: Provenance
    part: ReadingPart
    marks: dict[ReadingPart, str] = Field(default_factory=dict)
