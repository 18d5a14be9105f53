"""Rate limiter: never more than the promised requests in any second; and a pause that all callers share."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Self

from legis.clock import Clock, utc_now

WINDOW_SECONDS = 1.05
"""One second and 5 %: the server counts arrivals, which lie a little closer together than our departures."""


class SharedPause:
    """The time until which no request is sent. It is only ever extended. `clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = float("-inf")

    def extend(self, seconds: float) -> None:
        """No request is sent for at least `seconds` from now."""
        self._until = max(self._until, self._clock() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds left; 0 when there is no pause."""
        return max(0.0, self._until - self._clock())

    def ends_at(self, wall: Clock = utc_now) -> datetime | None:
        """The time at which the pause ends; None when it is over."""
        remaining = self.remaining
        return wall() + timedelta(seconds=remaining) if remaining else None


class Turn:
    """Permission for one caller to send one request.

    The limiter counts it as unsent until `mark_sent` is called; leaving the context calls it too.
    """

    def __init__(self, on_sent: Callable[[], object]) -> None:
        self._on_sent: Callable[[], object] | None = on_sent

    def mark_sent(self) -> None:
        """Records that the request has been sent. Only the first call counts."""
        done, self._on_sent = self._on_sent, None
        if done is not None:
            done()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.mark_sent()


class RateLimiter:
    """Lets callers send one at a time, in order of arrival.

    Requests are spaced evenly, after at most `burst` at once (a token bucket). In addition a sliding window over the
    times at which requests were sent enforces the limit strictly: never more than `requests_per_second` in any second,
    however late the event loop resumed a caller and however long a connection took: until a request is sent, it counts
    as being sent now. Below one request per second only the spacing applies.
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
        self._most = max(1, int(requests_per_second))
        self._unsent = 0
        self._sent_at: deque[float] = deque(maxlen=self._most)
        self._turn = asyncio.Lock()
        self.may_send: Callable[[], None] = lambda: None
        """Called before each request; it raises if none may be sent."""

    async def acquire(self) -> Turn:
        """Waits until this caller may send; with `n` callers ahead, for about n / requests_per_second.

        Cancelling a waiting caller takes nothing from the others. The caller must mark the turn as sent, or leave its
        context; until then the turn occupies the window.
        """
        async with self._turn:
            while (delay := self._delay()) > 0:
                await self._sleep(delay)
            self.may_send()
            self._unsent += 1
            self._next_free = max(self._next_free, self._clock()) + self._spacing
            return Turn(self._request_sent)

    def _request_sent(self) -> None:
        self._unsent -= 1
        self._sent_at.append(self._clock())

    def _delay(self) -> float:
        now = self._clock()
        delay = self._next_free - (self._burst - 1) * self._spacing - now
        if self._spacing <= 1:
            delay = max(delay, self._window_opens_in(now))
        return max(delay, self._pause.remaining)

    def _window_opens_in(self, now: float) -> float:
        """Seconds until the window has room for one more request; checked again after that."""
        free = self._most - self._unsent
        if free <= 0:
            return self._spacing
        if len(self._sent_at) < free:
            return 0.0
        return self._sent_at[-free] + WINDOW_SECONDS - now
