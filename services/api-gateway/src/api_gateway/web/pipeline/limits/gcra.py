"""The generic cell rate algorithm (GCRA) in memory: a steady rate per client, and a burst above it.

One number is stored per client: the time at which everything that it has used will be paid back at the steady rate. A
request of cost c moves that time forward by c intervals, and is refused if it would then lie further ahead than the
burst allows. Nothing is reset at the end of a window, so no client can use twice its limit around such an end. The
package `limits` offers fixed, moving and sliding windows, but not GCRA.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from api_gateway.web.pipeline.headers import Headers

WINDOW_SECONDS = 60
CLIENTS_REMEMBERED = 10_000
"""Number of clients in memory; beyond it, the client whose last request is oldest is dropped."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_minute` units in the long run; up to `burst` additional units may be used at once."""

    per_minute: int
    burst: int

    @property
    def interval(self) -> float:
        """Seconds in which one unit is paid back."""
        return WINDOW_SECONDS / self.per_minute

    @property
    def capacity(self) -> int:
        """Units that a client may use at once after a long pause: its burst, and the one unit that is due."""
        return self.burst + 1


class Allowance(NamedTuple):
    """The remaining allowance of a client after this request. `reset_seconds`: seconds until all of it is available
    again; `retry_after`: seconds until this request would be allowed, 0 if it was.
    """

    limit: int
    remaining: int
    reset_seconds: int
    retry_after: int
    refused: bool

    @property
    def raw_headers(self) -> Headers:
        """The headers of draft-ietf-httpapi-ratelimit-headers in ASGI form, and Retry-After if the
        request is refused.
        """
        policy = b'"default";q=%d;w=%d' % (self.limit, WINDOW_SECONDS)
        told = [
            (b"ratelimit-policy", policy),
            (b"ratelimit", b'"default";r=%d;t=%d' % (self.remaining, self.reset_seconds)),
        ]
        return [*told, (b"retry-after", b"%d" % self.retry_after)] if self.refused else told


def allowance(rate: Rate, *, owed: float, wait: float) -> Allowance:
    """The allowance of a client that owes `owed` seconds of the steady rate and would have to wait `wait` seconds."""
    remaining = math.floor(rate.capacity - owed / rate.interval + 1e-6)
    refused = wait > 0
    return Allowance(
        rate.per_minute, max(0, remaining), math.ceil(owed), max(1, math.ceil(wait)) if refused else 0, refused
    )


class LocalGcra:
    """GCRA in the memory of one process. `clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = CLIENTS_REMEMBERED) -> None:
        self._clock = clock
        self._most = most
        self._paid_back_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str, rate: Rate, cost: int = 1) -> Allowance:
        """Counts a request of that cost, unless it is refused; a cost above the capacity is counted as the capacity."""
        owed, wait = self._weigh(client, rate, cost)
        if wait > 0:
            return allowance(rate, owed=owed, wait=wait)
        owed += min(cost, rate.capacity) * rate.interval
        self._paid_back_at[client] = self._clock() + owed
        self._paid_back_at.move_to_end(client)
        if len(self._paid_back_at) > self._most:
            self._paid_back_at.popitem(last=False)
        return allowance(rate, owed=owed, wait=0)

    def peek(self, client: str, rate: Rate, cost: int = 1) -> Allowance:
        """The allowance that `take` would return for the same request, without the request's own cost; nothing is
        counted.
        """
        owed, wait = self._weigh(client, rate, cost)
        return allowance(rate, owed=owed, wait=wait)

    def _weigh(self, client: str, rate: Rate, cost: int) -> tuple[float, float]:
        """Seconds that the client owes now, and seconds until the request would be allowed."""
        full = rate.capacity * rate.interval
        owed = min(full, max(0.0, self._paid_back_at.get(client, 0.0) - self._clock()))
        wait = owed + min(cost, rate.capacity) * rate.interval - full
        return owed, wait if wait > 1e-9 else 0.0
