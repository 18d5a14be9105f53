"""The ingest loop: takes the next window, reads it, publishes it, waits until it is stored, repeats."""

import asyncio
import random
import time
from collections.abc import Sequence

from legis.clock import Clock, epoch_micros, utc_now
from legis.errors import LegisError, PermanentError, RetryableError
from legis.events import Walk
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.read_ahead import ReadAhead
from legis.ingest.source import SourceAdapter, Window
from legis.ingest.state_reporter import StateReporter
from legis.ingest.window_outcomes import CRASHED, FAILED, LOST, SCHEMA_CHANGED, UNAVAILABLE
from legis.ingest.window_publisher import WindowPublisher
from legis.ingest.window_reader import WindowReader
from legis.ingest.years.backfill_estimate import BackfillEstimator
from legis.streams.checkpoints import SourceCursors
from legis.streams.publisher import Publisher
from legis.telemetry import metrics
from legis.telemetry.logs import get_logger
from legis.waiting import wait_or_stop

log = get_logger(__name__)

WALK_LOOPS: tuple[tuple[Walk, ...], ...] = (
    (Walk.INCREMENTAL,),
    (Walk.VOTES, Walk.OVERLAP, Walk.BACKFILL, Walk.RECONCILE, Walk.YEARS),
    (Walk.AGENDA, Walk.VOTINGS),
    (Walk.PEOPLE, Walk.VOTINGS_BACKFILL, Walk.PEOPLE_BACKFILL, Walk.AGENDA_BACKFILL),
)
"""Groups of walks, each with its own loop; the walks of a group take turns. Today's changes do not wait for a year that
is being read."""

READ_AHEAD = frozenset({Walk.BACKFILL})
"""Walks whose next window is read while the previous one is being stored. All in one loop, since ReadAhead holds one
window."""

IDLE_SECONDS = 0.5
FIRST_BACKOFF_SECONDS = 0.25
LONGEST_BACKOFF_SECONDS = 300.0
FIRST_PERMANENT_BACKOFF_SECONDS = 5.0
PERMANENT_BACKOFF_SECONDS = 900.0
"""Longest wait after a permanent error, which seldom passes by itself. Each wait is four times the one before."""


