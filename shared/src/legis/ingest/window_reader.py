"""Reads one window of a source and publishes what it holds, all but the window's end."""

import asyncio
import secrets
from contextlib import aclosing
from dataclasses import dataclass

from legis.clock import Clock
from legis.domain.vocabulary import ReadingPart
from legis.errors import LegisError
from legis.events import Walk
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.on_the_way import OnTheWay
from legis.ingest.seen import SeenMemory
from legis.ingest.sequence import ReadSequence
from legis.ingest.source import Absence, Item, Reading, SourceAdapter, Window, YearSeen
from legis.ingest.state import StateBoard
from legis.ingest.window_publisher import WindowPublisher
from legis.streams.publisher import Publisher
from legis.telemetry import metrics
from legis.telemetry.logs import get_logger

log = get_logger(__name__)

QUESTIONS_PER_WINDOW = 50
"""Records asked for at the store's wish in one window of today's changes: the upper bound of what that costs."""


@dataclass(slots=True)
class _Context:
    """What the engine lends the source for one window. Of a window that is read ahead no progress is shown: operators
    see the one before it."""

    window: Window
    _sequence: ReadSequence
    _seen: SeenMemory
    _board: StateBoard

    def next_seq(self) -> int:
        return self._sequence.next()

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return self._seen.get(upstream_id, part)

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        await self._seen.prefetch(upstream_ids, part)

    def progress(self, done: int, total: int | None) -> None:
        self._board.progress(self.window.walk, self.window.label, done, total)


class WindowReader:
    """Reads windows of one source, of which several may be open at once."""

    def __init__(
        self, source: SourceAdapter, publisher: Publisher, checkpoint: Checkpoint, board: StateBoard, clock: Clock
    ) -> None:
        self.sequence = ReadSequence(clock)
        self._source = source
        self._publisher = publisher
        self._checkpoint = checkpoint
        self._board = board
        self._clock = clock
        self._on_the_way = OnTheWay()

    async def read(self, window: Window, epoch: str, stop: asyncio.Event) -> WindowPublisher | None:
        """Publishes everything in the window but its end, which its caller sends; None when told to stop before.

        Raises what the source and the stream raise; then the window is abandoned.
        """
        source = self._source.name
        window_id = f"{source}-{window.walk.value.lower()}-{window.hi}-{secrets.token_hex(6)}"
        seen = await self._checkpoint.seen_memory(epoch, self._on_the_way)
        context = _Context(window, self.sequence, seen, self._board)
        out = WindowPublisher(self._publisher, self._on_the_way, source, window, window_id, self._clock)
        try:
            return out if await self._publish(window, context, out, stop) else None
        finally:
            out.abandon()

    async def _publish(self, window: Window, context: _Context, out: WindowPublisher, stop: asyncio.Event) -> bool:
        log.info("window begun", walk=window.walk, window=window.label, window_id=out.window_id)
        async with aclosing(self._source.read(window, context)) as items:
            async for item in items:
                await self._hand_on(item, window, out)
                if stop.is_set():
                    return False
        if window.walk is Walk.INCREMENTAL:
            await self._answer(window, context, out, stop)
        if stop.is_set():
            return False
        await out.flush()
        return True

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
