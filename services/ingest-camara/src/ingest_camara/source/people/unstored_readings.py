"""Makes readings of records, without those that are stored as they were read."""

from collections.abc import Callable, Mapping

from legis.domain.bill import Provenance
from legis.domain.records.any_record import AnyRecord
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.ingest.source import ReadContext, RecordReading
from legis.telemetry import traces

from ingest_camara.client.answers import raw_of, rejected
from ingest_camara.client.people_api import Origin
from ingest_camara.normalizer.people.register_claims import PARSER_VERSION, record_mark


def make_reading(
    record: AnyRecord, origin: Origin, part: ReadingPart, seq: int, marks: Mapping[ReadingPart, str]
) -> RecordReading:
    """The reading of a record with its provenance and the marks to store with it."""
    provenance = Provenance(
        url=origin.url, fetched_at=origin.fetched_at, payload_sha256=origin.sha256, parser_version=PARSER_VERSION
    )
    return RecordReading(record, provenance, part, seq, marks, traces.current_traceparent())


def changed(
    record: AnyRecord, origin: Origin, part: ReadingPart, seq: int, context: ReadContext
) -> RecordReading | None:
    """The reading with its mark; None where the same is stored. The marks of the part must be loaded."""
    mark = record_mark(record)
    return None if context.seen(record.id, part) == mark else make_reading(record, origin, part, seq, {part: mark})


def row_reading(
    make: Callable[[], AnyRecord],
    our_id: str,
    origin: Origin,
    part: ReadingPart,
    seq: int,
    context: ReadContext,
    *,
    marked: bool = True,
) -> RecordReading | RecordRejected | None:
    """The reading of a row of a list, as `changed` gives it; with `marked` false always and without a mark.

    A row of which `make` makes no record, or one that cannot be stored, costs only itself, not its list. Its cells are
    not kept, since any may be a CPF.
    """
    try:
        record = make()
        if marked:
            return changed(record, origin, part, seq, context)
        record_mark(record)
        return make_reading(record, origin, part, seq, {})
    except Exception as error:  # whatever the code fails on
        return rejected(error, raw_of({"row": our_id}), our_id, origin.url)
