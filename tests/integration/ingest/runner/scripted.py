"""The ingest loop on a source whose windows a test writes out."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from legis.clock import utc_now
from legis.domain.bill import Bill, Provenance
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordRejected as RejectedError
from legis.errors import UpstreamUnavailable
from legis.events import BreakerSnapshot, Event, Walk, WindowEnded, decode
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.runner import IngestRunner
from legis.ingest.source import Absence, Item, ReadContext, Reading, WalkPlan, Window
from legis.ingest.state_reporter import StateReporter
from legis.streams.checkpoints import SourceCursors, publish_cursors
from legis.streams.names import BILLS_STREAM
from legis.streams.publisher import Publisher
from legis.upstream import UpstreamSnapshot
from redis.asyncio import Redis

EPOCH = "9b0c6f6e-5a0a-4d0e-9b3e-0d6b0a3f9f10"
T = TypeVar("T")
Script = Callable[[Window, ReadContext], AsyncGenerator[Reading | RejectedError]]


class ScriptedSource:
    """A source whose windows and records a test writes out."""

    name = Source.CAMARA

    def __init__(self, scripts: dict[Walk, Script]) -> None:
        self._scripts = scripts
        self.windows: list[Window] = []
        self.asked: list[str] = []

    def plans(self) -> tuple[WalkPlan, ...]:
        return tuple(WalkPlan(walk, timedelta(0), "test", 1, 0.0) for walk in self._scripts)

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        lo = position or 0
        return Window(walk, lo, lo + 1, f"{walk} {lo}") if lo < 3 else None

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        self.windows.append(window)
        return self._scripts[window.walk](window, context)

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        self.asked.append(upstream_id)
        match upstream_id:
            case "away":
                raise UpstreamUnavailable("503")
            case "defect":
                raise ZeroDivisionError("a defect of ours")
            case "gone":
                return [Absence(upstream_id, "http://upstream/gone", utc_now(), context.next_seq())]
            case _:
                return [reading(upstream_id, context)]

    async def close(self) -> None:
        """Nothing to close."""

    def snapshot(self) -> UpstreamSnapshot:
        breaker = BreakerSnapshot(state="closed", failures=0, opened_at=None, reset_timeout=30, retry_after=None)
        return UpstreamSnapshot(breaker=breaker, retry_budget=500, paused_until=None)


def reading(upstream_id: str, context: ReadContext, title: str = "Dispõe sobre testes.") -> Reading:
    seq = context.next_seq()
    bill = Bill(source=Source.CAMARA, upstream_id=upstream_id, title=title)
    provenance = Provenance(url="http://upstream/x", fetched_at=utc_now(), payload_sha256="0" * 64, parser_version="1")
    return Reading(bill, provenance, ReadingPart.DETAIL, seq, {ReadingPart.DETAIL: fingerprint(bill)})


@asynccontextmanager
async def running(source: ScriptedSource, redis: Redis, confirm_timeout: float = 5) -> AsyncIterator[StateReporter]:
    board = StateReporter("ingest-camara", Source.CAMARA, source, utc_now)
    runner = IngestRunner(
        source,
        Publisher(redis, capacity=1000),
        Checkpoint(redis, Source.CAMARA),
        board,
        confirm_timeout=confirm_timeout,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(runner.run(stop))
    try:
        yield board
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


async def move_to(redis: Redis, positions: dict[Walk, int], max_read_seq: int = 0) -> None:
    await publish_cursors(redis, {Source.CAMARA: SourceCursors(EPOCH, max_read_seq, positions)})


async def events(redis: Redis) -> list[Event]:
    return [decode(fields[b"payload"]) for _, fields in await redis.xrange(BILLS_STREAM)]


async def until(ask: Callable[[], Awaitable[T]], met: Callable[[T], bool], within: float = 60) -> T:
    deadline = asyncio.get_running_loop().time() + within
    while not met(last := await ask()):
        assert asyncio.get_running_loop().time() < deadline, f"not within {within} s; last seen: {last!r}"
        await asyncio.sleep(0.02)
    return last


def ends(seen: list[Event]) -> list[WindowEnded]:
    return [event for event in seen if isinstance(event, WindowEnded)]


async def two_and_a_bad_one(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
    yield reading("1", context)
    yield RejectedError("id is a list", raw=b'{"id": [\xff]}', upstream_id=None, source_url="http://upstream/list")
    yield reading("2", context)
