"""How a listed process stands to what is stored of it."""

from dataclasses import dataclass
from datetime import timedelta

from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import ReadContext

from ingest_senado.readings import Listed, stamp, stamp_of

CLOCK_ERROR = timedelta(days=1)
"""A stored stamp further ahead than this is upstream's mistake, and must not hold back what comes after it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a row stands to what is stored."""

    moved: bool
    wants_detail: bool


def standing(row: Listed, context: ReadContext) -> Standing:
    now = stamp(row.provenance.fetched_at + CLOCK_ERROR)
    row_stamp = stamp(row.bill.upstream_updated_at)
    listed_mark, detail_mark = (context.seen(row.id, part) for part in (ReadingPart.LIST, ReadingPart.DETAIL))
    stored = max((s for s in map(stamp_of, (listed_mark, detail_mark)) if s < now), default="")
    if row.bill.upstream_updated_at is not None and row_stamp < stored:
        return Standing(moved=False, wants_detail=detail_mark is None)  # from a replica that lags behind
    moved = listed_mark != row.mark
    if detail_mark is None:
        return Standing(moved, wants_detail=True)
    behind = moved if row.bill.upstream_updated_at is None else stamp_of(detail_mark) < row_stamp
    return Standing(moved, wants_detail=behind)
