"""The Assembleia de Ensaio as a source of the ingest engine."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime

from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import LegisError, PermanentError, RecordRejected
from legis.events import Walk
from legis.ingest.record_readings import read_alone, read_each
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, WalkPlan, Window, YearSeen
from legis.ingest.years.years_left import YearsLeft, read_years_left
from legis.upstream import UpstreamClient

from ingest_ensaio import budget
from ingest_ensaio.client.api import EnsaioApi
from ingest_ensaio.client.upstream_policy import policy
from ingest_ensaio.settings import EnsaioSettings
from ingest_ensaio.source import schedule
from ingest_ensaio.source.bills import BillReader


class EnsaioSource:
    """Implements `legis.ingest.source.SourceAdapter`. Made and used in one event loop."""

    name = Source.ENSAIO

    def __init__(
        self,
        settings: EnsaioSettings,
        upstream: UpstreamClient | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.upstream = upstream or UpstreamClient(policy(settings))
        self._settings = settings
        self._clock = clock
        self._api = EnsaioApi(self.upstream, settings.ensaio_base_url)
        self._bills = BillReader(self._api)
        self._aside = SetAside()
        self._left = YearsLeft()

    def plans(self) -> tuple[WalkPlan, ...]:
        """The walks in order of priority, with what they cost."""
        return budget.plans(self._settings, local_day(self._clock()).year)

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """See `ingest_ensaio.source.schedule`."""
        return schedule.next_window(self._settings, walk, position, now)

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every record of the window that may be new. Raises as the protocol says."""
        match window.walk:
            case Walk.BACKFILL:
                found = self._year(schedule.year_of(window), context)
            case Walk.YEARS:
                found = read_years_left(context, lambda year: self._year(year, context))
            case _:
                found = self._changes(window, context)
        async with aclosing(found) as items:
            async for item in items:
                yield item

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """The bill as upstream has it now, whatever is stored of it."""
        if not (upstream_id.isascii() and upstream_id.isdigit()):
            raise PermanentError(f"no id of this source: {upstream_id!r}")
        return await read_alone(
            upstream_id,
            lambda: self._bills.read(upstream_id, context, always=True),
            context,
            self._aside,
            url=self._api.address(upstream_id),
            clock=self._clock,
        )

    async def close(self) -> None:
        """Closes connections."""
        await self.upstream.close()

    async def _changes(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        listed = await self._api.changed_since(schedule.since(window))
        async with aclosing(self._details(listed.ids, context)) as items:
            async for item in items:
                yield item

    async def _year(self, year: int, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The bills of a year and which they are; where its list cannot be had, that the year is not read."""
        seq = context.next_seq()
        try:
            listed = await self._api.year(year)
        except LegisError as error:
            yield self._left.given_up(year, error, seq)
            return
        self._left.read(year)
        if listed.ids:
            yield YearSeen(year, tuple(sorted(listed.ids)), listed.answer.url, listed.answer.fetched_at, seq)
        async with aclosing(self._details(listed.ids, context)) as items:
            async for item in items:
                yield item

    async def _details(self, ids: Sequence[str], context: ReadContext) -> AsyncGenerator[Item, None]:
        readings = read_each(
            ids,
            lambda upstream_id: self._bills.read(upstream_id, context),
            context,
            self._aside,
            size=self._settings.ensaio_max_in_flight,
            address=self._api.address,
            parts=(ReadingPart.DETAIL,),
        )
        async with aclosing(readings) as results:
            async for _, result in results:
                if isinstance(result, RecordRejected):
                    yield result
                else:
                    for item in result or ():
                        yield item
