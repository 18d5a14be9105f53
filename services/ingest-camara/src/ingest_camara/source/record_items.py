"""Makes the readings of votings and events, from answers and from rows of yearly files."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from legis.domain.bill import Provenance
from legis.domain.records.any_record import AnyRecord
from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import ReadContext, RecordReading
from legis.telemetry import traces

from ingest_camara.client.list_pages import Listed
from ingest_camara.client.yearly_files import YearFile
from ingest_camara.normalizer.votes.record_claims import PARSER_VERSION, claims_mark
from ingest_camara.wire.wire_model import WireModel

M = TypeVar("M", bound=WireModel)


def reject_misfits(listed: Listed[M], make: Callable[[M], AnyRecord]) -> None:
    """Rejects each row of a list of which `make` makes no record, or one without a fingerprint, which has a text that
    cannot be stored. Such a row costs only itself, not its list.
    """
    for key, row in list(listed.rows.items()):
        try:
            claims_mark(make(row))
        except Exception as error:  # whatever the code fails on
            listed.reject(key, error)


def reading(
    record: AnyRecord,
    url: str,
    fetched_at: datetime,
    digest: str,
    part: ReadingPart,
    seq: int,
    marks: Mapping[ReadingPart, str],
) -> RecordReading:
    """The reading of a record with its provenance; `digest` is the SHA-256 of the payload."""
    provenance = Provenance(url=url, fetched_at=fetched_at, payload_sha256=digest, parser_version=PARSER_VERSION)
    return RecordReading(record, provenance, part, seq, marks, traces.current_traceparent())


def file_reading(record: AnyRecord, file: YearFile, raw: bytes, seq: int, context: ReadContext) -> RecordReading | None:
    """The reading of a row of a file; None where the same is stored. The marks must be prefetched."""
    mark = claims_mark(record)
    if mark == context.seen(record.id, ReadingPart.BULK):
        return None
    digest = hashlib.sha256(raw).hexdigest()
    return reading(record, file.url, file.fetched_at, digest, ReadingPart.BULK, seq, {ReadingPart.BULK: mark})
