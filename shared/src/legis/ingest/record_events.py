"""Makes the events of records that are not bills, from the items that a source yields."""

from collections.abc import Iterator
from datetime import datetime

from legis.domain.personal_data import without_personal_data
from legis.domain.records.any_record import AnyRecord
from legis.domain.vocabulary import Source
from legis.events import MOST_IDS, RecordGone, RecordObserved, RecordsSighted, WindowRef
from legis.ingest.source import RecordAbsence, RecordReading, RecordsSeen
from legis.telemetry.metrics import PERSONAL_DATA


def observed_event(reading: RecordReading, source: Source, published_at: datetime, window: WindowRef) -> RecordObserved:
    """The event of a reading, without personal data in the record's extras."""
    return RecordObserved(
        source=source,
        published_at=published_at,
        window=window,
        read_seq=reading.read_seq,
        record=_impersonal(reading.record),
        provenance=reading.provenance,
        part=reading.part,
        marks=dict(reading.marks),
    )


def gone_event(absence: RecordAbsence, source: Source, published_at: datetime, window: WindowRef) -> RecordGone:
    """The event of a record for which the source answered 404."""
    return RecordGone(
        source=source,
        published_at=published_at,
        window=window,
        read_seq=absence.read_seq,
        record_kind=absence.kind,
        record_id=absence.record_id,
        url=absence.url,
        fetched_at=absence.fetched_at,
    )


def sighted_events(
    seen: RecordsSeen, source: Source, published_at: datetime, window: WindowRef
) -> Iterator[RecordsSighted]:
    """The events of a list, at most MOST_IDS ids in each. `window` is the reference of the first; the next ones have
    the indices that follow.
    """
    chunks = [seen.ids[start : start + MOST_IDS] for start in range(0, len(seen.ids), MOST_IDS)] or [()]
    for number, chunk in enumerate(chunks):
        yield RecordsSighted(
            source=source,
            published_at=published_at,
            window=window.model_copy(update={"index": window.index + number}),
            read_seq=seen.read_seq,
            record_kind=seen.kind,
            prefix=seen.prefix,
            first=seen.first,
            last=seen.last,
            part=number,
            parts=len(chunks),
            ids=chunk,
            url=seen.url,
            fetched_at=seen.fetched_at,
        )


def _impersonal(record: AnyRecord) -> AnyRecord:
    extras, removed = without_personal_data(record.extras)
    if not removed:
        return record
    if record.source is not None:
        PERSONAL_DATA.labels(record.source).inc(removed)
    return record.model_copy(update={"extras": extras})
