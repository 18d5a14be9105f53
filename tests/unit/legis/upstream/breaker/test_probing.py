"""How the circuit breaker finds its way back to closed."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from legis.errors import BreakerOpen, RecordGone, UpstreamUnavailable
from legis.upstream.breaker import Permit
from unit.legis.upstream.breaker.calls import Time, fail, good, make, state


async def test_half_open_admits_one_of_five_hundred(time: Time) -> None:
    breaker = make(time)
    await fail(breaker, 5)
    time.now += 30.0
    asked = 0
    answer = asyncio.Event()

    async def slow() -> str:
        nonlocal asked
        asked += 1
        await answer.wait()
        return "good"

    calls = [asyncio.create_task(breaker.call_async(slow)) for _ in range(500)]
    await asyncio.sleep(0.01)
    answer.set()
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert asked == 1
    assert sum(isinstance(result, BreakerOpen) for result in results) == 499
    assert state(breaker) == "half_open"


async def test_two_successes_close_it_and_one_does_not(time: Time) -> None:
    breaker = make(time)
    await fail(breaker, 5)
    time.now += 30.0
    await breaker.call_async(good)
    assert state(breaker) == "half_open"
    await breaker.call_async(good)
    assert state(breaker) == "closed"
    assert breaker.retry_after is None
    await fail(breaker, 4)  # nothing of before the outage counts any more
    assert state(breaker) == "closed"


async def test_a_cancelled_probe_gives_its_place_to_the_next(time: Time) -> None:
    breaker = make(time)
    await fail(breaker, 5)
    time.now += 30.0
    probe = asyncio.create_task(breaker.call_async(asyncio.Event().wait))
    await asyncio.sleep(0)
    with pytest.raises(BreakerOpen):
        await breaker.call_async(good)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    await breaker.call_async(good)
    await breaker.call_async(good)
    assert state(breaker) == "closed"


@pytest.mark.parametrize("probes", [1, 3])
async def test_random_walks_are_never_stuck_and_never_over_the_probes(probes: int) -> None:
    for seed in range(300):
        await _walk(random.Random(seed), probes)


async def _walk(dice: random.Random, probes: int) -> None:
    time = Time()
    breaker = make(time, probes=probes, jitter=0.25, chance=dice.random, hung_after=5.0)
    running: list[tuple[asyncio.Task[object], asyncio.Future[object]]] = []
    probing = 0

    async def upstream(permit: Permit, end: asyncio.Future[object]) -> object:
        nonlocal probing
        probing += permit.probe
        assert probing <= probes
        try:
            return await end
        finally:
            probing -= permit.probe

    def call() -> None:
        end: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        guarded: Callable[[Permit], Any] = lambda permit: upstream(permit, end)  # noqa: E731
        running.append((asyncio.create_task(breaker.guard(guarded)), end))

    for _ in range(60):
        time.now += dice.choice([0.0, 0.0, 1.0, 6.0, 40.0])
        for _ in range(dice.randrange(4)):
            call()
        await asyncio.sleep(0)
        for _ in range(dice.randrange(3)):
            if running:
                _end(*running.pop(dice.randrange(len(running))), dice)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    for task, end in running:
        _end(task, end, dice)
    await asyncio.gather(*(task for task, _ in running), return_exceptions=True)
    assert probing == 0
    time.now += 301.0
    for _ in range(2):
        assert await breaker.call_async(good) == "good"
    assert state(breaker) == "closed"


def _end(task: asyncio.Task[object], end: asyncio.Future[object], dice: random.Random) -> None:
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    draw = dice.randrange(5)
    if draw == 0:
        task.cancel()
    elif end.done():
        return
    elif draw == 1:
        end.set_exception(RecordGone("404"))
    elif draw in (2, 3):
        end.set_exception(UpstreamUnavailable("503", retry_after=dice.choice([None, 3.0])))
    else:
        end.set_result("good")
    end.add_done_callback(lambda done: done.cancelled() or done.exception())
