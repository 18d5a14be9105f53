"""A source adapter over the model chamber: walks, pages, marks and refusals as the real ones have them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from legis.clock import epoch_micros
from legis.domain.bill import Provenance, QualityFlag
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import QualityFlagCode, ReadingPart
from legis.errors import RecordRejected, UpstreamUnavailable
from legis.events import BreakerSnapshot, Walk
from legis.ingest.source import Absence, Item, ReadContext, Reading, WalkPlan, Window, YearSeen
from legis.upstream import UpstreamSnapshot

from twin.chamber import Chamber, State, sponsorships
from twin.store_double.store_tables import Now

_PAGE = 4
_WALKS = 5
_EVERY = {Walk.INCREMENTAL: 1_500_000, Walk.OVERLAP: 6_000_000, Walk.RECONCILE: 1_500_000}
_SNAPSHOT = UpstreamSnapshot(
    breaker=BreakerSnapshot(state="closed", failures=0, opened_at=None, reset_timeout=30, retry_after=None),
    retry_budget=500,
    paused_until=None,
)


class ScriptedSource:
    """One chamber behind the engine's door. `rewalk` and `check_stale` are what mutants take away."""

    rewalk = True
    check_stale = True

    def __init__(self, chamber: Chamber, random: Random, now: Now) -> None:
        self.name = chamber.manners.source
        self._chamber = chamber
        self._random = random
        self._now = now
        walks = [Walk.INCREMENTAL, Walk.BACKFILL, Walk.RECONCILE]
        if not chamber.manners.strict:
            walks.insert(1, Walk.OVERLAP)
        self._plans = tuple(WalkPlan(walk, timedelta(0), "twin", 1, 0.0) for walk in walks)

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk of this source."""
        return self._plans

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The next stretch of a walk; pure."""
        if walk is Walk.BACKFILL:
            lo = -now.year if position is None else position
            return Window(walk, lo, lo + 1, f"year {-lo}") if lo < 2 - now.year else None
        hi = epoch_micros(now)
        if position is not None and hi - position < _EVERY[walk]:
            return None
        return Window(walk, position or 0, hi, f"{walk} to {hi}")

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item]:
        """Every record of the window that may be new, or the lists of whole years."""
        if window.walk is Walk.RECONCILE:
            for year in (self._now().year, self._now().year - 1):
                yield await self._year(year, context)
                async for item in self._file(year, context):
                    yield item
            return
        if window.walk is Walk.BACKFILL:
            async for item in self._file(-window.lo, context):
                yield item
            return
        lowest = 0 if window.walk is Walk.OVERLAP else window.lo
        listed = await self._listed(lowest, window.hi)
        part = ReadingPart.LIST if self._chamber.manners.stamped else ReadingPart.DETAIL
        await context.prefetch([state.upstream_id for state in listed], part)
        for state in listed:
            if part is ReadingPart.LIST and context.seen(state.upstream_id, part) == _row_mark(state):
                continue
            found = await self._detail(state, context)
            if found is not None:
                yield found

    async def _year(self, year: int, context: ReadContext) -> YearSeen:
        seq = context.next_seq()
        await self._request()
        ids = self._chamber.whole_list(year)
        return YearSeen(year, ids, f"http://twin/{year}", self._now(), seq)

    async def _listed(self, lowest: int, highest: int) -> list[State]:
        """Walks the pages, and walks them again when the total changed meanwhile."""
        for _ in range(_WALKS):
            rows: list[State] = []
            totals = set()
            page = 0
            while True:
                await self._request()
                whole = [state for state in self._chamber.current() if lowest < state.listed <= highest]
                totals.add(len(whole))
                rows += whole[page * _PAGE : (page + 1) * _PAGE]
                page += 1
                if page * _PAGE >= len(whole):
                    break
            if len(totals) == 1 or not self.rewalk:
                return list({state.upstream_id: state for state in rows}.values())
        raise UpstreamUnavailable("the list moved under every walk", retry_after=0.2)

    async def _detail(self, listed: State, context: ReadContext) -> Reading | RecordRejected | None:
        for _ in range(4):
            seq = context.next_seq()
            await self._request()
            state = self._chamber.detail(listed.upstream_id)
            if state is None:  # it went between the list and this
                return None
            if state.revision >= listed.revision or not (self.check_stale and self._chamber.manners.stamped):
                break
        else:
            raise UpstreamUnavailable("the detail stays older than the list", retry_after=0.2)
        if state.poison == "reject":
            return self._rejected(state)
        reading = self._whole(state, seq)
        if self._chamber.manners.stamped:
            return _with_mark(reading, ReadingPart.LIST, _row_mark(listed))
        known = context.seen(state.upstream_id, ReadingPart.DETAIL)
        return None if known == reading.marks[ReadingPart.DETAIL] else reading

    async def _file(self, year: int, context: ReadContext) -> AsyncGenerator[Reading | RecordRejected]:
        seqs = [context.next_seq() for _ in range(len(self._chamber.history) + 5)]
        await self._request()
        rows = [state for state in self._chamber.current() if state.year == year]
        ids = [state.upstream_id for state in rows]
        await context.prefetch(ids, ReadingPart.BULK)
        await context.prefetch(ids, ReadingPart.DETAIL)
        for seq, state in zip(seqs, rows, strict=False):
            if self._random.random() < 0.3:
                await asyncio.sleep(self._random.random() * 0.02)
            if item := await self._row(state, seq, context):
                yield item

    async def _row(self, state: State, seq: int, context: ReadContext) -> Reading | RecordRejected | None:
        """A row of the file; where a detail is known already, a row that differs is a reason to ask for it again."""
        if state.poison == "reject":
            return self._rejected(state)
        reading = self._reading(state, seq, ReadingPart.BULK)
        mark = reading.marks[ReadingPart.BULK]
        if context.seen(state.upstream_id, ReadingPart.BULK) == mark:
            return None
        if context.seen(state.upstream_id, ReadingPart.DETAIL) is None:
            return reading
        found = await self._detail(state, context)
        return _with_mark(found, ReadingPart.BULK, mark) if isinstance(found, Reading) else found

    def _reading(self, state: State, seq: int, part: ReadingPart) -> Reading:
        bill = self._chamber.bill(state, part)
        provenance = Provenance(
            url=f"http://twin/{state.upstream_id}", fetched_at=self._now(), payload_sha256="0" * 64, parser_version="1"
        )
        mark = {part: fingerprint(bill)}
        if part is ReadingPart.BULK:  # a file of its own names the authors of a year, whatever else is out
            bill = bill.model_copy(update={"sponsorships": sponsorships(state.authors)})
        return Reading(bill, provenance, part, seq, mark)

    def _whole(self, state: State, seq: int) -> Reading:
        """A detail with the authors, which are a resource of their own: its mark is of the detail alone."""
        reading, authors = self._reading(state, seq, ReadingPart.DETAIL), self._chamber.authors(state)
        if authors is None:
            warning = QualityFlag(code=QualityFlagCode.LIST_IN_DOUBT, field="sponsorships")
            claimed: dict[str, Any] = {"quality_flags": (warning,)}
        else:
            claimed = {"sponsorships": sponsorships(authors)}
        return replace(reading, bill=reading.bill.model_copy(update=claimed))

    def _rejected(self, state: State) -> RecordRejected:
        raw = f"{state.upstream_id} {state.revision}".encode()
        return RecordRejected("does not fit", raw=raw, upstream_id=state.upstream_id)

    async def _request(self) -> None:
        await asyncio.sleep(self._random.random() * 0.02)
        if self._chamber.down or (not self._chamber.calm and self._random.random() < 0.01):
            raise UpstreamUnavailable("503", retry_after=self._random.choice((None, 0.3)))

    async def read_one(self, upstream_id: str, context: ReadContext) -> list[Item]:
        """One record, whole, whatever is remembered of it."""
        seq = context.next_seq()
        await self._request()
        state = self._chamber.detail(upstream_id)
        if state is None:
            return [Absence(upstream_id, f"http://twin/{upstream_id}", self._now(), seq)]
        return [self._rejected(state) if state.poison == "reject" else self._whole(state, seq)]

    async def close(self) -> None:
        """Nothing to close."""

    def snapshot(self) -> UpstreamSnapshot:
        """The way upstream, which is always well here."""
        return _SNAPSHOT


def _row_mark(state: State) -> str:
    return f"{state.updated.isoformat()} {state.title} {state.poison}"


def _with_mark(reading: Reading, part: ReadingPart, mark: str) -> Reading:
    return Reading(reading.bill, reading.provenance, reading.part, reading.read_seq, {**reading.marks, part: mark})
