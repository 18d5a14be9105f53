"""Reads lists row by row: finds new rows, and rows whose stored detail is out of date."""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass
from itertools import islice

from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.ingest.source import Item, ReadContext, YearSeen
from legis.telemetry import traces

from ingest_senado.client.answers import Page
from ingest_senado.source.listing import Listed, listed
from ingest_senado.source.row_comparison import compare
from ingest_senado.wire.bill_records import ListRow

PREFETCH = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list with the read sequence taken before its request, and the trace of its reading."""

    page: Page[ListRow]
    seq: int
    traceparent: str | None


async def read_sheet(asked: Awaitable[Page[ListRow]], context: ReadContext) -> Sheet:
    """The list that `asked`, a request not yet awaited, returns."""
    seq = context.next_seq()
    with traces.tracer("ingest_senado").start_as_current_span("read list"):
        return Sheet(await asked, seq, traces.current_traceparent())


async def changed_rows(
    sheets: Sequence[Sheet],
    context: ReadContext,
    wanting: list[Listed],
    *,
    lists_too: bool,
) -> AsyncGenerator[Item, None]:
    """Rows that do not fit and, where `lists_too`, changed rows. Adds to `wanting` rows whose detail is out of date.

    Without `lists_too` a changed row is given only where its detail is not out of date.
    """
    known: set[str] = set()
    for sheet in sheets:
        for misfit in sheet.page.rejected:
            yield misfit
        rows = iter(sheet.page.rows)
        while chunk := list(islice(rows, PREFETCH)):
            found = [listed(sheet.page, item, sheet.seq) for item in chunk]
            fresh = [row for row in found if isinstance(row, Listed) and row.id not in known]
            for misfit in (row for row in found if isinstance(row, RecordRejected)):
                yield misfit
            known.update(row.id for row in fresh)
            for part in (ReadingPart.LIST, ReadingPart.DETAIL, ReadingPart.VOTES):
                await context.prefetch([row.id for row in fresh], part)
            for row in fresh:
                how = compare(row, context)
                if how.wants_detail:
                    wanting.append(row)
                if how.moved and (lists_too or not how.wants_detail):
                    yield row.reading(sheet.traceparent)
            context.progress(len(known), None)


def year_seen(year: int, sheet: Sheet) -> list[YearSeen]:
    """The ids of the processes in a year's list; nothing where a row's id cannot be read, for it might be any."""
    page = sheet.page
    if any(misfit.upstream_id is None for misfit in page.rejected):
        return []
    ids = {str(row.id) for row in page.values} | {misfit.upstream_id or "" for misfit in page.rejected}
    return [YearSeen(year, tuple(sorted(ids)), page.url, page.fetched_at, sheet.seq)] if ids else []
