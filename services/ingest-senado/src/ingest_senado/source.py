"""The Senado as a source: which lists each walk reads, and which processes it then reads whole."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import LegisError, PermanentError, RecordGone, RecordRejected
from legis.events import Walk
from legis.ingest.set_aside import WindowFailures
from legis.ingest.source import Absence, Item, ReadContext, Reading, WalkPlan, Window, YearSeen
from legis.ingest.years_left import YearsLeft, read_years_left
from legis.telemetry import traces
from legis.telemetry.logs import get_logger
from legis.upstream import UpstreamClient

from ingest_senado import backfill, budget
from ingest_senado.checked_lists import CheckedLists
from ingest_senado.client import EmptyAnswer, Page, SenadoClient
from ingest_senado.details import Details
from ingest_senado.readings import Listed, ProcessReader, Wanted, listed
from ingest_senado.schedule import Schedule
from ingest_senado.settings import SenadoSettings
from ingest_senado.standing import standing
from ingest_senado.voting_walk import VotingWalk
from ingest_senado.wire.process import ListRow

log = get_logger(__name__)

PREFETCH = 500
VOTINGS_SINCE = 1991
MOST_MISSED = 2000
"""Details that a comparison of years makes up for; with a lost memory all seem missed, and the rest comes next week."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A list as it was read, with the sequence taken before it was asked for and the trace it was read in."""

    page: Page[ListRow]
    seq: int
    traceparent: str | None


async def _sheet(asked: Awaitable[Page[ListRow]], context: ReadContext) -> _Sheet:
    seq = context.next_seq()
    with traces.tracer("ingest_senado").start_as_current_span("read list"):
        return _Sheet(await asked, seq, traces.current_traceparent())


