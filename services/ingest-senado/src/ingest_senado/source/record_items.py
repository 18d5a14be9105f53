"""Makes the items of records from answers, and leaves out readings that are stored already."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import TypeVar

from legis.domain.records.any_record import AnyRecord
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.ingest.source import Item, ReadContext, RecordReading
from legis.telemetry import traces

from ingest_senado.client.answers import One, Page, Received, id_of
from ingest_senado.normalizer.marks import record_mark
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.source.listing import provenance_of, rejected
from ingest_senado.wire.json_records import Record
from ingest_senado.wire.wire_model import WireModel

W = TypeVar("W", bound=WireModel)

PREFETCH = 500


def reading(
    record: AnyRecord,
    part: ReadingPart,
    answer: Page[W] | One[W],
    raw: Record,
    seq: int,
    marks: Mapping[ReadingPart, str] | None = None,
) -> RecordReading:
    """The reading of a record from an answer. `marks` are stored beside the mark of the part itself."""
    provenance = provenance_of(answer.url, answer.fetched_at, raw)
    found = {**(marks or {}), part: record_mark(record)}
    return RecordReading(record, provenance, part, seq, found, traces.current_traceparent())


def is_news(item: RecordReading, context: ReadContext) -> bool:
    """Whether any mark of the reading is not that of the stored one. The marks must be prefetched."""
    return any(context.seen(item.record.id, part) != mark for part, mark in item.marks.items())


async def changed_rows(
    page: Page[W],
    part: ReadingPart,
    normalise: Callable[[W, Sighting], AnyRecord | None],
    context: ReadContext,
    seq: int,
) -> AsyncGenerator[Item, None]:
    """The rows of a list that are not stored as they are, and the rows that do not fit."""
    for misfit in page.rejected:
        yield misfit
    for start in range(0, len(page.rows), PREFETCH):
        found = [_normalised(page, one, part, normalise, seq) for one in page.rows[start : start + PREFETCH]]
        ids = [one.record.id for one in found if isinstance(one, RecordReading)]
        await context.prefetch(ids, part)
        for item in found:
            if isinstance(item, RecordRejected) or (item is not None and is_news(item, context)):
                yield item


def _normalised(
    page: Page[W], one: Received[W], part: ReadingPart, normalise: Callable[[W, Sighting], AnyRecord | None], seq: int
) -> RecordReading | RecordRejected | None:
    try:
        record = normalise(one.value, Sighting(page.fetched_at, one.record.removed))
    except Exception as error:  # a row on which this code fails costs only itself, not its list
        return rejected(error, one.record, id_of(type(one.value), one.record), page.url)
    return None if record is None else reading(record, part, page, one.record, seq)


def joined(page: Page[W]) -> Record:
    """The bytes of all rows of a list, as the payload of a reading that is made of the whole list."""
    return Record(b",".join(item.record.raw for item in page.rows), None)


def whole_rows(page: Page[W] | None) -> Sequence[W] | None:
    """The rows of a list; None where it was not answered, or where a row does not fit: the row would be lost."""
    return None if page is None or page.rejected else page.values
