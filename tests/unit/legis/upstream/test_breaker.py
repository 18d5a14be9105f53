"""The circuit breaker against every defect of aiobreaker that matters in one process."""

import abc
import asyncio
import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aiobreaker import CircuitBreakerListener, CircuitBreakerState
from legis.errors import BreakerOpen, RecordGone, UpstreamUnavailable
from legis.upstream import BreakerPolicy
from legis.upstream.breaker import GuardedBreaker, Permit


class Time:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Metaclassed(abc.ABC, Exception):
    """An exception class whose type is not `type`."""


async def good() -> str:
    return "good"


async def bad() -> str:
    raise UpstreamUnavailable("503")


async def gone() -> str:
    raise RecordGone("404")


def make(time: Time, *, ignored: tuple[type[Exception], ...] = (RecordGone,), **changes: Any) -> GuardedBreaker:
    options = {name: changes.pop(name) for name in ("listeners", "hung_after", "chance") if name in changes}
    return GuardedBreaker(
        BreakerPolicy(**{"jitter": 0.0, **changes}), clock=time, ignored=ignored, **{"chance": lambda: 0.5, **options}
    )


async def fail(breaker: GuardedBreaker, times: int) -> None:
    for _ in range(times):
        with pytest.raises(UpstreamUnavailable):
            await breaker.call_async(bad)


def state(breaker: GuardedBreaker) -> str:
    return breaker.snapshot().state


@pytest.fixture
def time() -> Time:
    return Time()


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


async def test_open_time_doubles_up_to_its_limit_and_starts_anew_after_closing(time: Time) -> None:
    breaker = make(time)
    await fail(breaker, 5)
    seen = [breaker.retry_after]
    for _ in range(5):
        time.now += breaker.retry_after or 0.0
        await fail(breaker, 1)
        seen.append(breaker.retry_after)
    assert seen == [30.0, 60.0, 120.0, 240.0, 300.0, 300.0]
    time.now += 300.0
    await breaker.call_async(good)
    await breaker.call_async(good)
    await fail(breaker, 5)
    assert breaker.retry_after == 30.0


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 22.5), (0.5, 30.0), (0.999999, 37.5)])
async def test_open_time_varies_by_a_quarter(time: Time, chance: float, seconds: float) -> None:
    breaker = make(time, jitter=0.25, chance=lambda: chance)
    await fail(breaker, 5)
    assert breaker.retry_after == pytest.approx(seconds, abs=0.01)


@pytest.mark.parametrize(("asked", "lasting"), [(7.0, 7.0), (120.0, 120.0), (4000.0, 300.0), (0.0, 1.0)])
async def test_what_upstream_asks_for_is_the_open_time(time: Time, asked: float, lasting: float) -> None:
    breaker = make(time)

    async def busy() -> None:
        raise UpstreamUnavailable("503", retry_after=asked)

    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            await breaker.call_async(busy)
    assert breaker.retry_after == lasting


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
        permit.waits()
        time.now += 100.0
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(breaker.guard(queued), 0.001)
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
        permit.waits()
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


class Broken(CircuitBreakerListener):  # type: ignore[misc]
    """A listener that fails at every occasion."""

    def before_call(self, *_: object) -> None:
        raise RuntimeError("listener")

    failure = success = state_change = before_call


