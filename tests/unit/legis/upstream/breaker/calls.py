"""Calls that end as told, through a circuit breaker whose clock moves as told."""

import abc
from typing import Any

import pytest
from legis.errors import RecordGone, UpstreamUnavailable
from legis.upstream import BreakerPolicy
from legis.upstream.breaker import GuardedBreaker


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
