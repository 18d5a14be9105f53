"""Reads agendas: sessions of the plenaries with their results, and meetings of committees."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.records.event_record import EventRecord
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone
from legis.ingest.record_readings import read_items
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, RecordsSeen, Window

from ingest_senado.client import record_api as services
from ingest_senado.client.answers import Page, day_of
from ingest_senado.client.record_api import RecordApi, Service
from ingest_senado.normalizer import events
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.source.day_ranges import months_of, stretches
from ingest_senado.source.process_ids import ProcessIds
from ingest_senado.source.record_items import changed_rows, reading
from ingest_senado.wire.event_records import MeetingRow, SessionResult, SessionRow
from ingest_senado.wire.wire_model import WireModel

W = TypeVar("W", bound=WireModel)

DAYS_BACK = 7
DAYS_AHEAD = 30
MOST_DAYS = 30
"""Largest stretch that `/comissao/agenda` accepts."""


@dataclass(slots=True)
class _Pages(Generic[W]):
    """The pages of one list over several requests. `whole` is false where a page was not answered."""

    pages: list[Page[W]] = field(default_factory=list)
    whole: bool = True

    @property
    def values(self) -> list[W]:
        return [row for page in self.pages for row in page.values]

    def seen(self, prefix: str, days: tuple[date, date], ids: set[str], seq: int) -> RecordsSeen | None:
        """The ids of a whole list; None where it is not whole, or a row has no id because it does not fit."""
        if not self.whole or not self.pages or any(page.rejected for page in self.pages):
            return None
        page = self.pages[0]
        return RecordsSeen(RecordKind.EVENT, prefix, *days, tuple(sorted(ids)), page.url, page.fetched_at, seq)


class AgendaWalk:
    """The walks AGENDA and AGENDA_BACKFILL."""

    def __init__(self, api: RecordApi, process_ids: ProcessIds, aside: SetAside, clock: Clock) -> None:
        self._api = api
        self._process_ids = process_ids
        self._aside = aside
        self._clock = clock

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The agendas of the days around today, or of the window's year month by month."""
        today = local_day(self._clock())
        last = today + timedelta(days=DAYS_AHEAD)
        if "year" not in window.detail:
            return self._between(today - timedelta(days=DAYS_BACK), last, context)
        year = int(window.detail["year"])
        return self._year(date(year, 1, 1), min(date(year, 12, 31), last), context)

    async def _year(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The months of a year. One that fails in three windows is set aside, and the walk goes on."""
        months = {f"agenda {begin:%Y-%m}": (begin, end) for begin, end in months_of(first, last)}

        async def read(name: str) -> list[Item]:
            return [item async for item in self._between(*months[name], context)]

        def address(name: str) -> str:
            return self._api.address(services.SESSIONS, day=f"{months[name][0]:%Y%m%d}")

        async with aclosing(read_items(list(months), read, context, self._aside, size=1, address=address)) as items:
            async for item in items:
                yield item

    async def _between(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        async with aclosing(self._meetings(first, last, context)) as items:
            async for item in items:
                yield item
        async with aclosing(self._sessions(first, last, context)) as items:
            async for item in items:
                yield item

    async def _meetings(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        seq = context.next_seq()
        found: _Pages[MeetingRow] = _Pages()
        for begin, end in stretches(first, last, MOST_DAYS):
            await self._add(found, MeetingRow, services.MEETINGS, first=f"{begin:%Y%m%d}", last=f"{end:%Y%m%d}")
        moved = events.moved_pairs(found.values, Sighting(self._clock()))
        origins = {new: old for old, new in moved.items()}

        def normalise(row: MeetingRow, sighting: Sighting) -> EventRecord:
            return events.linked(events.from_meeting(row, sighting), moved, origins)

        for page in found.pages:
            async with aclosing(changed_rows(page, ReadingPart.LIST, normalise, context, seq)) as items:
                async for item in items:
                    yield item
        ids = {f"{events.MEETING}{row.codigo}" for row in found.values}
        if seen := found.seen(events.MEETING, (first, last), ids, seq):
            yield seen

    async def _sessions(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Sessions with results. Where a month's results are not answered, its past agendas would lose the outcomes:
        then they are not read.
        """
        seq = context.next_seq()
        today = local_day(self._clock())
        found: _Pages[SessionRow] = _Pages()
        results: _Pages[SessionResult] = _Pages()
        for begin, _ in months_of(first, last):
            await self._add(found, SessionRow, services.SESSIONS, day=f"{begin:%Y%m%d}")
            if begin <= today:
                await self._add(results, SessionResult, services.RESULTS, day=f"{begin:%Y%m%d}")
        for misfit in (misfit for page in results.pages for misfit in page.rejected):
            yield misfit
        of_session = {row.codigoSessao: row for row in results.values}
        shown = [row for row in found.values if first <= day_of(row.Data, first) <= last]
        rows = [item for row in shown for item in row.Materias]
        rows += [item for row in results.values for item in row.Itens]
        known = await self._process_ids.of(item.codigoMateria for item in rows)

        def normalise(row: SessionRow, sighting: Sighting) -> EventRecord | None:
            day = day_of(row.Data, first)
            if not first <= day <= last or (day < today and not results.whole):
                return None
            return events.from_session(row, of_session.get(row.CodigoSessao), known, sighting)

        for page in found.pages:
            async with aclosing(changed_rows(page, ReadingPart.LIST, normalise, context, seq)) as items:
                async for item in items:
                    yield item
        ids = {f"{events.SESSION}{row.CodigoSessao}" for row in shown}
        if seen := found.seen(events.SESSION, (first, last), ids, seq):
            yield seen

    async def _add(self, pages: "_Pages[W]", model: type[W], service: Service, **path: str) -> None:
        """Adds a page to the list. A 404 claims nothing: then the list is not whole."""
        try:
            pages.pages.append(await self._api.rows(model, service, None, **path))
        except RecordGone:
            pages.whole = False

    async def read_meeting(self, meeting_id: str, context: ReadContext) -> list[Item]:
        """One meeting, whatever is stored of it. Raises RecordGone where upstream has no such meeting."""
        seq, code = context.next_seq(), meeting_id.removeprefix(events.MEETING)
        answer = await self._api.one(MeetingRow, services.MEETING, meeting_id, code=code)
        record = events.from_meeting(answer.received.value, Sighting(answer.fetched_at))
        return [reading(record, ReadingPart.DETAIL, answer, answer.received.record, seq)]

    def address(self, meeting_id: str) -> str:
        """The URL of one meeting."""
        return self._api.address(services.MEETING, code=meeting_id.removeprefix(events.MEETING))
