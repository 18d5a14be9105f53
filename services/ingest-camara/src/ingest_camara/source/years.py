"""Reads whole years: their files, and in a comparison the details of bills that differ from the stored ones."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from legis.clock import Clock
from legis.errors import LegisError, RecordGone
from legis.events import Walk
from legis.ingest.source import Item, ReadContext, Window, YearOutcome
from legis.ingest.years.years_left import YearsLeft, read_years_left

from ingest_camara.client.api import CamaraApi
from ingest_camara.source.details import Details
from ingest_camara.source.directory import Directories, Known
from ingest_camara.source.empty_years import proved_empty
from ingest_camara.source.schedule import years_of
from ingest_camara.source.year_rows import Doubt, Found, YearReader


class Years:
    """The walks BACKFILL, YEARS and RECONCILE."""

    def __init__(
        self, api: CamaraApi, rows: YearReader, directories: Directories, details: Details, clock: Clock
    ) -> None:
        self._api = api
        self._rows = rows
        self._directories = directories
        self._details = details
        self._clock = clock
        self._left = YearsLeft()

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every row of the window's years that has news."""
        known = await self._directories.get()

        def read(year: int) -> AsyncGenerator[Item, None]:
            return self._read_year(year, window.walk, context, known)

        if window.walk is Walk.YEARS:
            async with aclosing(read_years_left(context, read)) as items:
                async for item in items:
                    yield item
            return
        for year in years_of(window):
            async with aclosing(read(year)) as items:
                async for item in items:
                    yield item

    async def _read_year(self, year: int, walk: Walk, context: ReadContext, known: Known) -> AsyncGenerator[Item, None]:
        doubts: dict[str, str] = {}
        async with aclosing(self._year(year, walk, context, known)) as rows:
            async for found in rows:
                if not isinstance(found, Doubt):
                    yield found
                elif walk is Walk.RECONCILE:
                    doubts[found.upstream_id] = found.mark
        async for item in self._details.read(list(doubts), walk, context, file_marks=doubts):
            yield item

    async def _year(
        self, year: int, walk: Walk, context: ReadContext, known: Known
    ) -> AsyncGenerator[Found | YearOutcome, None]:
        """The year's file. A missing one gives: year not read, or nothing where the year is proved to be empty."""
        seq = context.next_seq()
        try:
            async with aclosing(self._rows.read(year, context, known)) as rows:
                async for found in rows:
                    yield found
        except LegisError as error:
            if not (isinstance(error, RecordGone) and await proved_empty(self._api, year, self._clock())):
                outcome = self._left.given_up(year, error, seq)
                if walk is not Walk.RECONCILE:  # in a comparison the year was read before, and is only not compared
                    yield outcome
                return
        self._left.read(year)
