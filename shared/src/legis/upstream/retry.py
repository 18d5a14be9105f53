"""Retries with backoff, paid from a budget that all calls of a source share.

Own code instead of the library stamina, because every retry must be paid from the shared budget, the wait after a 429
has a minimum that jitter may not go below, and an open circuit ends the loop. As hooks of that library it would be
longer.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from legis.errors import BreakerOpen, RetryableError, UpstreamRateLimited, UpstreamUnavailable

T = TypeVar("T")
CAPACITY = 500.0  # tokens, as all costs
COST = 5.0
TIMEOUT_COST = 10.0
REFUND = 1.0
LONG_OUTAGE_SECONDS = 30.0
LONG_OUTAGE_SHARE = 0.1


_once: ContextVar[bool] = ContextVar("ask once", default=False)


@contextmanager
def once() -> Iterator[None]:
    """Context in which each call is tried once: for records whose retries would only load upstream and open the
    circuit.
    """
    token = _once.set(True)
    try:
        yield
    finally:
        _once.reset(token)


class RetryBudget:
    """A token bucket for retries, shared by all calls of one source.

    A retry costs 5 tokens of 500, after a timeout 10; each success returns 1. When nothing has succeeded for 30 s since
    the first failure, retries are also limited to a tenth of the calls made since, so that they do not prolong an
    outage. `clock` is monotonic, in seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failing_since: float | None = None
        self._calls_in_outage = 0
        self._retries_in_outage = 0
        self.tokens = CAPACITY

    def succeeded(self) -> None:
        """An attempt succeeded."""
        self.tokens = min(CAPACITY, self.tokens + REFUND)
        self._failing_since = None
        self._calls_in_outage = self._retries_in_outage = 0

    def failed(self, *, first: bool) -> None:
        """Records that a request found upstream unavailable; `first` is true for a call's first attempt."""
        if self._failing_since is None:
            self._failing_since = self._clock()
        if first and self._in_long_outage():
            self._calls_in_outage += 1

    def spend(self, *, timed_out: bool) -> bool:
        """Takes the price of one retry. Returns False, and takes nothing, when the budget does not suffice."""
        cost = TIMEOUT_COST if timed_out else COST
        if self.tokens < cost:
            return False
        if self._in_long_outage():
            if self._retries_in_outage + 1 > LONG_OUTAGE_SHARE * self._calls_in_outage:
                return False
            self._retries_in_outage += 1
        self.tokens -= cost
        return True

    def _in_long_outage(self) -> bool:
        return self._failing_since is not None and self._clock() - self._failing_since > LONG_OUTAGE_SECONDS


class Retrier:
    """Runs a call up to `attempts` times. Only UpstreamUnavailable and UpstreamRateLimited are retried.

    The wait after an UpstreamUnavailable is drawn from 0 … `base`·2ⁿ, at most `cap` (full jitter), and never below
    `Retry-After`; where that is more than `cap`, the error is raised instead. After a 429 the wait is `Retry-After`
    plus up to a second. `on_retry` is called before each retry. Inside `once()` there is no retry.
    """

    def __init__(
        self,
        *,
        attempts: int,
        base: float,
        cap: float,
        budget: RetryBudget,
        on_retry: Callable[[], object] = lambda: None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._attempts = attempts
        self._base = base
        self._cap = cap
        self._budget = budget
        self._on_retry = on_retry
        self._sleep = sleep
        self._chance = chance

    async def run(self, call: Callable[[int], Awaitable[T]]) -> T:
        """Returns the result of `call(n)`, where n = 0, 1, 2 … is the attempt; raises the last attempt's error.

        Where the circuit opened meanwhile, that is the error of the attempt before, which upstream answered.
        """
        attempts = 1 if _once.get() else self._attempts
        number, answered = 0, None
        while True:
            try:
                result = await call(number)
            except BreakerOpen:
                if answered is not None:
                    raise answered from None
                raise
            except (UpstreamUnavailable, UpstreamRateLimited) as error:
                if isinstance(error, UpstreamUnavailable):
                    self._budget.failed(first=number == 0)
                number, answered = number + 1, error
                wait = self._wait(error, number)
                if number >= attempts or wait is None or not self._budget.spend(timed_out=_timed_out(error)):
                    raise
                self._on_retry()
            else:
                self._budget.succeeded()
                return result
            await self._sleep(wait)

    def _wait(self, error: RetryableError, number: int) -> float | None:
        asked = error.retry_after
        if isinstance(error, UpstreamRateLimited):
            return (asked or 0.0) + self._chance()
        jittered = min(self._cap, self._base * 2.0 ** (number - 1)) * self._chance()
        if asked is None:
            return jittered
        return None if asked > self._cap else max(jittered, asked + self._chance())


def _timed_out(error: BaseException) -> bool:
    return isinstance(error.__cause__, TimeoutError)
