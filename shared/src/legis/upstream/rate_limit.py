"""Never more requests than we promised, in any second; and one pause that all callers share."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from legis.clock import Clock, utc_now

WINDOW_SECONDS = 1.05
"""A second, and 5 % more: the other side counts arrivals, which bunch up a little compared with our departures."""


class SharedPause:
    """Until when nobody asks. It is only ever made longer. `clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = float("-inf")

    def extend(self, seconds: float) -> None:
        """Nobody asks for at least `seconds` from now."""
        self._until = max(self._until, self._clock() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds left, 0 when nobody has to wait."""
        return max(0.0, self._until - self._clock())

    def ends_at(self, wall: Clock = utc_now) -> datetime | None:
        """The instant it ends; None when it is over."""
        remaining = self.remaining
        return wall() + timedelta(seconds=remaining) if remaining else None


class RateLimiter:
    """Releases callers one at a time, in order of arrival.

    Releases are spaced evenly, after at most `burst` at once (a token bucket). Beside that, a window over the actual
    instants of release holds the promise strictly: never more than `requests_per_second` in any second, however late
    the event loop woke somebody. Below one request a second the spacing alone decides.
    """

    def __init__(
        self,
        requests_per_second: float,
        burst: int = 1,
        *,
        pause: SharedPause | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._spacing = 1.0 / requests_per_second
        self._burst = burst
        self._pause = pause or SharedPause(clock=clock)
        self._clock = clock
        self._sleep = sleep
        self._next_free = clock()
        self._releases: deque[float] = deque(maxlen=max(1, int(requests_per_second)))
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        """Returns when this caller may ask; the wait for `n` callers ahead is about n / requests_per_second.

        A caller that is cancelled while it waits takes nothing from the others.
        """
        async with self._turn:
            while (delay := self._delay()) > 0:
                await self._sleep(delay)
            now = self._clock()
            self._releases.append(now)
            self._next_free = max(self._next_free, now) + self._spacing

    def _delay(self) -> float:
        now = self._clock()
        delay = self._next_free - (self._burst - 1) * self._spacing - now
        if len(self._releases) == self._releases.maxlen and self._spacing <= 1:
            delay = max(delay, self._releases[0] + WINDOW_SECONDS - now)
        return max(delay, self._pause.remaining)
