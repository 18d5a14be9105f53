"""The loop: take the next window, read it, publish it, wait until it is stored, go on."""

import asyncio
import random
import secrets
import time
from collections.abc import Sequence
from contextlib import aclosing

from legis.clock import Clock, epoch_micros, utc_now
from legis.domain.vocabulary import ReadingPart
from legis.errors import LegisError, PermanentError, RetryableError
from legis.events import Walk
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.on_the_way import OnTheWay
from legis.ingest.seen import SeenMemory
from legis.ingest.sequence import ReadSequence
from legis.ingest.source import Absence, Item, Reading, SourceAdapter, Window, YearSeen
from legis.ingest.state import StateBoard
from legis.ingest.waiting import wait_or_stop
from legis.ingest.window_publisher import WindowPublisher
from legis.streams.cursors import SourceCursors
from legis.streams.publisher import Publisher
from legis.telemetry import metrics
from legis.telemetry.logs import get_logger

log = get_logger(__name__)

LANES: tuple[tuple[Walk, ...], ...] = (
    (Walk.INCREMENTAL,),
    (Walk.VOTES, Walk.OVERLAP, Walk.BACKFILL, Walk.RECONCILE),
)
"""Walks that take turns. What changed today is not kept waiting by a year that is being read."""

IDLE_SECONDS = 0.5
FIRST_BACKOFF_SECONDS = 0.25
LONGEST_BACKOFF_SECONDS = 300.0
PERMANENT_BACKOFF_SECONDS = 900.0
QUESTIONS_PER_WINDOW = 50
"""Records asked for at the store's wish in one window of today's changes: the upper bound of what that costs."""


class _Context:
    """What the engine lends the source for one window."""

    def __init__(self, sequence: ReadSequence, seen: SeenMemory, board: StateBoard, walk: Walk) -> None:
        self._sequence = sequence
        self._seen = seen
        self._board = board
        self._walk = walk

    def next_seq(self) -> int:
        return self._sequence.next()

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return self._seen.get(upstream_id, part)

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        await self._seen.prefetch(upstream_ids, part)

    def progress(self, done: int, total: int | None) -> None:
        self._board.progress(self._walk, done, total)


