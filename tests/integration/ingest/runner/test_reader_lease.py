# ruff: noqa: ASYNC110 (a lease ends by time, which sets no event)
"""The lease of a source, on a real Redis: one holder, its end by the holder's own clock, the fence of the stream."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from integration.ingest.runner import scripted
from legis.clock import utc_now
from legis.domain.vocabulary import Source
from legis.errors import NotTheReader, StreamUnavailable
from legis.errors import RecordRejected as RejectedError
from legis.events import Walk, WindowEnded
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.lease.leased_reading import read_while_leased
from legis.ingest.lease.reader_lease import ReaderLease
from legis.ingest.runner import IngestRunner
from legis.ingest.source import ReadContext, Reading, Window
from legis.ingest.state_reporter import StateReporter
from legis.streams.names import BILLS_STREAM, reader_lease_key
from legis.streams.publisher import Fence, Publisher
from redis.asyncio import Redis

SHORT, LONG = 3.0, 60.0
"""Seconds of a lease that shall end in a test, and of one that shall not. A busy machine may stand still for a second:
no test may depend on less.
"""


@pytest.fixture
def lease(redis: Redis) -> Callable[..., ReaderLease]:
    """`lease()`: that of one more process."""
    return lambda seconds=LONG: ReaderLease(redis, Source.CAMARA, seconds)


async def test_one_holds_it_and_another_takes_it_when_its_time_is_over(lease: Any) -> None:
    first, second = lease(SHORT), lease(SHORT)
    await first.ask()
    await second.ask()
    assert (first.held, second.held) == (True, False)
    assert second.holder == first.token
    with pytest.raises(NotTheReader, match=first.token):
        second.require()
    first.require()
    began = asyncio.get_running_loop().time()
    while not second.held:
        await second.ask()
        assert not (first.held and second.held)
        assert asyncio.get_running_loop().time() < began + 60
    with pytest.raises(NotTheReader):
        first.require()
    await first.ask()
    assert (first.held, first.holder) == (False, second.token)


async def test_renewing_keeps_it_and_releasing_frees_it_at_once(lease: Any) -> None:
    first, second = lease(SHORT), lease(SHORT)
    await first.ask()
    stop = asyncio.Event()
    renewing = asyncio.create_task(first.run(stop))
    for _ in range(10):  # longer than a lease
        await asyncio.sleep(SHORT / 8)
        await second.ask()
        assert (first.held, second.held) == (True, False)
    stop.set()
    await renewing
    await first.release()
    await second.ask()
    assert (first.held, second.held, second.blind) == (False, True, False)


async def test_by_its_own_clock_it_is_over_before_another_can_have_it(redis: Redis) -> None:
    now = 100.0
    suspended = ReaderLease(redis, Source.CAMARA, 60, clock=lambda: now)
    await suspended.ask()
    now += 53
    assert suspended.held
    now += 2
    assert not suspended.held, "55 of 60 s"


async def test_what_redis_has_forgotten_is_taken_blind(redis: Redis, lease: Any) -> None:
    first, second = lease(), lease()
    await first.ask()
    assert first.blind
    await redis.delete(reader_lease_key(Source.CAMARA))
    await second.ask()
    assert (second.held, second.blind) == (True, True)
    await first.ask()
    assert (first.held, first.holder) == (False, second.token)
    await redis.delete(reader_lease_key(Source.CAMARA))
    await second.ask()
    assert second.held


async def test_a_reader_that_lost_its_lease_publishes_nothing(redis: Redis, lease: Any) -> None:
    first, second = lease(), lease()
    await first.ask()
    publisher = Publisher(redis, capacity=10, fence=Fence(reader_lease_key(Source.CAMARA), first.token))
    event = WindowEnded(
        source=Source.CAMARA, published_at=utc_now(), window_id="w", walk=Walk.INCREMENTAL, lo=0, hi=1, items=0,
        max_read_seq=7,
    )  # fmt: skip
    assert len(await publisher.publish([(event, None), (event, None)])) == 2
    await first.release()
    await second.ask()
    with pytest.raises(StreamUnavailable, match="another process reads this source"):
        await publisher.publish([(event, None)])
    assert await redis.xlen(BILLS_STREAM) == 2


@asynccontextmanager
async def reading(redis: Redis, lease: ReaderLease, source: scripted.ScriptedSource) -> AsyncIterator[None]:
    reporter = StateReporter("ingest-camara", Source.CAMARA, source, utc_now, lease)
    publisher = Publisher(redis, capacity=1000, fence=Fence(reader_lease_key(Source.CAMARA), lease.token))

    def make_runner() -> IngestRunner:
        return IngestRunner(source, publisher, Checkpoint(redis, Source.CAMARA), reporter, confirm_timeout=5)

    stop = asyncio.Event()
    checkpoint = Checkpoint(redis, Source.CAMARA)
    tasks = [
        asyncio.create_task(lease.run(stop)),
        asyncio.create_task(read_while_leased(lease, checkpoint, reporter, make_runner, stop)),
        asyncio.create_task(reporter.publish(redis, stop)),
    ]
    try:
        yield
    finally:
        stop.set()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(task, 60)


async def windows(source: scripted.ScriptedSource, within: float) -> int:
    deadline = asyncio.get_running_loop().time() + within
    while not source.windows and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.01)
    return len(source.windows)


@pytest.mark.parametrize(("read_before", "seconds", "waits"), [(0, LONG, False), (9, SHORT, True)])
async def test_after_a_blind_take_a_source_that_was_read_before_is_left_alone_for_one_lease(
    redis: Redis, lease: Any, read_before: int, seconds: float, waits: bool
) -> None:
    await scripted.move_to(redis, {}, max_read_seq=read_before)
    source = scripted.ScriptedSource({Walk.INCREMENTAL: scripted.two_and_a_bad_one})
    began = asyncio.get_running_loop().time()
    async with reading(redis, lease(seconds), source):
        assert await windows(source, LONG / 2) == 1
        assert (asyncio.get_running_loop().time() - began >= seconds) == waits


async def test_who_loses_the_lease_stops_in_the_middle_of_a_window(redis: Redis, lease: Any) -> None:
    await scripted.move_to(redis, {})

    async def endless(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        while True:
            yield scripted.reading("1", context)
            await asyncio.sleep(0.01)

    source, first, second = scripted.ScriptedSource({Walk.INCREMENTAL: endless}), lease(SHORT), lease(SHORT)
    async with reading(redis, first, source):
        assert await windows(source, 60) == 1
        await redis.hset(reader_lease_key(Source.CAMARA), "token", second.token)
        stop = asyncio.Event()
        renewing = asyncio.create_task(second.run(stop))
        async with asyncio.timeout(60):
            while first.held:
                await asyncio.sleep(0.01)
        entries = await redis.xlen(BILLS_STREAM)
        await asyncio.sleep(0.5)
        assert await redis.xlen(BILLS_STREAM) == entries
        assert (first.held, second.held, len(source.windows)) == (False, True, 1)
        stop.set()
        await renewing
        await second.release()
        source.windows.clear()
        assert await windows(source, 60) == 1, "it reads again when the lease is free"
