"""Reads votings as records of their own: the plenary's by days, their orientations, and those of committees."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import date, timedelta

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.records.record import RecordKind
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, UpstreamRequestRefused
from legis.ingest.record_readings import read_items
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, RecordsSeen, Window
from legis.telemetry.logs import get_logger

from ingest_senado.client import record_api as services
from ingest_senado.client.answers import Page, day_of
from ingest_senado.client.api import SenadoApi
from ingest_senado.client.record_api import RecordApi
from ingest_senado.normalizer import vote_events
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.source.day_ranges import months_of
from ingest_senado.source.organization_walk import OrganizationWalk
from ingest_senado.source.record_items import changed_rows
from ingest_senado.source.record_windows import VOTING_DAYS
from ingest_senado.wire.vote_event_records import CommitteeVotingRow, OrientationRow
from ingest_senado.wire.voting_records import PlenaryVoting

log = get_logger(__name__)

Job = Callable[[], Awaitable[list[Item]]]


class VotingsWalk:
    """The walks VOTINGS and VOTINGS_BACKFILL."""

    def __init__(
        self,
        senado: SenadoApi,
        api: RecordApi,
        organizations: OrganizationWalk,
        aside: SetAside,
        size: int,
        clock: Clock,
    ) -> None:
        self._senado = senado
        self._api = api
        self._organizations = organizations
        self._aside = aside
        self._size = size
        self._clock = clock

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The votings of the last days and of tomorrow, or of the window's year."""
        today = local_day(self._clock())
        tomorrow = today + timedelta(days=1)  # near midnight the chamber's clock may be a day ahead of ours
        if "year" not in window.detail:
            first = today - timedelta(days=VOTING_DAYS)
            return self._between(first, tomorrow, context, committees="committees" in window.detail)
        year = int(window.detail["year"])
        return self._between(date(year, 1, 1), min(date(year, 12, 31), tomorrow), context, committees=True)

    async def _between(
        self, first: date, last: date, context: ReadContext, *, committees: bool
    ) -> AsyncGenerator[Item, None]:
        seq = context.next_seq()
        page = _each_once(await self._senado.votings_between(first, last, PlenaryVoting))
        rows = changed_rows(page, ReadingPart.LIST, vote_events.from_voting, context, seq)
        async with aclosing(rows) as items:
            async for item in items:
                yield item
        if not page.rejected:  # a row that does not fit has no id here, and must not pass for missing
            ids = tuple(f"{vote_events.VOTE}{row.codigoSessaoVotacao}" for row in page.values)
            yield RecordsSeen(RecordKind.VOTE_EVENT, vote_events.VOTE, first, last, ids, page.url, page.fetched_at, seq)
        jobs = dict(self._orientation_jobs(page, first, last, context))
        if committees:
            jobs |= dict(await self._committee_jobs(first, last, context))
        async with aclosing(self._done(jobs, context)) as items:
            async for item in items:
                yield item

    async def _done(self, jobs: dict[str, Job], context: ReadContext) -> AsyncGenerator[Item, None]:
        """What the jobs give. One that fails in three windows is set aside, and the walk goes on."""

        async def read(name: str) -> list[Item]:
            try:
                return await jobs[name]()
            except (RecordGone, UpstreamRequestRefused) as error:
                log.info("no votings of these days", service=name, error=str(error)[:200])
                return []

        found = read_items(
            list(jobs),
            read,
            context,
            self._aside,
            size=self._size,
            address=lambda _: self._api.address(services.BODIES),
        )
        async with aclosing(found) as items:
            async for item in items:
                yield item

    def _orientation_jobs(
        self, page: Page[PlenaryVoting], first: date, last: date, context: ReadContext
    ) -> Iterator[tuple[str, Job]]:
        votings = {seq: row for row in page.values if (seq := vote_events.sequence_of(row)) is not None}
        held = {day_of(row.dataSessao, first) for row in votings.values()}
        for begin, end in months_of(first, last):
            if any(begin <= day <= end for day in held):
                yield f"orientations {begin}", _orientations(self._api, begin, end, votings, context)

    async def _committee_jobs(self, first: date, last: date, context: ReadContext) -> Iterator[tuple[str, Job]]:
        acronyms = sorted({row.Sigla for row in await self._organizations.committees() if row.Sigla})
        return (
            (f"committee votings {acronym} {first}", _committee_votings(self._api, acronym, first, last, context))
            for acronym in acronyms
        )


def _orientations(
    api: RecordApi, first: date, last: date, votings: dict[int, PlenaryVoting], context: ReadContext
) -> Job:
    """Reads the orientations of some days; those of votings that `/votacao` does not have are left out."""

    async def read() -> list[Item]:
        seq = context.next_seq()
        page = await api.rows(OrientationRow, services.ORIENTATIONS, first=f"{first:%Y%m%d}", last=f"{last:%Y%m%d}")
        rows = changed_rows(page, ReadingPart.ORIENTATIONS, normalise, context, seq)
        return [item async for item in rows]

    def normalise(row: OrientationRow, sighting: Sighting) -> VoteEventRecord | None:
        voting = votings.get(row.sequencialVotacao)
        return vote_events.from_orientations(row, voting, sighting) if voting and _same_day(row, voting) else None

    return read


def _committee_votings(api: RecordApi, acronym: str, first: date, last: date, context: ReadContext) -> Job:
    """Reads the votings of one committee."""

    async def read() -> list[Item]:
        seq = context.next_seq()
        days: dict[str, str | int] = {"dataInicio": f"{first:%Y%m%d}", "dataFim": f"{last:%Y%m%d}"}
        page = await api.rows(CommitteeVotingRow, services.COMMITTEE_VOTINGS, days, acronym=acronym)
        rows = changed_rows(page, ReadingPart.LIST, vote_events.from_committee_voting, context, seq)
        return [item async for item in rows]

    return read


def _same_day(row: OrientationRow, voting: PlenaryVoting) -> bool:
    """Whether both are of one day or of neighbours: a session may end after midnight."""
    day = day_of(voting.dataSessao, date.min)
    return abs((day_of(row.dataInicioVotacao, day) - day).days) <= 1


def _each_once(page: Page[PlenaryVoting]) -> Page[PlenaryVoting]:
    """The page with every voting once; upstream sometimes repeats a row."""
    rows = {one.value.codigoSessaoVotacao: one for one in page.rows}
    return Page(page.url, page.fetched_at, page.server_date, tuple(rows.values()), page.rejected)