class SenadoSource:
    """`/processo` and `/votacao` behind the engine's door."""

    name = Source.SENADO

    def __init__(
        self,
        settings: SenadoSettings,
        upstream: UpstreamClient,
        schedule: Schedule,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        stale_wait: float = 1.0,
    ) -> None:
        self.upstream = upstream
        self._client = SenadoClient(upstream, settings.senado_base_url)
        self._reader = ProcessReader(self._client, stale_wait=stale_wait)
        self._lists = CheckedLists(self._client, clock)
        self._settings = settings
        self._schedule = schedule
        self._clock = clock
        self._keep_off = partial(schedule.sleep_over_round_hour, clock, sleep)
        self._batch = settings.senado_max_in_flight * 4
        self._details = Details(self._batch)
        self._left = YearsLeft()
        self._votings = VotingWalk(self._client, self._reader, self._details.aside, self._batch, clock, self._keep_off)

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk with its period and budget, most urgent first."""
        return budget.plans(self._settings, local_day(self._clock()).year)

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The window that is due; none within two minutes of a round hour, when the Senado asks to be spared."""
        return self._schedule.next_window(walk, position, now)

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """What may be new in the window. Of a year the rows of the whole list come first, then details."""
        walks = {
            Walk.BACKFILL: self._read_year,
            Walk.INCREMENTAL: self._read_changes,
            Walk.OVERLAP: self._read_changes,
            Walk.RECONCILE: self._compare,
            Walk.VOTES: self._read_votings,
            Walk.YEARS: self._read_left_years,
        }
        async with aclosing(walks[window.walk](window, context)) as items:
            async for item in items:
                yield item

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """The process read whole, whatever is stored of it."""
        if not (upstream_id.isascii() and upstream_id.isdigit()):
            raise PermanentError(f"no id of a process: {upstream_id!r}")
        for part in (ReadingPart.DETAIL, ReadingPart.VOTES):
            await context.prefetch([upstream_id], part)
        seq = context.next_seq()
        troubles = WindowFailures(self._details.aside)
        try:
            with troubles.asking(upstream_id):
                items = await self._reader.read(upstream_id, context)
        except RecordGone:
            return [Absence(upstream_id, self._client.address(upstream_id), self._clock(), seq)]
        except Exception as error:  # sorted into the record's own fault and all others, which are raised again
            return troubles.of_one(upstream_id, error, self._client.address(upstream_id))
        troubles.read(upstream_id)
        return items

    async def close(self) -> None:
        """Closes connections."""
        await self._client.close()

    def _read_year(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        step = backfill.step_of(window)
        return self._year(backfill.year_of(window), context, () if step is None else (step,))

    def _read_left_years(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        steps = backfill.STEPS if self._settings.senado_detail_on_backfill else ()
        return read_years_left(context, lambda year: self._year(year, context, steps))

    async def _year(
        self, year: int, context: ReadContext, steps: Sequence[backfill.Step]
    ) -> AsyncGenerator[Item, None]:
        """The year's list and the details that these steps of a backfill read, or that the year is not read, where its
        list cannot be had. Which bills the list held is told once: by the reading without details, or by that of all.
        """
        try:
            sheet = await _sheet(self._lists.year(year), context)
        except EmptyAnswer:  # a year alone would have been proved empty: the source as a whole is hollow
            raise
        except LegisError as error:
            yield self._left.given_up(year, error, context.next_seq())
            return
        self._left.read(year)
        wanting: list[Listed] = []
        async with aclosing(self._rows((sheet,), context, wanting, lists_too=True)) as rows:
            async for item in rows:
                yield item
        if len(steps) != 1:
            for seen in _seen(year, sheet):
                yield seen
        async with aclosing(self._details_of(year, wanting, context, steps)) as items:
            async for item in items:
                yield item

    async def _details_of(
        self, year: int, wanting: list[Listed], context: ReadContext, steps: Sequence[backfill.Step]
    ) -> AsyncGenerator[Item, None]:
        """The details that these steps read of a year. With those of bills come its votings, which are read first: a
        process that was voted on is read whole with them, and not once more.
        """
        whole: set[str] = set()
        if backfill.Step.BILLS in steps and year >= VOTINGS_SINCE:
            async with aclosing(self._votings.of_year(year, context)) as votings:
                async for item in votings:
                    if isinstance(item, Reading) and item.part is ReadingPart.DETAIL:
                        whole.add(item.bill.upstream_id)
                    yield item

        async def read(row: Listed) -> list[Item]:
            await self._keep_off()
            wanted = Wanted(rapporteurs=row.bill.in_progress is not False, votings=False)
            return await self._reader.read(row.id, context, row=row, wanted=wanted)

        chosen = [row for step in steps for row in backfill.of_step(step, wanting) if row.id not in whole]
        async with aclosing(self._details.read(chosen, read, context, listed_already=True)) as details:
            async for item in details:
                yield item

    async def _read_changes(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        days = int(window.detail["days"])
        sheets = [await _sheet(self._lists.changed(days), context)]
        if "in_progress" in window.detail:
            sheets.append(await _sheet(self._client.in_progress(), context))
        # The first look back finds nothing stored; the backfill brings those details anyway.
        lists_only = "first" in window.detail and self._settings.backfill
        wanting: list[Listed] = []
        async with aclosing(self._rows(sheets, context, wanting, lists_too=lists_only)) as rows:
            async for item in rows:
                yield item
        if lists_only:
            return

        async def read(row: Listed) -> list[Item]:
            return await self._reader.read(row.id, context, row=row)

        async with aclosing(self._details.read(wanting, read, context, listed_already=False)) as details:
            async for item in details:
                yield item

    async def _compare(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The last days again, then whole years: their rows, what they hold, and the details that were missed."""
        async with aclosing(self._read_changes(window, context)) as changes:
            async for item in changes:
                yield item
        wanting: list[Listed] = []
        for year in map(int, filter(None, window.detail.get("years", "").split(","))):
            try:
                sheet = await _sheet(self._lists.year(year), context)
            except LegisError as error:  # proves nothing, and must not keep the other years from being compared
                if not isinstance(error, EmptyAnswer):
                    self._left.given_up(year, error, 0)
                log.warning("year not compared", year=year, error=str(error))
                continue
            async with aclosing(self._rows((sheet,), context, wanting, lists_too=True)) as rows:
                async for item in rows:
                    yield item
            for seen in _seen(year, sheet):
                yield seen
        if "first" in window.detail and self._settings.backfill:
            return

        async def read(row: Listed) -> list[Item]:
            return await self._reader.read(row.id, context, row=row)

        missed = wanting[:MOST_MISSED]
        async with aclosing(self._details.read(missed, read, context, listed_already=True)) as details:
            async for item in details:
                yield item

    def _read_votings(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        last = local_day(self._clock())
        return self._votings.between(last - timedelta(days=int(window.detail["days"])), last, context)

    async def _rows(
        self,
        sheets: Sequence[_Sheet],
        context: ReadContext,
        wanting: list[Listed],
        *,
        lists_too: bool,
    ) -> AsyncGenerator[Item, None]:
        """Misfits, changed rows where `lists_too`, and into `wanting` those whose detail is out of date."""
        known: set[str] = set()
        for sheet in sheets:
            for misfit in sheet.page.rejected:
                yield misfit
            rows = iter(sheet.page.rows)
            while chunk := list(islice(rows, PREFETCH)):
                found = [listed(sheet.page, item, sheet.seq) for item in chunk]
                fresh = [row for row in found if isinstance(row, Listed) and row.id not in known]
                for misfit in (row for row in found if isinstance(row, RecordRejected)):
                    yield misfit
                known.update(row.id for row in fresh)
                for part in (ReadingPart.LIST, ReadingPart.DETAIL, ReadingPart.VOTES):
                    await context.prefetch([row.id for row in fresh], part)
                for row in fresh:
                    how = standing(row, context)
                    if how.wants_detail:
                        wanting.append(row)
                    if how.moved and (lists_too or not how.wants_detail):
                        yield row.reading(sheet.traceparent)
                context.progress(len(known), None)


def _seen(year: int, sheet: _Sheet) -> list[YearSeen]:
    """Which processes a year's list held; nothing where a row's id cannot be read, for it might be any."""
    page = sheet.page
    if any(misfit.upstream_id is None for misfit in page.rejected):
        return []
    ids = {str(row.id) for row in page.values} | {misfit.upstream_id or "" for misfit in page.rejected}
    return [YearSeen(year, tuple(sorted(ids)), page.url, page.fetched_at, sheet.seq)] if ids else []