class IngestRunner:
    """Reads one source for ever. Nothing it holds in memory is needed after a restart."""

    def __init__(
        self,
        source: SourceAdapter,
        publisher: Publisher,
        checkpoint: Checkpoint,
        board: StateBoard,
        *,
        confirm_timeout: float,
        clock: Clock = utc_now,
    ) -> None:
        self._source = source
        self._publisher = publisher
        self._checkpoint = checkpoint
        self._board = board
        self._confirm_timeout = confirm_timeout
        self._clock = clock
        self._sequence = ReadSequence(clock)
        self._on_the_way = OnTheWay()
        self._not_before: dict[Walk, float] = {}
        self._failures: dict[Walk, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Says what each walk will ask of upstream, then runs every lane until told to stop."""
        for plan in self._source.plans():
            log.info(
                "request budget",
                walk=plan.walk,
                every_seconds=plan.every.total_seconds(),
                requests=plan.requests,
                hours_at_polite_limit=round(plan.hours_at_polite_limit, 2),
                purpose=plan.purpose,
            )
        async with asyncio.TaskGroup() as lanes:
            for walks in LANES:
                lanes.create_task(self._lane(walks, stop), name=f"lane {walks[0]}")

    async def _lane(self, walks: Sequence[Walk], stop: asyncio.Event) -> None:
        while not stop.is_set():
            cursors = await self._checkpoint.wait(stop)
            if cursors is None:
                return
            self._sequence.raise_to(cursors.max_read_seq)
            window = self._next_window(walks, cursors)
            if window is None:
                await wait_or_stop(stop, IDLE_SECONDS)
            else:
                await self._attempt(window, cursors, stop)

    def _next_window(self, walks: Sequence[Walk], cursors: SourceCursors) -> Window | None:
        for plan in self._source.plans():
            if plan.walk not in walks or time.monotonic() < self._not_before.get(plan.walk, 0.0):
                continue
            position = cursors.positions.get(plan.walk)
            if plan.walk is Walk.INCREMENTAL and position is not None:
                age = (epoch_micros(self._clock()) - position) / 1e6
                metrics.CURSOR_AGE.labels(self._source.name).set(age)
            window = self._source.next_window(plan.walk, position, self._clock())
            self._board.walk(plan.walk, window=window.label if window else None, position=position)
            if window is not None:
                return window
        return None

    async def _attempt(self, window: Window, cursors: SourceCursors, stop: asyncio.Event) -> None:
        began = time.monotonic()
        try:
            items = await self._read(window, cursors.epoch, stop)
        except RetryableError as error:
            self._failed(window, "unavailable", error, error.retry_after)
        except PermanentError as error:
            self._failed(window, "schema_changed", error, PERMANENT_BACKOFF_SECONDS)
        except LegisError as error:
            self._failed(window, "failed", error, None)
        except Exception as error:  # a defect of ours in one window must not end the service; it is logged as such
            log.exception("window crashed", walk=window.walk, window=window.label)
            self._failed(window, "crashed", error, None)
        else:
            if items is not None:
                await self._confirm(window, items, began, stop)

    async def _read(self, window: Window, epoch: str, stop: asyncio.Event) -> int | None:
        """Publishes the window; the number of items, or None when told to stop before its end."""
        source = self._source.name
        window_id = f"{source}-{window.walk.value.lower()}-{window.hi}-{secrets.token_hex(6)}"
        seen = await self._checkpoint.seen_memory(epoch, self._on_the_way)
        context = _Context(self._sequence, seen, self._board, window.walk)
        out = WindowPublisher(self._publisher, self._on_the_way, source, window, window_id, self._clock)
        try:
            return await self._publish(window, context, out, stop)
        finally:
            out.abandon()

    async def _publish(
        self, window: Window, context: _Context, out: WindowPublisher, stop: asyncio.Event
    ) -> int | None:
        log.info("window begun", walk=window.walk, window=window.label, window_id=out.window_id)
        async with aclosing(self._source.read(window, context)) as items:
            async for item in items:
                await self._hand_on(item, window, out)
                if stop.is_set():
                    return None
        if window.walk is Walk.INCREMENTAL:
            await self._answer(window, context, out, stop)
            if stop.is_set():
                return None
        await out.end(self._sequence.last)
        return out.items

    async def _answer(self, window: Window, context: _Context, out: WindowPublisher, stop: asyncio.Event) -> None:
        """Asks for the records that the store wants to hear of. What cannot be told now is asked again next time."""
        for upstream_id in await self._checkpoint.questions(QUESTIONS_PER_WINDOW):
            try:
                items = await self._source.read_one(upstream_id, context)
            except LegisError as error:
                log.warning("question not answered", upstream_id=upstream_id, error=str(error)[:500])
                continue
            except Exception:  # a defect of ours in one answer must not keep what changed today from being stored
                log.exception("question crashed", upstream_id=upstream_id)
                continue
            for item in items:
                await self._hand_on(item, window, out)
            if stop.is_set():
                return

    async def _hand_on(self, item: Item, window: Window, out: WindowPublisher) -> None:
        match item:
            case Reading():
                outcome = "read"
                self._board.records_read += 1
            case Absence():
                outcome = "gone"
            case YearSeen():
                outcome = "year_list"
            case _:
                outcome = "rejected"
                self._board.records_rejected += 1
        metrics.RECORDS_READ.labels(self._source.name, window.walk, outcome).inc()
        await out.add(item)

    async def _confirm(self, window: Window, items: int, began: float, stop: asyncio.Event) -> None:
        stored = await self._checkpoint.confirmed(window.walk, window.hi, timeout=self._confirm_timeout, stop=stop)
        if stored:
            self._failures.pop(window.walk, None)
            self._board.succeeded(window.walk)
            seconds = round(time.monotonic() - began, 3)
            log.info("window stored", walk=window.walk, window=window.label, items=items, seconds=seconds)
        elif not stop.is_set():
            self._failed(window, "lost", "published but not stored in time; it is read again", 0.0)

    def _failed(self, window: Window, outcome: str, error: BaseException | str, wait: float | None) -> None:
        self._checkpoint.doubt()
        failures = self._failures[window.walk] = self._failures.get(window.walk, 0) + 1
        if wait is None:
            wait = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** (failures - 1)) * random.uniform(0.5, 1)
        self._not_before[window.walk] = time.monotonic() + wait
        self._board.failed(window.walk, outcome, error)
        log.warning(
            "window failed",
            walk=window.walk,
            window=window.label,
            outcome=outcome,
            error=str(error)[:500],
            failures=failures,
            wait_seconds=round(wait, 1),
        )
