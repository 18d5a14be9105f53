"""GCRA in a real Redis: exact over two replicas, over a minute, and when Redis is away; nothing is left behind."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from api_gateway.web.pipeline.limits.gcra import LocalGcra, Rate, SharedGcra

SLOW = Rate(per_minute=1, burst=20)
"""What comes due while a test runs is less than a unit."""


@asynccontextmanager
async def gates(url: str, count: int) -> AsyncIterator[list[RedisFailFast]]:
    opened = [RedisFailFast(url, timeout_seconds=10) for _ in range(count)]  # a busy machine is no Redis that is away
    for gate in opened:
        await gate.look(gate.client.ping)
    yield opened
    for gate in opened:
        await gate.close()


async def refused_of(gcra: list[SharedGcra], count: int, at_once: int, rate: Rate) -> int:
    places = asyncio.Semaphore(at_once)

    async def one(number: int) -> bool:
        async with places:
            return (await gcra[number % len(gcra)].take("a", rate)).refused

    return sum(await asyncio.gather(*map(one, range(count))))


async def test_burst_and_one_of_500_over_two_replicas(redis_url: str) -> None:
    async with gates(redis_url, 2) as both:
        gcra = [SharedGcra(gate, LocalGcra()) for gate in both]
        assert await refused_of(gcra, 500, 500, SLOW) == 500 - 21
        assert all(gate.open for gate in both), "or the replicas counted alone"


async def test_a_minute_of_asking_gets_the_limit(redis_url: str) -> None:
    time = 1_800_000_000.0
    async with gates(redis_url, 1) as (gate,):
        gcra, rate = SharedGcra(gate, LocalGcra(), clock=lambda: time), Rate(600, 20)
        while not (await gcra.take("a", rate)).refused:
            pass
        begin, let_through = time, 0
        while time < begin + 60:
            time += 0.031
            let_through += not (await gcra.take("a", rate)).refused
        assert let_through == pytest.approx(600, rel=0.02)
        assert gate.open


async def test_the_clock_of_redis_pays_back(redis_url: str) -> None:
    rate = Rate(per_minute=1200, burst=0)
    async with gates(redis_url, 1) as (gate,):
        gcra = SharedGcra(gate, LocalGcra())
        assert not (await gcra.take("a", rate)).refused
        refused = await gcra.take("a", rate)
        assert (refused.refused, refused.retry_after, refused.remaining) == (True, 1, 0)
        async with asyncio.timeout(60):
            for _ in itertools.repeat(None):
                if not (await gcra.take("a", rate)).refused:
                    break
                await asyncio.sleep(0.005)
        assert gate.open


async def test_both_ways_of_counting_say_the_same(redis_url: str) -> None:
    time = 1_800_000_000.0
    async with gates(redis_url, 1) as (gate,):
        shared, local = SharedGcra(gate, LocalGcra(), clock=lambda: time), LocalGcra(clock=lambda: time)
        for step in range(300):
            time += (step * 7919 % 13) / 4
            rate, cost = (Rate(60, 10), Rate(7, 3))[step % 5 == 0], 1 + step * 31 % 14
            assert await shared.take(f"c{step % 3}", rate, cost) == local.take(f"c{step % 3}", rate, cost), step
        assert gate.open


async def test_a_refusal_is_told_again_without_asking_until_its_time(redis_url: str) -> None:
    time, rate = 1_800_000_000.0, Rate(60, 1)
    async with gates(redis_url, 1) as (gate,):
        gcra = SharedGcra(gate, LocalGcra(), clock=lambda: time)
        assert not (await gcra.take("a", rate, 2)).refused
        time += 0.1
        assert (await gcra.take("a", rate)).refused
        await gate.client.delete("legis:gcra:a")  # whoever asks now is let through
        time += 0.4
        again = await gcra.take("a", rate, 2)
        assert (again.refused, again.retry_after, again.remaining, again.reset_seconds) == (True, 1, 0, 2)
        assert not (await gcra.take("b", rate)).refused
        assert not (await gcra.take("a", Rate(61, 1))).refused, "another limit is another question"
        time += 0.6
        assert not (await gcra.take("a", rate)).refused


async def test_what_is_paid_back_is_forgotten(redis_url: str) -> None:
    async with gates(redis_url, 1) as (gate,):
        gcra = SharedGcra(gate, LocalGcra())
        await gcra.take("a", Rate(600, 5), cost=3)
        left = await gate.client.pttl("legis:gcra:a")
        assert 0 < left <= 302


async def test_a_clock_that_was_ahead_shuts_nobody_out(redis_url: str) -> None:
    async with gates(redis_url, 1) as (gate,):
        rate = Rate(60, 4)
        await SharedGcra(gate, LocalGcra(), clock=lambda: 1_800_003_600.0).take("a", rate)
        refused = await SharedGcra(gate, LocalGcra(), clock=lambda: 1_800_000_000.0).take("a", rate)
        assert refused.retry_after == 1


async def test_a_redis_that_forgot_the_script_or_closed_the_connection_counts_on(redis_url: str) -> None:
    async with gates(redis_url, 1) as (gate,):
        gcra = SharedGcra(gate, LocalGcra())
        assert (await gcra.take("a", SLOW)).remaining == 20
        await gate.client.script_flush()
        assert (await gcra.take("a", SLOW)).remaining == 19
        assert await gate.client.client_kill_filter(_type="normal", skipme=True) > 0
        assert (await gcra.take("a", SLOW)).remaining == 18
        assert gate.open, "or the replica counted alone"


async def test_an_answer_that_came_too_late_is_nobody_elses(redis_url: str) -> None:
    gate = RedisFailFast(redis_url, timeout_seconds=1)  # more than a busy machine takes for a call
    gcra = SharedGcra(gate, LocalGcra())
    await gate.look(gate.client.ping)
    assert (await gcra.take("a", SLOW, cost=5)).remaining == 16
    await gate.client.client_pause(4000)
    assert (await gcra.take("a", SLOW, cost=5)).remaining == 16, "alone: in memory nothing was used"
    assert not gate.open
    async with asyncio.timeout(60):
        while not gate.open:
            with contextlib.suppress(RedisAway):
                await gate.look(gate.client.ping)
    assert (await gcra.take("b", SLOW)).remaining == 20
    await gate.close()


async def test_while_redis_is_away_each_replica_counts_alone(closed_port: int) -> None:
    gate = RedisFailFast(f"redis://127.0.0.1:{closed_port}/0")
    gcra = SharedGcra(gate, LocalGcra())
    assert await refused_of([gcra], 50, 50, SLOW) == 50 - 21
    assert not gate.open
    await gate.close()
