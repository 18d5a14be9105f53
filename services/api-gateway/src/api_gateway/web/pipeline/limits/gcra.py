"""The generic cell rate algorithm (GCRA): a steady rate per client, and a burst above it; in memory.

A client has one number: the time at which all that it has used will be paid back at the steady rate. A request of cost
c moves that time by c intervals, and is refused where it would then lie further ahead than the burst allows. Nothing is
reset at the end of a window, so no client can have twice its limit around one. The package `limits` has fixed, moving
and sliding windows and no GCRA.
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
"""The one that asked longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_minute` units in the long run; `burst` units more than those may come at once."""

    per_minute: int
    burst: int

    @property
    def interval(self) -> float:
        """Seconds in which one unit is paid back."""
        return WINDOW_SECONDS / self.per_minute

    @property
    def capacity(self) -> int:
        """Units that a client may use at once after a long silence: its burst, and the one that is due."""
        return self.burst + 1


class Allowance(NamedTuple):
    """What a client has left after this request. `reset_seconds`: until it has all again; `retry_after`: until this
    request would be let through, 0 where it was.
    """

    limit: int
    remaining: int
    reset_seconds: int
    retry_after: int
    refused: bool

    @property
    def raw_headers(self) -> Headers:
        """The fields of draft-ietf-httpapi-ratelimit-headers as ASGI takes them, and Retry-After of a refusal."""
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
    """Counts in the memory of one process. `clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = CLIENTS_REMEMBERED) -> None:
        self._clock = clock
        self._most = most
        self._paid_back_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str, rate: Rate, cost: int = 1) -> Allowance:
        """Counts a request of that cost, unless it is refused; one that costs more than the capacity costs that."""
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
        """What `take` would say of the same request but for its own cost; nothing is counted."""
        owed, wait = self._weigh(client, rate, cost)
        return allowance(rate, owed=owed, wait=wait)

    def _weigh(self, client: str, rate: Rate, cost: int) -> tuple[float, float]:
        """Seconds that the client owes now, and seconds until the request fits."""
        full = rate.capacity * rate.interval
        owed = min(full, max(0.0, self._paid_back_at.get(client, 0.0) - self._clock()))
        wait = owed + min(cost, rate.capacity) * rate.interval - full
        return owed, wait if wait > 1e-9 else 0.0