class IngestRunner:
    """Reads one source until stopped. After a restart nothing of its memory is needed."""

    def __init__(
        self,
        source: SourceAdapter,
        publisher: Publisher,
        checkpoint: Checkpoint,
        reporter: StateReporter,
        *,
        confirm_timeout: float,
        clock: Clock = utc_now,
    ) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self._reporter = reporter
        self._confirm_timeout = confirm_timeout
        self._clock = clock
        self._reader = WindowReader(source, publisher, checkpoint, reporter, clock)
        self._sequence = self._reader.sequence
        self._ahead = ReadAhead(checkpoint.note_unconfirmed)
        self._backfill = BackfillEstimator(source)
        self._backfill_reported = False
        self._backfilled_to: int | None = None
        self._not_before: dict[Walk, float] = {}
        self._failures: dict[Walk, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Logs the request budget of each walk, then runs every walk loop until asked to stop."""
        for plan in self._source.plans():
            log.info(
                "request budget",
                walk=plan.walk,
                every_seconds=plan.every.total_seconds(),
                requests=plan.requests,
                hours_at_polite_limit=round(plan.hours_at_polite_limit, 2),
                purpose=plan.purpose,
            )
        try:
            async with asyncio.TaskGroup() as loops:
                for walks in WALK_LOOPS:
                    loops.create_task(self._walk_loop(walks, stop), name=f"walk loop {walks[0]}")
        finally:
            await self._ahead.drop()

    async def _walk_loop(self, walks: Sequence[Walk], stop: asyncio.Event) -> None:
        while not stop.is_set():
            cursors = await self._checkpoint.wait(stop)
            if cursors is None:
                return
            self._sequence.raise_to(cursors.max_read_seq)
            self._report_backfill(cursors)
            window = self._next_window(walks, cursors)
            if window is None:
                await wait_or_stop(stop, IDLE_SECONDS)
            else:
                await self._attempt(window, cursors, stop)

    def _report_backfill(self, cursors: SourceCursors) -> None:
        position = cursors.positions.get(Walk.BACKFILL)
        if self._backfill_reported and position == self._backfilled_to:
            return
        if position is not None and self._backfilled_to is not None:
            self._backfill.stored(self._backfilled_to, self._clock())
        self._reporter.backfill(self._backfill.left(position, self._clock()))
        self._backfill_reported, self._backfilled_to = True, position

    def _next_window(self, walks: Sequence[Walk], cursors: SourceCursors) -> Window | None:
        for plan in self._source.plans():
            if plan.walk not in walks or time.monotonic() < self._not_before.get(plan.walk, 0.0):
                continue
            position = cursors.positions.get(plan.walk)
            if plan.walk is Walk.INCREMENTAL and position is not None:
                age = (epoch_micros(self._clock()) - position) / 1e6
                metrics.CURSOR_AGE.labels(self._source.name).set(age)
            window = self._source.next_window(plan.walk, position, self._clock())
            self._reporter.walk(plan.walk, window=window.label if window else None, position=position)
            if window is not None:
                return window
        return None

    async def _attempt(self, window: Window, cursors: SourceCursors, stop: asyncio.Event) -> None:
        began = time.monotonic()
        try:
            ahead = await self._ahead.take(window, cursors.epoch)
            out = await (ahead or self._reader.read(window, cursors.epoch, stop))
            if out is not None:
                await out.end(self._sequence.last)
        except RetryableError as error:
            self._failed(window, UNAVAILABLE, error, error.retry_after)
        except PermanentError as error:
            self._failed(window, SCHEMA_CHANGED, error, self._permanent_wait(window.walk))
        except LegisError as error:
            self._failed(window, FAILED, error, None)
        except Exception as error:  # a bug that one window triggers must not end the service
            log.exception("window crashed", walk=window.walk, window=window.label)
            self._failed(window, CRASHED, error, None)
        else:
            if out is not None:
                self._read_ahead(window, cursors.epoch, stop)
                await self._confirm(window, out, began, stop)

    def _read_ahead(self, window: Window, epoch: str, stop: asyncio.Event) -> None:
        """Starts reading the window that follows once this one is stored, where that window is known already."""
        if window.walk in READ_AHEAD:
            following = self._source.next_window(window.walk, window.hi, self._clock())
            if following is not None:
                self._ahead.begin(following, epoch, self._reader.read(following, epoch, stop))

    async def _confirm(self, window: Window, out: WindowPublisher, began: float, stop: asyncio.Event) -> None:
        stored = await self._checkpoint.confirmed(
            window.walk, window.hi, out.last_entry, timeout=self._confirm_timeout, stop=stop
        )
        if stored:
            self._failures.pop(window.walk, None)
            self._reporter.succeeded(window.walk)
            seconds = round(time.monotonic() - began, 3)
            log.info("window stored", walk=window.walk, window=window.label, items=out.items, seconds=seconds)
        elif not stop.is_set():
            if window.walk in READ_AHEAD:
                await self._ahead.drop()
            self._failed(window, LOST, "published but not stored in time; it is read again", 0.0)

    def _permanent_wait(self, walk: Walk) -> float:
        times = min(self._failures.get(walk, 0), 10)
        return min(PERMANENT_BACKOFF_SECONDS, FIRST_PERMANENT_BACKOFF_SECONDS * 4.0**times)

    def _failed(self, window: Window, outcome: str, error: BaseException | str, wait: float | None) -> None:
        self._checkpoint.note_unconfirmed()
        failures = self._failures[window.walk] = self._failures.get(window.walk, 0) + 1
        if wait is None:
            wait = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** (failures - 1)) * random.uniform(0.5, 1)
        self._not_before[window.walk] = time.monotonic() + wait
        self._reporter.failed(window.walk, outcome, error)
        log.warning(
            "window failed",
            walk=window.walk,
            window=window.label,
            outcome=outcome,
            error=str(error)[:500],
            failures=failures,
            wait_seconds=round(wait, 1),
        )
