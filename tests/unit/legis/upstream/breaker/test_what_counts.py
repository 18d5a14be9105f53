"""Which ends of a call the circuit breaker holds against upstream."""

import asyncio

import pytest
from legis.errors import RecordGone, UpstreamUnavailable
from legis.upstream.breaker import Permit
from unit.legis.upstream.breaker.calls import Metaclassed, Time, fail, gone, good, make, state


async def test_ignored_errors_are_neither_failure_nor_success(time: Time) -> None:
    breaker = make(time)
    await fail(breaker, 4)
    for _ in range(50):
        with pytest.raises(RecordGone):
            await breaker.call_async(gone)
    assert state(breaker) == "closed"
    assert breaker.fail_counter == 4  # a success would have made it 0
    await fail(breaker, 1)
    time.now += 30.0
    for _ in range(5):
        with pytest.raises(RecordGone):
            await breaker.call_async(gone)
    assert state(breaker) == "half_open"  # a success would have closed it


async def test_an_ignored_class_with_a_metaclass_ignores_only_itself(time: Time) -> None:
    breaker = make(time, ignored=(Metaclassed,))
    await fail(breaker, 5)
    assert state(breaker) == "open"


async def test_a_group_is_ignored_only_when_all_in_it_is(time: Time) -> None:
    breaker = make(time, consecutive_failures=1)

    async def group(*errors: Exception) -> None:
        raise ExceptionGroup("several", list(errors))

    nested = ExceptionGroup("inner", [RecordGone("a")])
    with pytest.raises(ExceptionGroup):
        await breaker.call_async(group, RecordGone("b"), nested)
    assert state(breaker) == "closed"
    with pytest.raises(ExceptionGroup):
        await breaker.call_async(group, RecordGone("b"), UpstreamUnavailable("c"))
    assert state(breaker) == "open"


async def test_callers_own_time_limits_on_a_hanging_upstream_open_it(time: Time) -> None:
    breaker = make(time, hung_after=5.0)

    async def hang() -> None:
        time.now += 5.0
        await asyncio.Event().wait()

    for _ in range(5):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(breaker.call_async(hang), 0.001)
    assert state(breaker) == "open"


async def test_a_shutdown_says_nothing_about_upstream(time: Time) -> None:
    breaker = make(time, hung_after=5.0)

    async def hang() -> None:
        await asyncio.Event().wait()

    for _ in range(50):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(breaker.call_async(hang), 0)
    assert state(breaker) == "closed"
    assert breaker.fail_counter == 0


async def test_time_spent_waiting_for_our_turn_is_not_held_against_upstream(time: Time) -> None:
    breaker = make(time, consecutive_failures=1)

    async def queued(permit: Permit) -> None:
        permit.pause_timing()
        time.now += 100.0
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(breaker.guard(queued), 0.001)
    assert state(breaker) == "closed"


def test_doors_that_count_nothing_are_shut(time: Time) -> None:
    breaker = make(time)
    with pytest.raises(TypeError):
        breaker.call(good)
    with pytest.raises(TypeError):
        breaker(good)


async def test_programming_errors_and_timeouts_inside_count(time: Time) -> None:
    breaker = make(time)

    async def slow() -> None:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()

    for _ in range(5):
        with pytest.raises(TimeoutError):
            await breaker.call_async(slow)
    assert state(breaker) == "open"
