"""The promise of the rate limiter, on a clock that the test moves."""

import asyncio
import itertools
import random

import pytest
from legis.upstream.pacing import RateLimiter, SharedPause


class Sleeper:
    """A clock whose sleeps pass at once, each as much too late as `lateness` says."""

    def __init__(self, seed: int = 0, lateness: float = 0.0) -> None:
        self.now = 50.0
        self._dice = random.Random(seed)
        self._lateness = lateness

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self._dice.random() * self._lateness
        await asyncio.sleep(0)


async def releases(sleeper: Sleeper, limiter: RateLimiter, callers: int) -> list[float]:
    times: list[float] = []

    async def caller() -> None:
        with await limiter.acquire():
            times.append(sleeper.now)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return times


def busiest_second(times: list[float]) -> int:
    return max(sum(start <= one < start + 1.0 for one in times) for start in times)


@pytest.mark.parametrize("rate", [1.0, 2.5, 8.0, 30.0])
@pytest.mark.parametrize("burst", [1, 5])
@pytest.mark.parametrize("seed", range(5))
async def test_no_second_holds_more_than_promised(rate: float, burst: int, seed: int) -> None:
    sleeper = Sleeper(seed, lateness=0.3)
    limiter = RateLimiter(rate, burst, clock=sleeper, sleep=sleeper.sleep)
    assert busiest_second(await releases(sleeper, limiter, 120)) <= rate


@pytest.mark.parametrize("seed", range(5))
async def test_a_request_counts_from_when_it_left_and_not_from_when_it_might(seed: int) -> None:
    sleeper = Sleeper(seed, lateness=0.3)
    limiter = RateLimiter(8.0, clock=sleeper, sleep=sleeper.sleep)
    left: list[float] = []

    async def connects_slowly(number: int) -> None:
        with await limiter.acquire() as turn:
            ready = sleeper.now + (3.0 if number % 10 == 0 else 0.0)
            while sleeper.now < ready:
                await sleeper.sleep(0.02)
            left.append(sleeper.now)
            turn.mark_sent()

    await asyncio.gather(*(connects_slowly(number) for number in range(60)))
    assert busiest_second(left) <= 8


async def test_the_window_stays_shut_while_all_that_were_let_go_have_not_left() -> None:
    limiter = RateLimiter(2.0, 2)
    under_way = [await limiter.acquire() for _ in range(2)]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await limiter.acquire()
    for turn in under_way:
        turn.mark_sent()
        turn.mark_sent()
    async with asyncio.timeout(3):
        await limiter.acquire()


async def test_requests_are_spaced_evenly_and_at_the_promised_rate() -> None:
    sleeper = Sleeper()
    times = await releases(sleeper, RateLimiter(8.0, clock=sleeper, sleep=sleeper.sleep), 81)
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert min(gaps) == pytest.approx(0.125)
    assert 7.5 <= 80 / (times[-1] - times[0]) <= 8.0


async def test_below_one_a_second_the_spacing_decides() -> None:
    sleeper = Sleeper()
    times = await releases(sleeper, RateLimiter(0.5, clock=sleeper, sleep=sleeper.sleep), 4)
    assert times == pytest.approx([50.0, 52.0, 54.0, 56.0])


async def test_a_burst_goes_at_once_and_is_earned_back_by_waiting() -> None:
    sleeper = Sleeper()
    limiter = RateLimiter(10.0, 4, clock=sleeper, sleep=sleeper.sleep)
    assert await releases(sleeper, limiter, 4) == pytest.approx([50.0] * 4)
    sleeper.now += 60.0
    assert await releases(sleeper, limiter, 4) == pytest.approx([sleeper.now] * 4)


async def test_idle_time_earns_no_more_than_the_burst() -> None:
    sleeper = Sleeper()
    limiter = RateLimiter(8.0, clock=sleeper, sleep=sleeper.sleep)
    sleeper.now += 1000.0
    times = await releases(sleeper, limiter, 3)
    assert times == pytest.approx([1050.0, 1050.125, 1050.25])


async def test_a_pause_stops_those_who_wait_already() -> None:
    sleeper = Sleeper()
    pause = SharedPause(clock=sleeper)
    limiter = RateLimiter(1.0, pause=pause, clock=sleeper, sleep=sleeper.sleep)
    (await limiter.acquire()).mark_sent()
    waiting = asyncio.create_task(limiter.acquire())
    await asyncio.sleep(0)
    pause.extend(30.0)
    began = sleeper.now
    await waiting
    assert sleeper.now >= began + 30.0 - 1.0


async def test_a_cancelled_caller_takes_nothing_from_the_others() -> None:
    sleeper, sleeping = Sleeper(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        await sleeping.wait()
        await sleeper.sleep(seconds)

    limiter = RateLimiter(20.0, clock=sleeper, sleep=sleep)
    (await limiter.acquire()).mark_sent()
    began = sleeper.now
    waiting = [asyncio.create_task(limiter.acquire()) for _ in range(10)]
    await asyncio.sleep(0)
    for task in waiting[:9]:
        task.cancel()
    sleeping.set()
    await waiting[9]
    assert sleeper.now - began < 0.4, "with its nine predecessors it would be half a second"
    await asyncio.gather(*waiting, return_exceptions=True)


def test_a_pause_is_never_made_shorter() -> None:
    sleeper = Sleeper()
    pause = SharedPause(clock=sleeper)
    assert pause.ends_at() is None
    pause.extend(100.0)
    pause.extend(5.0)
    assert pause.remaining == 100.0
    assert pause.ends_at() is not None
    sleeper.now += 100.0
    assert pause.remaining == 0.0
