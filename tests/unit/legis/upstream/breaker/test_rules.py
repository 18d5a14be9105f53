"""The rules that a circuit breaker is given."""

from typing import Any

import pytest
from legis.upstream import BreakerPolicy
from unit.legis.upstream.breaker.calls import Time, fail, good, make, state


@pytest.mark.parametrize("wrong", [{"open_seconds": 0}, {"probes": 0}, {"failure_rate": 0.0}, {"minimum_calls": 21}])
def test_a_policy_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="breaker"):
        BreakerPolicy(**wrong)


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
