"""The Câmara dos Deputados as a source of the ingest engine."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime

from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import Source
from legis.events import Walk
from legis.ingest.source import Item, ReadContext, WalkPlan, Window
from legis.upstream import UpstreamClient

from ingest_camara import budget
from ingest_camara.client.api import CamaraApi
from ingest_camara.client.records_api import RecordsApi
from ingest_camara.client.upstream_policy import policy
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.settings import CamaraSettings
from ingest_camara.source import schedule
from ingest_camara.source.agenda.event_files import PREFIX as PREFIX_OF_EVENTS
from ingest_camara.source.agenda_walk import AgendaWalk
from ingest_camara.source.bills import BillReader
from ingest_camara.source.changes import Changes
from ingest_camara.source.details import Details
from ingest_camara.source.directory import Directories
from ingest_camara.source.people_walk import PEOPLE_IDS, PeopleWalk
from ingest_camara.source.votings.voting_files import PREFIX as PREFIX_OF_VOTINGS
from ingest_camara.source.votings_walk import VotingsWalk
from ingest_camara.source.year_rows import YearReader
from ingest_camara.source.years import Years


class CamaraSource:
    """Implements `legis.ingest.source.SourceAdapter`. Made and used in one event loop."""

    name = Source.CAMARA

    def __init__(
        self, settings: CamaraSettings, upstream: UpstreamClient | None = None, clock: Clock = utc_now
    ) -> None:
        self.upstream = upstream or UpstreamClient(policy(settings))
        self._settings = settings
        api = CamaraApi(self.upstream, settings.camara_base_url)
        files = CamaraFiles(self.upstream, settings.camara_files_url)
        self._directories = Directories(api, files, clock)
        self._details = Details(api, BillReader(api, self._directories), settings.camara_max_in_flight, clock)
        self._changes = Changes(api, self._details, settings)
        self._years = Years(api, YearReader(files, settings.types), self._directories, self._details, clock)
        self._people = PeopleWalk(self.upstream, settings, clock)
        records = RecordsApi(self.upstream, settings.camara_base_url, clock)
        self._votings = VotingsWalk(records, files, settings.camara_max_in_flight)
        self._agenda = AgendaWalk(records, files, settings.camara_max_in_flight)
        self._plans = budget.plans(settings, local_day(clock()).year)

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk with its period and its requests per turn, most urgent first."""
        return self._plans

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The window that is due for a walk, or None; `ingest_camara.source.schedule` computes it."""
        return schedule.next_window(self._settings, walk, position, now)

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every record of the window that may be new. Raises the errors that `SourceAdapter.read` allows."""
        async with aclosing(self._reader_of(window.walk).read(window, context)) as items:
            async for item in items:
                yield item

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """The bill, or the record with our id, read whole, as if nothing of it were stored."""
        if upstream_id.startswith(PEOPLE_IDS):
            return await self._people.read_one(upstream_id, context)
        if upstream_id.startswith(PREFIX_OF_VOTINGS):
            return await self._votings.read_one(upstream_id, context)
        if upstream_id.startswith(PREFIX_OF_EVENTS):
            return await self._agenda.read_one(upstream_id, context)
        return await self._details.read_one(upstream_id, context)

    def _reader_of(self, walk: Walk) -> "Changes | Years | PeopleWalk | VotingsWalk | AgendaWalk":
        match walk:
            case Walk.INCREMENTAL | Walk.OVERLAP:
                return self._changes
            case Walk.PEOPLE | Walk.PEOPLE_BACKFILL:
                return self._people
            case Walk.VOTINGS | Walk.VOTINGS_BACKFILL:
                return self._votings
            case Walk.AGENDA | Walk.AGENDA_BACKFILL:
                return self._agenda
        return self._years

    async def close(self) -> None:
        """Closes connections."""
        await self._directories.close()
        await self.upstream.close()
