"""Input of the record writer: a reading of a record, with its original bytes for a dead letter and its trace id."""

from dataclasses import dataclass

from legis.domain.bill import Provenance
from legis.domain.records.any_record import AnyRecord
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import RecordObserved, WindowRef


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One reading. `window` is None where another item of the batch is counted for it, as for votings in a bill."""

    source: Source
    record: AnyRecord
    read_seq: int
    provenance: Provenance
    part: ReadingPart
    window: WindowRef | None
    event: RecordObserved | None = None
    payload: bytes = b""
    trace_id: str | None = None

    @classmethod
    def of(cls, event: RecordObserved, payload: bytes, trace_id: str | None) -> "RecordItem":
        """The item of an event of the stream."""
        part, window = event.part, event.window
        return cls(event.source, event.record, event.read_seq, event.provenance, part, window, event, payload, trace_id)
