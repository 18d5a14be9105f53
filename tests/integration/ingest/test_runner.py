"""The ingest loop against a real stream: windows are counted, confirmed, and read again when they are not."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from legis.clock import utc_now
from legis.domain.bill import Bill, Provenance
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordRejected as RejectedError
from legis.errors import UpstreamUnavailable
from legis.events import (
    BillGone,
    BillObserved,
    BreakerSnapshot,
    Event,
    RecordRejected,
    Walk,
    WindowEnded,
    WindowRef,
    decode,
)
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.runner import IngestRunner
from legis.ingest.source import Absence, Item, ReadContext, Reading, WalkPlan, Window
from legis.ingest.state import StateBoard
from legis.streams.connection import connect
from legis.streams.cursors import SourceCursors, publish_cursors
from legis.streams.names import BILLS_STREAM
from legis.streams.publisher import Publisher
from legis.streams.questions import publish_questions
from legis.streams.seen import SeenReading, write_seen
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


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url, client_name="test")
    yield client
    await client.aclose()


@asynccontextmanager
async def running(source: ScriptedSource, redis: Redis, confirm_timeout: float = 5) -> AsyncIterator[StateBoard]:
    board = StateBoard("ingest-camara", Source.CAMARA, source, utc_now)
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
        await asyncio.wait_for(task, 5)


async def move_to(redis: Redis, positions: dict[Walk, int], max_read_seq: int = 0) -> None:
    await publish_cursors(redis, {Source.CAMARA: SourceCursors(EPOCH, max_read_seq, positions)})


async def events(redis: Redis) -> list[Event]:
    return [decode(fields[b"payload"]) for _, fields in await redis.xrange(BILLS_STREAM)]


async def until(ask: Callable[[], Awaitable[T]], met: Callable[[T], bool], within: float = 5.0) -> T:
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


async def test_a_window_is_published_in_order_and_closed_with_its_count(redis: Redis) -> None:
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    first, bad, second, end = seen
    assert isinstance(first, BillObserved)
    assert isinstance(second, BillObserved)
    assert isinstance(bad, RecordRejected)
    assert isinstance(end, WindowEnded)
    assert [first.window.index, bad.window.index, second.window.index] == [0, 1, 2]
    assert (end.items, end.lo, end.hi) == (3, 2, 3)
    assert first.read_seq < second.read_seq <= end.max_read_seq
    assert bad.raw == '{"id": [\\xff]}'


async def test_the_next_window_waits_for_the_last_one_to_be_stored(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    await move_to(redis, {Walk.INCREMENTAL: 1})
    async with running(source, redis) as board:
        await until(lambda: events(redis), lambda found: len(ends(found)) == 1)
        await asyncio.sleep(0.3)
        assert [window.lo for window in source.windows] == [1]

        await move_to(redis, {Walk.INCREMENTAL: 2})
        await until(lambda: events(redis), lambda found: len(ends(found)) == 2)
        assert [window.lo for window in source.windows] == [1, 2]
        assert board.state().last_success_at is not None


async def test_a_window_that_is_not_stored_in_time_is_read_again(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    await move_to(redis, {Walk.INCREMENTAL: 1})
    async with running(source, redis, confirm_timeout=0.2) as board:
        await until(lambda: events(redis), lambda found: len(ends(found)) == 1)
        await redis.flushdb()  # what a lost Redis looks like: the events are gone, nobody stored them
        await move_to(redis, {Walk.INCREMENTAL: 1})
        again = await until(lambda: events(redis), lambda found: len(ends(found)) == 1)

    assert len(again) == 4
    assert board.state().windows_failed == 1


async def test_while_the_stream_still_holds_the_window_it_is_not_read_twice(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    await move_to(redis, {Walk.INCREMENTAL: 1})
    async with running(source, redis, confirm_timeout=0.1):
        await until(lambda: events(redis), lambda found: len(ends(found)) == 1)
        await asyncio.sleep(0.6)

    assert len(source.windows) == 1


async def test_a_window_cut_by_upstream_has_no_end_and_is_read_again(redis: Redis) -> None:
    calls = 0

    async def breaks_once(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        nonlocal calls
        calls += 1
        yield reading("1", context)
        if calls == 1:
            raise UpstreamUnavailable("503", retry_after=0.05)
        yield reading("2", context)

    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: breaks_once}), redis) as board:
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert ends(seen)[0].items == 2
    assert board.state().last_error is not None
    assert board.state().windows_failed == 1


async def test_readings_are_newer_than_those_on_their_way_though_the_clock_was_set_back(redis: Redis) -> None:
    """What the process before this one published may be stored at any moment, and must not make these look old."""
    before = int(utc_now().timestamp() * 1e6) + 3_600_000_000
    bill = Bill(source=Source.CAMARA, upstream_id="1", title="Dispõe sobre testes.")
    provenance = Provenance(url="http://upstream/1", fetched_at=utc_now(), payload_sha256="0" * 64, parser_version="1")
    on_its_way = BillObserved(
        source=Source.CAMARA, published_at=utc_now(), window=WindowRef(window_id="w", walk=Walk.INCREMENTAL, index=0),
        read_seq=before, bill=bill, provenance=provenance, part=ReadingPart.DETAIL, marks={},
    )  # fmt: skip
    await Publisher(redis, capacity=10).publish([(on_its_way, None)])
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    sequences = [event.read_seq for event in seen if isinstance(event, BillObserved)]
    assert sequences[0] == before
    assert min(sequences[1:]) > before


async def test_without_a_checkpoint_nothing_is_guessed(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    async with running(source, redis):
        await asyncio.sleep(0.7)

    assert source.windows == []


async def test_a_long_backfill_does_not_hold_up_what_changed_today(redis: Redis) -> None:
    release = asyncio.Event()

    async def endless_year(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        yield reading("old", context)
        await release.wait()

    await move_to(redis, {Walk.INCREMENTAL: 2, Walk.BACKFILL: 2})
    async with running(ScriptedSource({Walk.BACKFILL: endless_year, Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))
        release.set()

    assert ends(seen)[0].walk is Walk.INCREMENTAL


async def test_read_sequences_continue_above_what_is_stored(redis: Redis) -> None:
    far_ahead = 9_000_000_000_000_000
    await move_to(redis, {Walk.INCREMENTAL: 2}, max_read_seq=far_ahead)
    async with running(ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert all(event.read_seq > far_ahead for event in seen if isinstance(event, BillObserved))


async def test_the_memory_of_stored_readings_holds_only_under_the_databases_epoch(redis: Redis) -> None:
    answers: list[str | None] = []

    async def asks(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        await context.prefetch(["1", "2"], ReadingPart.DETAIL)
        answers.extend((context.seen("1", ReadingPart.DETAIL), context.seen("2", ReadingPart.DETAIL)))
        yield reading("1", context)

    await write_seen(redis, EPOCH, [SeenReading(Source.CAMARA, "1", 5, {ReadingPart.DETAIL: "stored"})])
    await write_seen(redis, "another", [SeenReading(Source.CAMARA, "2", 5, {ReadingPart.DETAIL: "void"})])
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: asks}), redis):
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert answers == ["stored", None]


async def test_the_memory_is_not_believed_while_readings_of_before_are_still_on_their_way(redis: Redis) -> None:
    """They may change what is stored: left out as known, the older state would then stay in their place."""
    answers: list[str | None] = []
    left_behind = await redis.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": "{}"})

    async def asks(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        for look in range(3):
            if look == 1:
                await redis.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": "of this process"})
                await redis.xdel(BILLS_STREAM, left_behind)
            await context.prefetch(["1"], ReadingPart.DETAIL)
            answers.append(context.seen("1", ReadingPart.DETAIL))
        if len(answers) == 3:
            raise UpstreamUnavailable("503", retry_after=0.05)  # what this window has published is in doubt now
        await redis.delete(BILLS_STREAM)
        yield reading("1", context)

    await write_seen(redis, EPOCH, [SeenReading(Source.CAMARA, "1", 5, {ReadingPart.DETAIL: "stored"})])
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: asks}), redis):
        await until(lambda: redis.xlen(BILLS_STREAM), lambda found: found == 2)

    assert answers == [None, "stored", "stored", None, None, None]


async def test_what_the_other_lane_has_on_the_way_is_not_believed_to_be_as_it_was(redis: Redis) -> None:
    """The source goes from A to B and back: one lane sends B, and the other must send A though A is remembered."""
    answers: list[str | None] = []
    asked, sent = asyncio.Event(), asyncio.Event()

    async def sends(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        await asked.wait()
        yield reading("1", context, "B")
        sent.set()

    async def asks(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        await context.prefetch(["1", "2"], ReadingPart.DETAIL)
        answers.append(context.seen("1", ReadingPart.DETAIL))
        asked.set()
        await sent.wait()
        answers.append(context.seen("1", ReadingPart.DETAIL))
        await context.prefetch(["1", "2"], ReadingPart.DETAIL)
        answers.extend((context.seen("1", ReadingPart.DETAIL), context.seen("2", ReadingPart.DETAIL)))
        await until(lambda: redis.xlen(BILLS_STREAM), lambda found: found > 0)
        await redis.delete(BILLS_STREAM)  # what a worker leaves when it is done
        await context.prefetch(["1"], ReadingPart.DETAIL)
        answers.append(context.seen("1", ReadingPart.DETAIL))
        yield reading("3", context)

    marks = {ReadingPart.DETAIL: "A"}
    await write_seen(redis, EPOCH, [SeenReading(Source.CAMARA, key, 5, marks) for key in ("1", "2")])
    await move_to(redis, {Walk.INCREMENTAL: 2, Walk.BACKFILL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: asks, Walk.BACKFILL: sends}), redis):
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert answers == ["A", None, None, "A", "A"]


async def test_the_stores_questions_are_answered_with_what_changed_today(redis: Redis) -> None:
    """What one answer costs or breaks keeps neither the others nor the window from being stored."""
    await publish_questions(redis, {Source.CAMARA: ["7", "away", "defect", "gone"]})
    await move_to(redis, {Walk.INCREMENTAL: 2})
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    async with running(source, redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert sorted(source.asked) == ["7", "away", "defect", "gone"]
    assert ends(seen)[0].items == 5
    observed = [event.bill.upstream_id for event in seen if isinstance(event, BillObserved)]
    assert observed == ["1", "2", "7"]
    (absence,) = [event for event in seen if isinstance(event, BillGone)]
    assert (absence.upstream_id, absence.read_seq <= ends(seen)[0].max_read_seq) == ("gone", True)


async def test_a_backfill_answers_no_questions(redis: Redis) -> None:
    await publish_questions(redis, {Source.CAMARA: ["7"]})
    await move_to(redis, {Walk.BACKFILL: 2})
    source = ScriptedSource({Walk.BACKFILL: two_and_a_bad_one})
    async with running(source, redis):
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert source.asked == []


async def test_a_defect_in_one_window_does_not_end_the_service(redis: Redis) -> None:
    calls = 0

    async def crashes_once(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ZeroDivisionError("a defect of ours")
        yield reading("1", context)

    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: crashes_once}), redis) as board:
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert "defect" in (board.state().last_error or "")
