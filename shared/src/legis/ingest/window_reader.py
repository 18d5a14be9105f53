"""Reads one window of a source and publishes its items, without the window's end."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from legis.clock import Clock
from legis.domain.vocabulary import ReadingPart
from legis.errors import LegisError, RecordSetAside
from legis.events import Walk
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.in_flight import InFlight
from legis.ingest.known_marks import KnownMarks
from legis.ingest.sequence import ReadSequence
from legis.ingest.source import (
    Absence,
    Item,
    Reading,
    RecordAbsence,
    RecordReading,
    RecordsSeen,
    SourceAdapter,
    Window,
    YearOutcome,
    YearSeen,
)
from legis.ingest.state_reporter import StateReporter
from legis.ingest.window_publisher import LINGER_SECONDS, WindowPublisher
from legis.streams.publisher import Publisher
from legis.telemetry import metrics
from legis.telemetry.logs import get_logger

log = get_logger(__name__)

REFETCHES_PER_WINDOW = 50
"""Maximum number of refetch requests served in one window of today's changes: bounds their cost."""

REFETCH_SECONDS = 120.0
"""Time after which a window starts no further refetch: slow records must not delay today's changes."""


@dataclass(slots=True)
class _Context:
    """The ReadContext of one window. A window that is read ahead shows no progress: operators see the one before it."""

    window: Window
    _sequence: ReadSequence
    _marks: KnownMarks
    _reporter: StateReporter
    _checkpoint: Checkpoint

    def next_seq(self) -> int:
        return self._sequence.next()

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return self._marks.get(upstream_id, part)

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        await self._marks.prefetch(upstream_ids, part)

    def progress(self, done: int, total: int | None) -> None:
        self._reporter.progress(self.window.walk, self.window.label, done, total)

    async def years_not_read(self) -> tuple[int, ...]:
        return await self._checkpoint.years_not_read()


class WindowReader:
    """Reads windows of one source; several may be open at once."""

    def __init__(
        self, source: SourceAdapter, publisher: Publisher, checkpoint: Checkpoint, reporter: StateReporter, clock: Clock
    ) -> None:
        self.sequence = ReadSequence(clock)
        self._source = source
        self._publisher = publisher
        self._checkpoint = checkpoint
        self._reporter = reporter
        self._clock = clock
        self._in_flight = InFlight()

    async def read(self, window: Window, epoch: str, stop: asyncio.Event) -> WindowPublisher | None:
        """Publishes everything in the window but its end, which the caller publishes; None when asked to stop before.

        Raises what the source and the stream raise; then the window is abandoned.
        """
        source = self._source.name
        window_id = f"{source}-{window.walk.value.lower()}-{window.hi}-{secrets.token_hex(6)}"
        marks = await self._checkpoint.known_marks(epoch, self._in_flight)
        context = _Context(window, self.sequence, marks, self._reporter, self._checkpoint)
        out = WindowPublisher(self._publisher, self._in_flight, source, window, window_id, self._clock)
        try:
            return out if await self._publish(window, context, out, stop) else None
        finally:
            out.abandon()

    async def _publish(self, window: Window, context: _Context, out: WindowPublisher, stop: asyncio.Event) -> bool:
        log.info("window begun", walk=window.walk, window=window.label, window_id=out.window_id)
        async with _flush_when_late(out) as sending, aclosing(self._source.read(window, context)) as items:
            async for item in items:
                if sending.done():
                    sending.result()  # the events that it could not publish are lost: the window is read again
                await self._publish_item(item, window, out)
                if stop.is_set():
                    return False
            await out.flush()
        if window.walk is Walk.INCREMENTAL:
            await self._refetch(window, context, out, stop)
        if stop.is_set():
            return False
        await out.flush()
        return True

    async def _refetch(self, window: Window, context: _Context, out: WindowPublisher, stop: asyncio.Event) -> None:
        """Reads the records that the store has requested again. A record that cannot be read now is requested again
        next time.
        """
        began = time.monotonic()
        for upstream_id in await self._checkpoint.refetch_requests(REFETCHES_PER_WINDOW):
            if time.monotonic() - began > REFETCH_SECONDS:
                return
            try:
                items = await self._source.read_one(upstream_id, context)
            except LegisError as error:
                log.warning("refetch failed", upstream_id=upstream_id, error=str(error)[:500])
                continue
            except Exception:  # a bug that one record triggers must not keep today's changes from being stored
                log.exception("refetch crashed", upstream_id=upstream_id)
                continue
            for item in items:
                await self._publish_item(item, window, out)
            if stop.is_set():
                return

    async def _publish_item(self, item: Item, window: Window, out: WindowPublisher) -> None:
        match item:
            case Reading() | RecordReading():
                outcome = "read"
                self._reporter.records_read += 1
            case Absence() | RecordAbsence():
                outcome = "gone"
            case YearSeen() | RecordsSeen():
                outcome = "year_list"
            case YearOutcome():
                outcome = "year_read" if item.reason is None else "year_not_read"
            case _:
                outcome = "set_aside" if isinstance(item, RecordSetAside) else "rejected"
                self._reporter.records_rejected += 1
        metrics.RECORDS_READ.labels(self._source.name, window.walk, outcome).inc()
        await out.add(item)


@asynccontextmanager
async def _flush_when_late(out: WindowPublisher) -> AsyncIterator["asyncio.Task[None]"]:
    """Publishes queued events even while the source waits for an answer, so that one slow record delays no other.

    The task ends only with an error: some events were not published.
    """

    async def send() -> None:
        while True:
            await asyncio.sleep(LINGER_SECONDS)
            if out.overdue:
                await out.flush()

    sending = asyncio.create_task(send(), name=f"send {out.window_id}")
    try:
        yield sending
    except BaseException:
        await _ended(sending)
        raise
    if (error := await _ended(sending)) is not None:
        raise error


async def _ended(task: "asyncio.Task[None]") -> BaseException | None:
    """Cancels the task; returns the error with which it had ended before, if any."""
    task.cancel()
    await asyncio.wait({task})
    return None if task.cancelled() else task.exception()