class Recorder(CircuitBreakerListener):  # type: ignore[misc]
    """A listener that writes down the state it sees."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.failures = 0
        self.successes = 0

    def state_change(self, breaker: Any, old: Any, new: Any) -> None:
        assert new.state is breaker.current_state is not old.state
        self.states.append(breaker.snapshot().state)

    def failure(self, breaker: Any, exception: Any) -> None:
        self.failures += 1

    def success(self, breaker: Any) -> None:
        self.successes += 1


async def test_a_raising_listener_changes_nothing_and_the_next_one_still_hears(time: Time) -> None:
    recorder = Recorder()
    breaker = make(time, listeners=[Broken(), recorder])
    assert await breaker.call_async(good) == "good"
    await fail(breaker, 5)
    assert state(breaker) == "open"
    assert (recorder.failures, recorder.successes) == (5, 1)
    time.now += 30.0
    await breaker.call_async(good)
    await breaker.call_async(good)
    assert recorder.states == ["open", "half_open", "closed"]


def test_a_listener_that_would_never_be_awaited_is_refused(time: Time) -> None:
    class Asynchronous(CircuitBreakerListener):  # type: ignore[misc]
        async def failure(self, *_: object) -> None: ...

    with pytest.raises(TypeError, match=r"Asynchronous\.failure"):
        make(time, listeners=[Asynchronous()])


def test_doors_that_count_nothing_are_shut(time: Time) -> None:
    breaker = make(time)
    with pytest.raises(TypeError):
        breaker.call(good)
    with pytest.raises(TypeError):
        breaker(good)


async def test_a_wrapped_function_is_counted_by_both_breakers_around_it(time: Time) -> None:
    outer, inner = make(time), make(time)
    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            await outer.call_async(inner.call_async, bad)
    assert state(outer) == state(inner) == "open"


async def test_programming_errors_and_timeouts_inside_count(time: Time) -> None:
    breaker = make(time)

    async def slow() -> None:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()

    for _ in range(5):
        with pytest.raises(TimeoutError):
            await breaker.call_async(slow)
    assert state(breaker) == "open"


async def test_times_are_asked_without_error_in_every_state(time: Time) -> None:
    breaker = make(time)
    assert breaker.opens_at is None
    assert breaker.time_until_open is None
    await breaker.sleep_until_open()
    await fail(breaker, 5)
    assert breaker.time_until_open == timedelta(seconds=30)
    snapshot = breaker.snapshot()
    assert snapshot.opened_at is not None
    assert (snapshot.failures, snapshot.reset_timeout, snapshot.retry_after) == (5, 30.0, 30.0)
    time.now += 31.0
    assert breaker.time_until_open == timedelta(0)
    await breaker.sleep_until_open()


@pytest.mark.parametrize("wrong", [{"open_seconds": 0}, {"probes": 0}, {"failure_rate": 0.0}, {"minimum_calls": 21}])
def test_a_policy_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="breaker"):
        BreakerPolicy(**wrong)


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


ELSEWHERE = """
    import asyncio, time
    from legis.errors import BreakerOpen
    from legis.upstream.breaker import GuardedBreaker
    from legis.upstream.policy import BreakerPolicy

    async def bad():
        raise OSError("down")

    async def main():
        policy = BreakerPolicy(open_seconds=30.0, jitter=0.0)
        breaker = GuardedBreaker(policy)
        for _ in range(5):
            try:
                await breaker.call_async(bad)
            except OSError:
                pass
        try:
            await breaker.call_async(bad)
        except BreakerOpen as refused:
            assert 29.0 < refused.retry_after <= 30.0, refused.retry_after
        else:
            raise AssertionError("not open")
        assert 29.0 < breaker.time_until_open.total_seconds() <= 30.0
        assert abs((breaker.opens_at - breaker.snapshot().opened_at).total_seconds() - 30.0) < 1.0
        print("fine in", time.tzname[0])

    asyncio.run(main())
"""


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Tokyo", "UTC"])
def test_warnings_as_errors_and_any_time_zone_make_no_difference(zone: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(ELSEWHERE)],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "fine in" in done.stdout


async def test_new_rules_hold_from_the_next_call_on_and_keep_what_was_counted() -> None:
    time = Time()
    breaker = make(time, consecutive_failures=10, minimum_calls=20)
    await fail(breaker, 3)
    assert state(breaker) == "closed"
    breaker.adopt(BreakerPolicy(consecutive_failures=4, open_seconds=7, max_open_seconds=9, jitter=0.0))
    await fail(breaker, 1)
    assert state(breaker) == "open"
    assert breaker.retry_after == 7


async def test_new_rules_shorten_a_wait_that_runs() -> None:
    time = Time()
    breaker = make(time, open_seconds=300.0)
    await fail(breaker, 5)
    assert breaker.retry_after == 300
    breaker.adopt(BreakerPolicy(open_seconds=1, max_open_seconds=2, jitter=0.0))
    assert breaker.retry_after == 2
    assert breaker.snapshot().reset_timeout == 2
    time.now += 2
    assert await breaker.call_async(good) == "good"
