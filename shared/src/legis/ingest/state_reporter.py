"""Keeps an ingest service's state report in memory and writes it to Redis every second with an expiry."""

import asyncio
import contextlib
from datetime import datetime
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.clock import Clock
from legis.domain.vocabulary import Source
from legis.errors import PermanentError
from legis.events import BackfillLeft, BreakerSnapshot, ServiceState, Walk, WalkProgress
from legis.ingest.lease.reader_lease import ReaderLease
from legis.ingest.window_outcomes import STORED
from legis.streams.names import service_state_key
from legis.telemetry import metrics
from legis.upstream import UpstreamSnapshot
from legis.waiting import wait_or_stop

EXPIRY_SECONDS = 15
"""Expiry of a report: it outlives a few missed writes, and disappears soon after its service died."""

EVERY_SECONDS = 1.0
FAILURES_BEFORE_REPORT = 2
"""Consecutive failed windows of a walk after which it is reported as failing; a single failure may be short-lived."""


class Snapshots(Protocol):
    """Provides snapshots of the connection to upstream; implemented by the upstream client."""

    def snapshot(self) -> UpstreamSnapshot:
        """Breaker, retry budget and pause at this moment."""


class StateReporter:
    """Counts and progress of one service, and the loop that publishes them."""

    def __init__(
        self, service: str, source: Source, upstream: Snapshots, clock: Clock, lease: ReaderLease | None = None
    ) -> None:
        self._lease = lease
        self._service = service
        self._source = source
        self._upstream = upstream
        self._clock = clock
        self._walks: dict[Walk, WalkProgress] = {}
        self._begun: dict[Walk, datetime] = {}
        self._failures: dict[Walk, int] = {}
        self._failing: dict[Walk, str] = {}
        self._backfill: BackfillLeft | None = None
        self._backfill_known = False
        self.records_read = 0
        self.records_rejected = 0
        self.windows_failed = 0
        self.last_error: str | None = None
        self._last_success: datetime | None = None

    @property
    def breaker(self) -> BreakerSnapshot:
        """The circuit breaker's state at this moment."""
        return self._upstream.snapshot().breaker

    def walk(self, walk: Walk, *, window: str | None, position: int | None) -> None:
        """Records which window a walk is about to read (None: nothing is due) and the walk's position."""
        self._walks[walk] = WalkProgress(
            walk=walk, window=window, done=0, total=None, position=position, failing=self._failing.get(walk)
        )
        if window is None:
            self._begun.pop(walk, None)
        else:
            self._begun[walk] = self._clock()

    def progress(self, walk: Walk, window: str, done: int, total: int | None) -> None:
        """Records how much of the walk's current window has been read. A window read ahead shows no progress."""
        current = self._walks.get(walk)
        if current is not None and current.window == window:
            self._walks[walk] = current.model_copy(update={"done": done, "total": total})

    def backfill(self, left: BackfillLeft | None) -> None:
        """Records what is left of the backfill; None when it is complete, or switched off."""
        self._backfill, self._backfill_known = left, True

    def succeeded(self, walk: Walk) -> None:
        """Records that a window has been read, stored and confirmed."""
        self._last_success = self._clock()
        self.last_error = None
        self._failures.pop(walk, None)
        self._set_failing(walk, None)
        metrics.LAST_SUCCESS.labels(self._source).set(self._last_success.timestamp())
        metrics.WINDOWS.labels(self._source, walk, STORED).inc()

    def failed(self, walk: Walk, outcome: str, error: BaseException | str) -> None:
        """Records that a window failed; it will be read again."""
        self.windows_failed += 1
        self.last_error = f"{walk}: {error}"[:500]
        self._failures[walk] = self._failures.get(walk, 0) + 1
        if self._failures[walk] >= FAILURES_BEFORE_REPORT or isinstance(error, PermanentError):
            self._set_failing(walk, str(error)[:300])
        metrics.WINDOWS.labels(self._source, walk, outcome).inc()

    def _set_failing(self, walk: Walk, why: str | None) -> None:
        if why is None:
            self._failing.pop(walk, None)
        else:
            self._failing[walk] = why
        if walk in self._walks:
            self._walks[walk] = self._walks[walk].model_copy(update={"failing": why})

    def stand_by(self) -> None:
        """Forgets the walks: another process reads the source from now on."""
        self._walks.clear()
        self._begun.clear()
        self._failures.clear()
        self._failing.clear()

    def state(self) -> ServiceState:
        """The whole report as one snapshot."""
        upstream = self._upstream.snapshot()
        return ServiceState(
            service=self._service,
            source=self._source,
            updated_at=self._clock(),
            reader=self._lease.token if self._lease else None,
            breaker=upstream.breaker,
            retry_budget=upstream.retry_budget,
            paused_until=upstream.paused_until,
            blocked_until=upstream.blocked_until,
            blocked_reason=upstream.blocked_reason,
            backfill=self._backfill,
            backfill_known=self._backfill_known,
            progress=tuple(self._walks.values()),
            records_read=self.records_read,
            records_rejected=self.records_rejected,
            windows_failed=self.windows_failed,
            last_error=self.last_error,
            last_success_at=self._last_success,
        )

    async def publish(self, redis: "Redis", stop: asyncio.Event) -> None:
        """Writes the report every second until asked to stop, unless another process reads the source. While Redis is
        unavailable it tries again.
        """
        key = service_state_key(self._service)
        while not stop.is_set():
            metrics.WINDOW_AGE.labels(self._source).set(self._oldest_window_age())
            if self._lease is not None and not self._lease.held:
                await wait_or_stop(stop, EVERY_SECONDS)
                continue
            with contextlib.suppress(RedisError, OSError):
                await redis.set(key, self.state().model_dump_json(), ex=EXPIRY_SECONDS)
            await wait_or_stop(stop, EVERY_SECONDS)

    def _oldest_window_age(self) -> float:
        oldest = min(self._begun.values(), default=None)
        return 0.0 if oldest is None else (self._clock() - oldest).total_seconds()
