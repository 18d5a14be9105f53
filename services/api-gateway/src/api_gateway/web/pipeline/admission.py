"""How many requests are at work at once; what comes above that waits shortly or is refused at once, before it costs."""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LEARNING_RATE = 0.1
_HOPEFUL = 0.75
"""Of the longest wait: how long the line may be for one that waits on credit, since places do not clear evenly."""

EARNED_SHARE = 0.05
"""Of the rate at which places are cleared: how fast credit for bursts comes back."""

_dice = random.Random()


class Overloaded(Exception):
    """No place came free for this request; `retry_after` is 1 to 3 s, so that not all come back together."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Admission:
    """Places for requests at work, and a line in front of them: long in a burst, short while overload lasts.

    As many may wait as the places clear within `patience` seconds, and one for each place at least: who waits no longer
    than the work itself takes is not sent away, however long that is. Beyond that credit is for bursts:
    a request may wait on credit as long as it would be served within three quarters of `longest_wait` seconds, and
    no more than `queue` wait in all. Credit comes back at a twentieth of the rate at which places are cleared, so
    that it is there after calm times and gone under overload, where a longer line only makes everybody wait. The
    time a request holds its place is learnt while it runs. One event loop; `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        places: int,
        queue: int,
        *,
        patience: float,
        longest_wait: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._queue = queue
        self._patience = patience
        self._longest_wait = longest_wait
        self._clock = clock
        self._free = places
        self._line: deque[asyncio.Future[None]] = deque()
        self._held_seconds = patience
        self._credit, self._credit_at = float(queue), clock()

    @property
    def waiting(self) -> int:
        """Requests that wait; one whose place has come free waits no more, though it has not heard of it."""
        return len(self._line)

    @property
    def full(self) -> bool:
        """Whether the next request would be refused."""
        if self._free or self.waiting < self._room(self._patience):
            return False
        return self.waiting >= self._room(self._longest_wait * _HOPEFUL) or self._credit_now() < 1

    def _room(self, seconds: float) -> int:
        return min(self._queue, max(self._places, int(seconds * self._places / self._held_seconds)))

    def _credit_now(self) -> float:
        earned = (self._clock() - self._credit_at) * EARNED_SHARE * self._places / self._held_seconds
        return min(float(self._queue), self._credit + earned)

    @asynccontextmanager
    async def slot(self, client: str, cost: int) -> AsyncIterator[None]:
        """A slot for as long as the context lasts. Raises Overloaded, at once or after `longest_wait`."""
        await self._enter()
        began = self._clock()
        try:
            yield
        finally:
            self._leave()
            self._held_seconds += LEARNING_RATE * (max(self._clock() - began, 1e-4) - self._held_seconds)

    async def _enter(self) -> None:
        if self._free:
            self._free -= 1
            return
        if self.full:
            raise Overloaded("queue", _dice.randint(1, 3))
        if self.waiting >= self._room(self._patience):
            self._credit, self._credit_at = self._credit_now() - 1, self._clock()
        called = asyncio.get_running_loop().create_future()
        self._line.append(called)
        try:
            async with asyncio.timeout(self._longest_wait):
                await called
        except BaseException as error:
            if not called.cancelled():  # it was called at the moment in which it gave up
                self._leave()
            elif called in self._line:
                self._line.remove(called)
            if isinstance(error, TimeoutError):
                raise Overloaded("wait", _dice.randint(1, 3)) from None
            raise

    def _leave(self) -> None:
        """Calls the first in the line, or keeps the place free."""
        while self._line:
            called = self._line.popleft()
            if not called.done():  # one that gave up may still stand there
                called.set_result(None)
                return
        self._free += 1
