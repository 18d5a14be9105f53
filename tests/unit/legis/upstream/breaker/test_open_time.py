"""How long the circuit breaker stays open."""

import os
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from legis.errors import UpstreamUnavailable
from unit.legis.upstream.breaker.calls import Time, fail, good, make


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
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert "fine in" in done.stdout
