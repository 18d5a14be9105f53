"""Reads the Senado's votings by day, for all processes at once."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import date

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart
from legis.errors import LegisError
from legis.ingest.concurrent_map import concurrent_map
from legis.ingest.set_aside import SetAside, WindowFailures
from legis.ingest.source import Item, ReadContext
from legis.ingest.years_left import YearsLeft

from ingest_senado.client import SenadoClient
from ingest_senado.readings import ProcessReader
from ingest_senado.voted import by_process, voting_items


class VotingWalk:
    """Lists votings and reads them, at most `batch` processes side by side. `keep_off` waits while no details should be
    asked for.
    """

    def __init__(
        self,
        client: SenadoClient,
        reader: ProcessReader,
        aside: SetAside,
        batch: int,
        clock: Clock,
        keep_off: Callable[[], Awaitable[None]],
    ) -> None:
        self._client = client
        self._reader = reader
        self._aside = aside
        self._batch = batch
        self._clock = clock
        self._keep_off = keep_off
        self._left = YearsLeft()

    async def of_year(self, year: int, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The year's votings; that the year is not read whole, where their list cannot be had."""
        last = min(date(year, 12, 31), local_day(self._clock()))
        try:
            async with aclosing(self.between(date(year, 1, 1), last, context)) as votings:
                async for item in votings:
                    yield item
        except LegisError as error:
            yield self._left.given_up(year, error, context.next_seq())
        else:
            self._left.read(year)

    async def between(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every voting of these days that is not stored as it is listed, by process."""
        page = await self._client.votings_between(first, last)
        of_process = by_process(page.values)
        ids = sorted(of_process)
        for part in (ReadingPart.DETAIL, ReadingPart.VOTES):
            await context.prefetch(ids, part)

        async def read(process_id: str) -> list[Item]:
            if context.seen(process_id, ReadingPart.DETAIL):
                return await self._reader.read_votings(process_id, of_process[process_id], context)
            # A process that was not read whole is now: votings alone would make a bill without a name of one that is
            # new, and of one that is listed they would be a reading by themselves, with details to follow.
            await self._keep_off()
            return await self._reader.read(process_id, context)

        for misfit in page.rejected:
            yield misfit
        troubles = WindowFailures(self._aside)
        async with aclosing(concurrent_map(ids, read, self._batch)) as results:
            async for found in results:
                for item in voting_items(*found, troubles):
                    yield item
        for letter in troubles.ended():
            yield letter
