"""The walks AGENDA and AGENDA_BACKFILL: events of the next weeks with their agendas, and those of whole years."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import date

from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.events import Walk
from legis.ingest.record_readings import read_items
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, RecordsSeen, Window

from ingest_camara.client.list_pages import Listed
from ingest_camara.client.records_api import RecordsApi
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.normalizer.events import event_record_id, from_item
from ingest_camara.source.agenda.agenda_schedule import days_around, month_of
from ingest_camara.source.agenda.event_files import PREFIX, EventFiles
from ingest_camara.source.agenda.meeting_agendas import PATH, AgendaReader, wants_agenda
from ingest_camara.source.file_years import read_year
from ingest_camara.source.record_items import reject_misfits
from ingest_camara.source.votings.votings_schedule import days_of, files_of
from ingest_camara.wire.event_records import EventItem


class AgendaWalk:
    """Reads sessions and meetings with their agendas."""

    def __init__(self, api: RecordsApi, files: CamaraFiles, size: int) -> None:
        self._api = api
        self._files = EventFiles(files)
        self._reader = AgendaReader(api)
        self._size = size
        self._aside = SetAside()

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every event of the window that may be new, and the ids of its lists."""
        days = days_around(*days_of(window)) if window.walk is Walk.AGENDA else month_of(window)
        if days is not None:
            async with aclosing(self._days(*days, context)) as items:
                async for item in items:
                    yield item
        for year in files_of(window):
            again = window.walk is Walk.AGENDA
            rows = self._files.read(year, context, days if again else None)
            async with aclosing(read_year(rows, self._api, PATH, year, again=again)) as items:
                async for item in items:
                    yield item

    async def read_one(self, record_id: str, context: ReadContext) -> Sequence[Item]:
        """The event of that id of ours, or its absence."""
        return [await self._reader.read_one(record_id, context)]

    async def _days(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        seq = context.next_seq()
        listed = await self._api.events_between(first, last)
        reject_misfits(listed, from_item)
        for broken in listed.broken:
            yield broken
        async with aclosing(self._listed(listed, context)) as items:
            async for item in items:
                yield item
        if listed.names_all and listed.fetched_at is not None:
            ids = tuple(listed.ids())
            yield RecordsSeen(RecordKind.EVENT, PREFIX, first, last, ids, listed.url, listed.fetched_at, seq)

    async def _listed(self, listed: Listed[EventItem], context: ReadContext) -> AsyncGenerator[Item, None]:
        rows = {event_record_id(key): row for key, row in listed.rows.items()}
        for part in (ReadingPart.LIST, ReadingPart.AGENDA):
            await context.prefetch(list(rows), part)
        now = self._api.now()
        asked = [key for key, row in rows.items() if wants_agenda(row, context, now)]
        for key in rows.keys() - set(asked):
            if (reading := self._reader.row_reading(rows[key], context)) is not None:
                yield reading

        async def read(record_id: str) -> Sequence[Item]:
            reading = await self._reader.read(rows[record_id], context)
            return () if reading is None else (reading,)

        found = read_items(asked, read, context, self._aside, size=self._size, address=self._address)
        async with aclosing(found) as items:
            async for item in items:
                yield item

    def _address(self, record_id: str) -> str:
        return self._api.address(PATH, record_id.removeprefix(PREFIX))
