"""Reads the votings of bills of the Senado by day, for all processes at once."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import date

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart
from legis.errors import LegisError
from legis.ingest.record_readings import read_items
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext
from legis.ingest.years.years_left import YearsLeft

from ingest_senado.client.api import SenadoApi
from ingest_senado.source.bills import BillReader
from ingest_senado.wire.voting_records import VotingRow

_PARTS = (ReadingPart.DETAIL, ReadingPart.VOTES)


class BillVotings:
    """Lists votings and reads them, at most `batch` processes at a time.

    `keep_off` waits while no details may be requested.
    """

    def __init__(
        self,
        client: SenadoApi,
        reader: BillReader,
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
        """The year's votings; where their list is not available, that the year is not read."""
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
        """The votings of these days, by process, where the stored ones are not those of the list."""
        page = await self._client.votings_between(first, last, VotingRow)
        of_process = _by_process(page.values)

        async def read(process_id: str) -> list[Item]:
            if context.seen(process_id, ReadingPart.DETAIL):
                return await self._reader.read_votings(process_id, of_process[process_id], context)
            # A process that was not read whole is read whole now. Votings alone would make a bill without a name
            # where it is new, and where it is listed they would be a separate reading, with details to follow.
            await self._keep_off()
            return await self._reader.read(process_id, context)

        for misfit in page.rejected:
            yield misfit
        found = read_items(
            sorted(of_process), read, context, self._aside, size=self._batch, address=self._client.address, parts=_PARTS
        )
        async with aclosing(found) as items:
            async for item in items:
                yield item


def _by_process(rows: Sequence[VotingRow]) -> dict[str, frozenset[int]]:
    """The ids of the votings, by the process on which senators voted."""
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.idProcesso is not None:
            found.setdefault(str(row.idProcesso), set()).add(row.codigoSessaoVotacao)
    return {process_id: frozenset(votings) for process_id, votings in found.items()}
