"""The Câmara dos Deputados behind the one door that the ingest engine knows."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from urllib.parse import urlsplit

from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import LegisError, PermanentError, RecordGone
from legis.events import Walk
from legis.ingest.concurrent_map import concurrent_map
from legis.ingest.set_aside import SetAside, WindowFailures
from legis.ingest.source import Absence, Item, ReadContext, WalkPlan, Window, YearOutcome
from legis.ingest.years_left import YearsLeft, read_years_left
from legis.telemetry.metrics import RECORDS_READ
from legis.upstream import UpstreamClient, UpstreamPolicy

from ingest_camara import budget
from ingest_camara.client.api import CamaraApi
from ingest_camara.client.files import CamaraFiles
from ingest_camara.settings import CamaraSettings
from ingest_camara.source import windows
from ingest_camara.source.bills import BillReader, Outcome
from ingest_camara.source.directory import Directories, Known
from ingest_camara.source.empty_years import proved_empty
from ingest_camara.source.listing import Listing, walk_list
from ingest_camara.source.read_all_context import ReadAllContext
from ingest_camara.source.years import Doubt, Found, YearReader
from ingest_camara.wire.proposals import ListItem

CAMARA_HOSTS = frozenset({"camara.leg.br", "camara.gov.br"})
"""The chamber's own domains: a redirect within them is followed, whatever name it gives its servers."""

_KNOWN_AT_ONCE = 5000
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
        self._aside = SetAside()
        self._left = YearsLeft()
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
        troubles = WindowFailures(self._aside)
        try:
            with troubles.asking(upstream_id):
                outcome = await self._bills.read(upstream_id, ReadAllContext(context))
        except Exception as error:  # sorted into the record's own fault and all others, which are raised again
            return troubles.of_one(upstream_id, error, self._api.address(upstream_id))
        troubles.read(upstream_id)
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

        def read(year: int) -> AsyncGenerator[Item, None]:
            return self._read_year(year, window.walk, context, known)

        if window.walk is Walk.YEARS:
            async with aclosing(read_years_left(context, read)) as items:
                async for item in items:
                    yield item
            return
        for year in windows.years_of(window):
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
        async for item in self._details(list(doubts), walk, context, file_marks=doubts):
            yield item

    async def _year(
        self, year: int, walk: Walk, context: ReadContext, known: Known
    ) -> AsyncGenerator[Found | YearOutcome, None]:
        """The year's file; where it cannot be had, that the year is not read, or that it is proved to be empty."""
        seq = context.next_seq()
        try:
            async with aclosing(self._years.read(year, context, known)) as rows:
                async for found in rows:
                    yield found
        except LegisError as error:
            if not (isinstance(error, RecordGone) and await proved_empty(self._api, year, self._clock())):
                outcome = self._left.given_up(year, error, seq)
                if walk is not Walk.RECONCILE:  # then it was read before, and is only not compared
                    yield outcome
                return
        self._left.read(year)

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
        """Reads bills side by side and hands on each as it comes. One that cannot be read is set aside; the others are
        read all the same, and only then ends the window if there is hope for it.
        """
        troubles = WindowFailures(self._aside)

        async def read(upstream_id: str) -> Outcome:
            listed_as, mark = (listed or {}).get(upstream_id), (file_marks or {}).get(upstream_id)
            with troubles.asking(upstream_id):
                return await self._bills.read(upstream_id, context, listed=listed_as, file_mark=mark)

        done = 0
        for start in range(0, len(ids), _KNOWN_AT_ONCE):
            chunk = list(ids[start : start + _KNOWN_AT_ONCE])
            for part in (ReadingPart.DETAIL, ReadingPart.VOTES):
                await context.prefetch(chunk, part)
            resting = {one: letter for one in chunk if (letter := troubles.resting(one)) is not None}
            for letter in resting.values():
                yield letter
            asked = [one for one in chunk if one not in resting]
            async with aclosing(concurrent_map(asked, read, self._settings.camara_max_in_flight)) as outcomes:
                async for upstream_id, outcome in outcomes:
                    item = self._taken(upstream_id, outcome, troubles, walk, stale)
                    if item is not None:
                        yield item
                    done += 1
                    context.progress(done, len(ids))
        for letter in troubles.ended():
            yield letter

    def _taken(
        self,
        upstream_id: str,
        outcome: Outcome | Exception,
        troubles: WindowFailures,
        walk: Walk,
        stale: list[str] | None,
    ) -> Item | None:
        if isinstance(outcome, Exception):
            return troubles.met(upstream_id, outcome, self._api.address(upstream_id))
        troubles.read(upstream_id)
        if outcome.gone:
            RECORDS_READ.labels(self.name, walk, "gone").inc()
        if outcome.stale and stale is not None:
            stale.append(upstream_id)
        return outcome.item


def policy(settings: CamaraSettings) -> UpstreamPolicy:
    """Our manners towards the Câmara: slow enough for its servers, patient enough for its slow pages."""
    addresses = (settings.camara_base_url, settings.camara_files_url)
    return UpstreamPolicy(
        source=Source.CAMARA,
        user_agent=settings.signature,
        proxy=settings.upstream_proxy,
        requests_per_second=settings.camara_requests_per_second,
        max_in_flight=settings.camara_max_in_flight,
        total_timeout=_TOTAL_TIMEOUT,
        max_body_bytes=_LARGEST_BODY,
        redirect_hosts=CAMARA_HOSTS | {urlsplit(url).hostname or "" for url in addresses},
        probe_url=f"{settings.camara_base_url}/referencias/proposicoes/siglaTipo",
        blocked_pause_seconds=settings.block_seconds,
        longest_block_seconds=settings.block_max_seconds,
        breaker=settings.breaker,
    )
