"""Reads agendas: sessions of the plenaries with their results, and meetings of committees."""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Answered(Generic[W]):
    """The answer about some days, with the read sequence taken before its request. `page` is None for a 404, which
    claims nothing.
    """

    first: date
    last: date
    seq: int
    page: Page[W] | None

    @property
    def values(self) -> Sequence[W]:
        return self.page.values if self.page else ()

    @property
    def is_whole(self) -> bool:
        """Whether there is an answer in which every row fits: a row that does not fit may be any."""
        return self.page is not None and not self.page.rejected

    def seen(self, prefix: str, ids: Iterable[str]) -> list[RecordsSeen]:
        """The ids of the list, if it is whole. An answer speaks for its own days: an empty one proves nothing."""
        page = self.page
        if page is None or not self.is_whole:
            return []
        found = tuple(sorted(set(ids)))
        days = (self.first, self.last)
        return [RecordsSeen(RecordKind.EVENT, prefix, *days, found, page.url, page.fetched_at, self.seq)]


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
        found: list[_Answered[MeetingRow]] = []
        for begin, end in stretches(first, last, MOST_DAYS):
            days = {"first": f"{begin:%Y%m%d}", "last": f"{end:%Y%m%d}"}
            found.append(await self._ask(MeetingRow, services.MEETINGS, (begin, end), context, **days))
        rows = [row for one in found for row in one.values]
        moved = events.moved_pairs(rows, Sighting(self._clock()))
        origins = {new: old for old, new in moved.items()}

        def normalise(row: MeetingRow, sighting: Sighting) -> EventRecord:
            return events.linked(events.from_meeting(row, sighting), moved, origins)

        async with aclosing(_changed(found, normalise, context)) as items:
            async for item in items:
                yield item
        for one in found:  # after all readings: a meeting may have moved from the days of one list to those of another
            for seen in one.seen(events.MEETING, (f"{events.MEETING}{row.codigo}" for row in one.values)):
                yield seen

    async def _sessions(self, first: date, last: date, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Sessions with results. Past ones are not read where their result is not answered or does not fit: their
        agendas would lose the outcomes.
        """
        today = local_day(self._clock())
        found: list[_Answered[SessionRow]] = []
        results: list[_Answered[SessionResult]] = []
        for days in months_of(first, last):
            day = f"{days[0]:%Y%m%d}"
            found.append(await self._ask(SessionRow, services.SESSIONS, days, context, day=day))
            if days[0] <= today:
                results.append(await self._ask(SessionResult, services.RESULTS, days, context, day=day))
        for misfit in (misfit for one in results if one.page for misfit in one.page.rejected):
            yield misfit
        of_session = {row.codigoSessao: row for one in results for row in one.values}
        rows = [item for one in found for row in one.values for item in row.Materias]
        rows += [item for row in of_session.values() for item in row.Itens]
        known = await self._process_ids.of(item.codigoMateria for item in rows)

        def normalise(row: SessionRow, sighting: Sighting) -> EventRecord | None:
            day, result = day_of(row.Data, first), of_session.get(row.CodigoSessao)
            if not first <= day <= last or (result is None and _may_lack_result(row, day, results, today)):
                return None
            return events.from_session(row, result, known.ids, sighting, known.unanswered)

        async with aclosing(_changed(found, normalise, context)) as items:
            async for item in items:
                yield item
        for one in found:
            shown = (row.CodigoSessao for row in one.values if first <= day_of(row.Data, first) <= last)
            for seen in one.seen(events.SESSION, (f"{events.SESSION}{code}" for code in shown)):
                yield seen

    async def _ask(
        self, model: type[W], service: Service, days: tuple[date, date], context: ReadContext, **path: str
    ) -> _Answered[W]:
        seq = context.next_seq()
        try:
            return _Answered(*days, seq, await self._api.rows(model, service, None, **path))
        except RecordGone:
            return _Answered(*days, seq, None)

    async def read_meeting(self, meeting_id: str, context: ReadContext) -> list[Item]:
        """One meeting, whatever is stored of it. Raises RecordGone where upstream has no such meeting."""
        seq, code = context.next_seq(), meeting_id.removeprefix(events.MEETING)
        answer = await self._api.one(MeetingRow, services.MEETING, meeting_id, code=code)
        record = events.from_meeting(answer.received.value, Sighting(answer.fetched_at))
        return [reading(record, ReadingPart.DETAIL, answer, answer.received.record, seq)]

    def address(self, meeting_id: str) -> str:
        """The URL of one meeting."""
        return self._api.address(services.MEETING, code=meeting_id.removeprefix(events.MEETING))


async def _changed(
    found: Iterable[_Answered[W]], normalise: Callable[[W, Sighting], EventRecord | None], context: ReadContext
) -> AsyncGenerator[Item, None]:
    """The rows of all answers that are not stored as they are, and the rows that do not fit."""
    for one in found:
        if one.page is not None:
            async with aclosing(changed_rows(one.page, ReadingPart.LIST, normalise, context, one.seq)) as items:
                async for item in items:
                    yield item


def _may_lack_result(row: SessionRow, day: date, results: Iterable[_Answered[SessionResult]], today: date) -> bool:
    """Whether a session without a result may have one: its month's results are not answered, or one does not fit."""
    for one in results:
        if one.first <= day <= one.last:
            if one.page is None:
                return day < today
            return any(
                letter.upstream_id in (None, f"{events.SESSION}{row.CodigoSessao}") for letter in one.page.rejected
            )
    return False
