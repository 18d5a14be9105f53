"""The walks VOTINGS and VOTINGS_BACKFILL: votings of the last days from the API, of whole years from the files."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import timedelta

from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.events import Walk
from legis.ingest.record_readings import read_each
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, RecordReading, RecordsSeen, Window

from ingest_camara.budget import VOTINGS_DAYS
from ingest_camara.client.records_api import RecordsApi
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.normalizer.vote_events import from_list_row, voting_record_id
from ingest_camara.source.file_years import read_year
from ingest_camara.source.record_items import reject_misfits
from ingest_camara.source.votings.voting_files import PREFIX, VotingFiles
from ingest_camara.source.votings.voting_readings import PATH, VotingReader, known_row
from ingest_camara.source.votings.votings_schedule import days_of, files_of, within_years
from ingest_camara.wire.voting_records import Voting

MOST_DETAILS = 1000
"""Details that a year's window reads for the purpose of bare requests; of those beyond it the purpose is REQUEST."""


class VotingsWalk:
    """Reads votings as records of their own."""

    def __init__(self, api: RecordsApi, files: CamaraFiles, size: int) -> None:
        self._api = api
        self._files = VotingFiles(files)
        self._reader = VotingReader(api)
        self._size = size
        self._aside = SetAside()

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every voting of the window that may be new, and the ids of its lists."""
        if window.walk is Walk.VOTINGS:
            async with aclosing(self._days(window, context)) as items:
                async for item in items:
                    yield item
        for year in files_of(window):
            async with aclosing(self._year(year, context, again=window.walk is Walk.VOTINGS)) as items:
                async for item in items:
                    yield item

    async def read_one(self, record_id: str, context: ReadContext) -> Sequence[Item]:
        """The voting of that id of ours, or its absence."""
        return [await self._reader.read_one(record_id, context)]

    async def _days(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        first, last = days_of(window)
        for begin, end in within_years(first - timedelta(days=VOTINGS_DAYS), last):
            seq = context.next_seq()
            listed = await self._api.votings_between(begin, end)
            reject_misfits(listed, from_list_row)
            for broken in listed.broken:
                yield broken
            ids = [voting_record_id(one) for one in listed.rows]
            await context.prefetch(ids, ReadingPart.LIST)
            changed = {key: row for key, row in listed.rows.items() if not known_row(row, context)}
            async with aclosing(self._listed(changed, context)) as items:
                async for item in items:
                    yield item
            if listed.names_all and listed.fetched_at is not None:
                found = tuple(listed.ids())
                yield RecordsSeen(RecordKind.VOTE_EVENT, PREFIX, begin, end, found, listed.url, listed.fetched_at, seq)

    async def _listed(self, rows: Mapping[str, Voting], context: ReadContext) -> AsyncGenerator[Item, None]:
        async def read(record_id: str) -> RecordReading:
            upstream_id = record_id.removeprefix(PREFIX)
            return await self._reader.read(upstream_id, context, rows.get(upstream_id))

        async with aclosing(self._each(list(rows), read, context)) as items:
            async for item in items:
                yield item

    async def _year(self, year: int, context: ReadContext, *, again: bool) -> AsyncGenerator[Item, None]:
        openings: list[str] = []
        rows = self._files.read(year, context, openings)
        async with aclosing(read_year(rows, self._api, PATH, year, again=again)) as items:
            async for item in items:
                yield item
        if not again:
            async with aclosing(self._purposes(openings[:MOST_DETAILS], context)) as readings:
                async for reading in readings:
                    yield reading

    async def _purposes(self, ids: Sequence[str], context: ReadContext) -> AsyncGenerator[Item, None]:
        """The details of votings whose purpose no file tells, but for those that are stored already."""
        await context.prefetch([voting_record_id(one) for one in ids], ReadingPart.DETAIL)
        unread = [one for one in ids if context.seen(voting_record_id(one), ReadingPart.DETAIL) is None]

        async def read(record_id: str) -> RecordReading:
            return await self._reader.read_purpose(record_id.removeprefix(PREFIX), context)

        async with aclosing(self._each(unread, read, context)) as items:
            async for item in items:
                yield item

    async def _each(
        self, ids: Sequence[str], read: Callable[[str], Awaitable[RecordReading]], context: ReadContext
    ) -> AsyncGenerator[RecordReading | RecordRejected, None]:
        named = [voting_record_id(one) for one in ids]
        found = read_each(named, read, context, self._aside, size=self._size, address=self._address)
        async with aclosing(found) as readings:
            async for _, reading in readings:
                if reading is not None:
                    yield reading

    def _address(self, record_id: str) -> str:
        return self._api.address(PATH, record_id.removeprefix(PREFIX))
