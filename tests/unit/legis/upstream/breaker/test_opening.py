"""When the circuit breaker opens."""

import asyncio

import pytest
from aiobreaker import CircuitBreakerState
from legis.errors import BreakerOpen, UpstreamUnavailable
from legis.upstream.breaker import Permit
from unit.legis.upstream.breaker.calls import Time, bad, fail, good, make, state


async def test_five_in_a_row_open_it_and_the_tripping_call_raises_its_own_error(time: Time) -> None:
    breaker = make(time)
    await fail(breaker, 5)
    assert state(breaker) == "open"
    assert breaker.current_state is CircuitBreakerState.OPEN
    with pytest.raises(BreakerOpen) as refused:
        await breaker.call_async(good)
    assert refused.value.retry_after == 30.0


async def test_half_of_ten_open_it_though_never_five_in_a_row(time: Time) -> None:
    breaker = make(time)
    for number in range(9):
        await (fail(breaker, 1) if number % 2 else breaker.call_async(good))
    assert state(breaker) == "closed"
    await fail(breaker, 1)
    assert state(breaker) == "open"


async def test_a_long_good_past_does_not_hide_a_bad_present(time: Time) -> None:
    breaker = make(time)
    for _ in range(200):
        await breaker.call_async(good)
    for _ in range(9):
        await fail(breaker, 1)
        await breaker.call_async(good)
    assert state(breaker) == "closed"
    await fail(breaker, 1)
    assert state(breaker) == "open"


async def test_results_from_before_an_outage_do_not_reopen_or_close_it(time: Time) -> None:
    breaker = make(time)
    release = asyncio.Event()

    async def late(error: Exception | None) -> None:
        await release.wait()
        if error:
            raise error

    old = [asyncio.create_task(breaker.call_async(late, UpstreamUnavailable("old"))) for _ in range(20)]
    old += [asyncio.create_task(breaker.call_async(late, None)) for _ in range(20)]
    await asyncio.sleep(0)
    await fail(breaker, 5)
    until = breaker.retry_after
    time.now += 10.0
    release.set()
    await asyncio.gather(*old, return_exceptions=True)
    assert state(breaker) == "open"
    assert breaker.retry_after == (until or 0) - 10.0  # late failures do not make it longer
    time.now += 20.0
    await breaker.call_async(good)
    await breaker.call_async(good)
    assert state(breaker) == "closed"


async def test_who_waited_while_it_opened_does_not_ask(time: Time) -> None:
    breaker = make(time)
    turn = asyncio.Event()
    asked = 0

    async def queued(permit: Permit) -> None:
        nonlocal asked
        permit.pause_timing()
        await turn.wait()
        breaker.confirm(permit)
        asked += 1

    waiting = [asyncio.create_task(breaker.guard(queued)) for _ in range(10)]
    await asyncio.sleep(0)
    await fail(breaker, 5)
    turn.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert asked == 0
    assert all(isinstance(result, BreakerOpen) for result in results)


async def test_a_wrapped_function_is_counted_by_both_breakers_around_it(time: Time) -> None:
    outer, inner = make(time), make(time)
    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            await outer.call_async(inner.call_async, bad)
    assert state(outer) == state(inner) == "open"
