"""The Câmara dos Deputados behind the one door that the ingest engine knows."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime

from legis.clock import Clock, utc_now
from legis.domain.brasilia import local_day
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import LegisError, PermanentError, RecordRejected, RetryableError, UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import Absence, Item, ReadContext, Reading, WalkPlan, Window
from legis.telemetry.metrics import RECORDS_READ
from legis.upstream import UpstreamClient, UpstreamPolicy

from ingest_camara import budget
from ingest_camara.client.api import CamaraApi
from ingest_camara.client.files import CamaraFiles
from ingest_camara.settings import CamaraSettings
from ingest_camara.source import windows
from ingest_camara.source.bills import BillReader, Outcome
from ingest_camara.source.directory import Directories
from ingest_camara.source.forgetful import Forgetful
from ingest_camara.source.listing import Listing, walk_list
from ingest_camara.source.stuck import StuckBills
from ingest_camara.source.years import Doubt, YearReader
from ingest_camara.wire.proposals import ListItem

_CHUNK_PER_SLOT = 4
_MOST_STRETCHES = 4
STALE_PAUSE_SECONDS = 5.0
_TOTAL_TIMEOUT = 60.0
_LARGEST_BODY = 8 * 1024 * 1024


class CamaraSource:
    """Implements `legis.ingest.source.SourceAdapter`. Made and used in one event loop."""

    name = Source.CAMARA

    def __init__(
        self, settings: CamaraSettings, upstream: UpstreamClient | None = None, clock: Clock = utc_now
    ) -> None:
        self.upstream = upstream or UpstreamClient(policy(settings))
        self._settings = settings
        self._clock = clock
        self._api = CamaraApi(self.upstream, settings.camara_base_url)
        files = CamaraFiles(self.upstream, settings.camara_files_url)
        self._directories = Directories(self._api, files)
        self._bills = BillReader(self._api, self._directories)
        self._years = YearReader(files, settings.types)
        self._stuck = StuckBills()
        self._plans = budget.plans(settings, local_day(clock()).year)

    def plans(self) -> tuple[WalkPlan, ...]:
        """The walks in order of priority, with what they cost."""
        return self._plans

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """See `ingest_camara.source.windows`."""
        return windows.next_window(self._settings, walk, position, now)

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every record of the window that may be new. Raises as the protocol says."""
        if window.walk in (Walk.INCREMENTAL, Walk.OVERLAP):
            items = self._read_days(window, context)
        else:
            items = self._read_years(window, context)
        async with aclosing(items):
            async for item in items:
                yield item

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """The bill read whole, as if nothing of it were stored."""
        if not (upstream_id.isascii() and upstream_id.isdigit()):
            raise PermanentError(f"no id of the Câmara: {upstream_id!r}")
        seq = context.next_seq()
        outcome = await self._bills.read(upstream_id, Forgetful(context))
        if outcome.gone:
            return [Absence(upstream_id, self._api.address(upstream_id), self._clock(), seq)]
        return [outcome.item] if outcome.item is not None else []

    async def close(self) -> None:
        """Closes connections."""
        await self._directories.close()
        await self.upstream.close()

    async def _read_days(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        listing = await self._list(window)
        wanted = {key: item for key, item in listing.items.items() if self._wanted(item)}
        ids = dict.fromkeys(wanted)
        for broken in listing.broken:
            if broken.upstream_id is None or not broken.upstream_id.isdigit():
                yield broken
            else:
                ids[broken.upstream_id] = None  # its detail will tell more, and is rejected itself if it must be
        stale: list[str] = []
        async for item in self._details(list(ids), window.walk, context, listed=wanted, stale=stale):
            yield item
        if stale:
            # The list is ahead of these details: another of upstream's servers has not heard yet. Once more, later.
            await asyncio.sleep(STALE_PAUSE_SECONDS)
            async for item in self._details(stale, window.walk, context):
                yield item

    async def _list(self, window: Window) -> Listing:
        found = Listing()
        asked: set[windows.Days] = set()
        for _ in range(_MOST_STRETCHES):  # the first answer tells upstream's own time, and there the day may be another
            missing = [days for days in windows.days_of(window, self._api.clock_offset) if days not in asked]
            if not missing:
                break
            asked.add(missing[0])
            listing = await walk_list(
                self._api, missing[0], page_size=self._settings.camara_page_size, types=self._settings.types
            )
            found.items.update(listing.items)
            found.broken.extend(listing.broken)
        return found

    def _wanted(self, item: ListItem) -> bool:
        return not self._settings.types or (item.siglaTipo or "").strip().upper() in self._settings.types

    async def _read_years(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        known = await self._directories.get()
        for year in windows.years_of(window):
            doubts: dict[str, str] = {}
            async with aclosing(self._years.read(year, context, known)) as rows:
                async for found in rows:
                    if not isinstance(found, Doubt):
                        yield found
                    elif window.walk is Walk.RECONCILE:
                        doubts[found.upstream_id] = found.mark
            async for item in self._details(list(doubts), window.walk, context, file_marks=doubts):
                yield item

    async def _details(
        self,
        ids: Sequence[str],
        walk: Walk,
        context: ReadContext,
        *,
        listed: Mapping[str, ListItem] | None = None,
        file_marks: Mapping[str, str] | None = None,
        stale: list[str] | None = None,
    ) -> AsyncGenerator[Item, None]:
        size = self._settings.camara_max_in_flight * _CHUNK_PER_SLOT
        for start in range(0, len(ids), size):
            chunk = list(ids[start : start + size])
            outcomes, failure = await self._chunk(chunk, context, listed or {}, file_marks or {})
            for upstream_id, outcome in outcomes:
                if outcome.gone:
                    RECORDS_READ.labels(self.name, walk, "gone").inc()
                if outcome.stale and stale is not None:
                    stale.append(upstream_id)
                if outcome.item is not None:
                    yield outcome.item
            if failure is not None:
                raise failure
            context.progress(start + len(chunk), len(ids))

    async def _chunk(
        self,
        ids: list[str],
        context: ReadContext,
        listed: Mapping[str, ListItem],
        file_marks: Mapping[str, str],
    ) -> tuple[list[tuple[str, Outcome]], LegisError | None]:
        """Reads a chunk side by side. What was read before a failure is still handed on, then the failure ends it."""
        for part in (ReadingPart.DETAIL, ReadingPart.VOTES):
            await context.prefetch(ids, part)
        slots = asyncio.Semaphore(self._settings.camara_max_in_flight)
        outcomes: list[tuple[str, Outcome]] = []
        failures: dict[str, LegisError] = {}

        async def one(upstream_id: str) -> None:
            async with slots:
                if failures:
                    return
                try:
                    outcome = await self._bills.read(
                        upstream_id, context, listed=listed.get(upstream_id), file_mark=file_marks.get(upstream_id)
                    )
                    outcomes.append((upstream_id, outcome))
                except (RetryableError, PermanentError) as error:
                    if isinstance(error, UpstreamUnavailable) and self._stuck.given_up(upstream_id):
                        outcomes.append((upstream_id, Outcome(item=_put_aside(upstream_id, error))))
                    else:
                        failures[upstream_id] = error

        async with asyncio.TaskGroup() as group:
            for upstream_id in ids:
                group.create_task(one(upstream_id))
        self._remember(outcomes, failures)
        return outcomes, next(iter(failures.values()), None)

    def _remember(self, outcomes: Iterable[tuple[str, Outcome]], failures: Iterable[str]) -> None:
        for upstream_id, outcome in outcomes:
            if isinstance(outcome.item, Reading):
                self._stuck.read(upstream_id)
        for upstream_id in failures:
            self._stuck.failed(upstream_id)


def _put_aside(upstream_id: str, error: UpstreamUnavailable) -> RecordRejected:
    # Once set aside it is asked for again whenever it moves, and by the night's walk, since no mark is stored of it.
    return RecordRejected(f"cannot be read while others can: {error}", raw=b"", upstream_id=upstream_id)


def policy(settings: CamaraSettings) -> UpstreamPolicy:
    """Our manners towards the Câmara: slow enough for its servers, patient enough for its slow pages."""
    return UpstreamPolicy(
        source=Source.CAMARA,
        user_agent=settings.user_agent,
        requests_per_second=settings.camara_requests_per_second,
        max_in_flight=settings.camara_max_in_flight,
        total_timeout=_TOTAL_TIMEOUT,
        max_body_bytes=_LARGEST_BODY,
        breaker=settings.breaker,
    )
