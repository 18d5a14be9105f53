"""Compares a listed row with the stored marks of its process."""

from dataclasses import dataclass
from datetime import timedelta

from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import ReadContext

from ingest_senado.normalizer.marks import stamp, stamp_of
from ingest_senado.source.listing import Listed

CLOCK_ERROR = timedelta(days=1)
"""A stored stamp further in the future than this is upstream's mistake, and must not hide later updates."""


@dataclass(frozen=True, slots=True)
class RowComparison:
    """The result: the row differs from the stored one (`moved`); its detail must be read (`wants_detail`)."""

    moved: bool
    wants_detail: bool


def compare(row: Listed, context: ReadContext) -> RowComparison:
    """Whether the row has news, and whether the stored detail is older than it."""
    now = stamp(row.provenance.fetched_at + CLOCK_ERROR)
    row_stamp = stamp(row.bill.upstream_updated_at)
    listed_mark, detail_mark = (context.seen(row.id, part) for part in (ReadingPart.LIST, ReadingPart.DETAIL))
    stored = max((s for s in map(stamp_of, (listed_mark, detail_mark)) if s < now), default="")
    if row.bill.upstream_updated_at is not None and row_stamp < stored:
        return RowComparison(moved=False, wants_detail=detail_mark is None)  # from a replica that is behind
    moved = listed_mark != row.mark
    if detail_mark is None:
        return RowComparison(moved, wants_detail=True)
    behind = moved if row.bill.upstream_updated_at is None else stamp_of(detail_mark) < row_stamp
    return RowComparison(moved, wants_detail=behind)
