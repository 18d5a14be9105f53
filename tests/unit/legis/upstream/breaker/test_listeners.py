"""What the circuit breaker tells its listeners."""

from typing import Any

import pytest
from aiobreaker import CircuitBreakerListener
from unit.legis.upstream.breaker.calls import Time, fail, good, make, state


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
