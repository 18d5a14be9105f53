"""The Senado Federal as a source of the ingest engine."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial

from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import PermanentError
from legis.events import Walk
from legis.ingest.record_readings import read_alone
from legis.ingest.source import Item, ReadContext, WalkPlan, Window
from legis.upstream import UpstreamClient

from ingest_senado import budget
from ingest_senado.client.api import SenadoApi
from ingest_senado.client.checked_lists import CheckedLists
from ingest_senado.client.upstream_policy import policy
from ingest_senado.settings import SenadoSettings
from ingest_senado.source.bill_votings import BillVotings
from ingest_senado.source.bills import BillReader
from ingest_senado.source.changes import Changes
from ingest_senado.source.details import Details
from ingest_senado.source.record_walks import RECORD_PREFIX, RecordWalks
from ingest_senado.source.record_windows import RECORD_WALKS
from ingest_senado.source.schedule import Schedule
from ingest_senado.source.years import Years


class SenadoSource:
    """Reads `/processo` and `/votacao`. Implements `legis.ingest.source.SourceAdapter`."""

    name = Source.SENADO

    def __init__(
        self,
        settings: SenadoSettings,
        upstream: UpstreamClient | None = None,
        schedule: Schedule | None = None,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        stale_wait: float = 1.0,
    ) -> None:
        self.upstream = upstream or UpstreamClient(policy(settings))
        self._settings = settings
        self._schedule = schedule or Schedule.of(settings)
        self._clock = clock
        self._api = api = SenadoApi(self.upstream, settings.senado_base_url)
        self._bills = bills = BillReader(api, stale_wait=stale_wait)
        size = settings.senado_max_in_flight * 4
        self._details = details = Details(size)
        lists, keep_off = CheckedLists(api, clock), partial(self._schedule.sleep_over_round_hour, clock, sleep)
        self._votings = BillVotings(api, bills, details.aside, size, clock, keep_off)
        self._records = RecordWalks(api, settings.senado_base_url, size, clock, keep_off)
        self._changes = Changes(api, lists, bills, details, settings)
        self._years = Years(lists, bills, details, self._votings, settings, keep_off)

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk with its period and its requests per turn, most urgent first."""
        return budget.plans(self._settings, local_day(self._clock()).year)

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The window that is due for a walk, or None.

        None within two minutes of a round hour, when the Senado does not want requests.
        """
        return self._schedule.next_window(walk, position, now)

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every record of the window that may be new. For a year, all rows of the list come first, then details."""
        for part in self._parts(window, context):
            async with aclosing(part) as items:
                async for item in items:
                    yield item

    def _parts(self, window: Window, context: ReadContext) -> tuple[AsyncGenerator[Item, None], ...]:
        if window.walk in RECORD_WALKS:
            return (self._records.read(window, context),)
        match window.walk:
            case Walk.BACKFILL:
                return (self._years.read(window, context),)
            case Walk.YEARS:
                return (self._years.read_left(context),)
            case Walk.VOTES:
                last = local_day(self._clock())
                return (self._votings.between(last - timedelta(days=int(window.detail["days"])), last, context),)
            case Walk.RECONCILE:
                return self._changes.read(window, context), self._years.compare(window, context)
        return (self._changes.read(window, context),)

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """The process, senator, body or meeting read whole, whatever is stored of it."""
        if upstream_id.startswith(RECORD_PREFIX):
            found = await self._records.read_one(upstream_id, context)
            if found is not None:
                return found
        if not (upstream_id.isascii() and upstream_id.isdigit()):
            raise PermanentError(f"no id of a process: {upstream_id!r}")
        for part in (ReadingPart.DETAIL, ReadingPart.VOTES):
            await context.prefetch([upstream_id], part)
        url = self._api.address(upstream_id)
        return await read_alone(
            upstream_id,
            lambda: self._bills.read(upstream_id, context),
            context,
            self._details.aside,
            url=url,
            clock=self._clock,
        )

    async def close(self) -> None:
        """Closes connections."""
        await self._api.close()
