"""Reads whole years: their lists, their votings, and the details that a backfill or a comparison requires."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from legis.domain.vocabulary import ReadingPart
from legis.errors import LegisError
from legis.ingest.source import Item, ReadContext, Reading, Window
from legis.ingest.years.years_left import YearsLeft, read_years_left
from legis.telemetry.logs import get_logger

from ingest_senado.client.answers import EmptyAnswer
from ingest_senado.client.checked_lists import CheckedLists
from ingest_senado.settings import SenadoSettings
from ingest_senado.source import backfill_walk
from ingest_senado.source.bill_votings import BillVotings
from ingest_senado.source.bills import BillReader, Wanted
from ingest_senado.source.details import Details
from ingest_senado.source.list_sheets import changed_rows, read_sheet, year_seen
from ingest_senado.source.listing import Listed

log = get_logger(__name__)

VOTINGS_SINCE = 1991
MOST_MISSED = 2000
"""Largest number of missed details that one comparison of years reads.

When the stored marks are lost, all details seem missed; the remaining ones follow in the next week.
"""


class Years:
    """The walks BACKFILL and YEARS, and the second part of RECONCILE. `keep_off` waits until a round hour is over."""

    def __init__(
        self,
        lists: CheckedLists,
        bills: BillReader,
        details: Details,
        votings: BillVotings,
        settings: SenadoSettings,
        keep_off: Callable[[], Awaitable[None]],
    ) -> None:
        self._lists = lists
        self._bills = bills
        self._details = details
        self._votings = votings
        self._settings = settings
        self._keep_off = keep_off
        self._left = YearsLeft()

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The list of the window's year, or the details of the year that the window's step reads."""
        step = backfill_walk.step_of(window)
        return self._year(backfill_walk.year_of(window), context, () if step is None else (step,))

    def read_left(self, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Reads again every year that is noted as not read."""
        steps = backfill_walk.STEPS if self._settings.senado_detail_on_backfill else ()
        return read_years_left(context, lambda year: self._year(year, context, steps))

    async def compare(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The changed rows of the window's years, the ids in those years, and the details that were missed."""
        wanting: list[Listed] = []
        for year in map(int, filter(None, window.detail.get("years", "").split(","))):
            try:
                sheet = await read_sheet(self._lists.year(year), context)
            except LegisError as error:  # proves nothing, and must not prevent the comparison of the other years
                if not isinstance(error, EmptyAnswer):
                    self._left.given_up(year, error, 0)
                log.warning("year not compared", year=year, error=str(error))
                continue
            async with aclosing(changed_rows((sheet,), context, wanting, lists_too=True)) as rows:
                async for item in rows:
                    yield item
            for seen in year_seen(year, sheet):
                yield seen
        if "first" in window.detail and self._settings.backfill:
            return

        async def read(row: Listed) -> list[Item]:
            return await self._bills.read(row.id, context, row=row)

        missed = wanting[:MOST_MISSED]
        async with aclosing(self._details.read(missed, read, context, listed_already=True)) as details:
            async for item in details:
                yield item

    async def _year(
        self, year: int, context: ReadContext, steps: Sequence[backfill_walk.Step]
    ) -> AsyncGenerator[Item, None]:
        """The year's list and the details that these steps of a backfill read.

        Where the list is not available: that the year is not read. The ids in the list are given once: by the reading
        without details, or by that of all details.
        """
        try:
            sheet = await read_sheet(self._lists.year(year), context)
        except EmptyAnswer:  # a single empty year would have been proved empty: the source as a whole is hollow
            raise
        except LegisError as error:
            yield self._left.given_up(year, error, context.next_seq())
            return
        self._left.read(year)
        wanting: list[Listed] = []
        async with aclosing(changed_rows((sheet,), context, wanting, lists_too=True)) as rows:
            async for item in rows:
                yield item
        if len(steps) != 1:
            for seen in year_seen(year, sheet):
                yield seen
        async with aclosing(self._details_of(year, wanting, context, steps)) as items:
            async for item in items:
                yield item

    async def _details_of(
        self, year: int, wanting: list[Listed], context: ReadContext, steps: Sequence[backfill_walk.Step]
    ) -> AsyncGenerator[Item, None]:
        """The details of a year that these steps read.

        Details of bills come with the year's votings, which are read first. A process with a voting is read whole in
        that reading, and is not read a second time.
        """
        whole: set[str] = set()
        if backfill_walk.Step.BILLS in steps and year >= VOTINGS_SINCE:
            async with aclosing(self._votings.of_year(year, context)) as votings:
                async for item in votings:
                    if isinstance(item, Reading) and item.part is ReadingPart.DETAIL:
                        whole.add(item.bill.upstream_id)
                    yield item

        async def read(row: Listed) -> list[Item]:
            await self._keep_off()
            wanted = Wanted(rapporteurs=row.bill.in_progress is not False, votings=False)
            return await self._bills.read(row.id, context, row=row, wanted=wanted)

        chosen = [row for step in steps for row in backfill_walk.of_step(step, wanting) if row.id not in whole]
        async with aclosing(self._details.read(chosen, read, context, listed_already=True)) as details:
            async for item in details:
                yield item
