"""The generic cell rate algorithm (GCRA) in Redis or in memory: a steady rate per client, and a burst above it.

One number is stored per client: the time at which everything that it has used will be paid back at the steady rate. A
request of cost c moves that time forward by c intervals, and is refused if it would then lie further ahead than the
burst allows. Nothing is reset at the end of a window, so no client can use twice its limit around such an end. The
package `limits` offers fixed, moving and sliding windows, but not GCRA.

`SharedGcra` counts for all replicas together, with one script in Redis and by its clock. Requests that arrive while a
call to Redis is running share the next call. Each is still counted individually, in the order of arrival, before it is
allowed, so the limit is as exact as with one call per request; under load the cost of a call is divided among them.
After a refusal, Redis is not called for the client before the time that the refusal names: the debt can only grow, and
refused requests add nothing to it, so the result would be the same. A flood of requests therefore costs Redis nothing.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from legis.telemetry.metrics import RATE_LIMIT_ERRORS
from legis.telemetry.traces import suppressed

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from api_gateway.web.pipeline.headers import Headers
from api_gateway.web.pipeline.limits.kept_script import KeptScript

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


_PREFIX = "legis:gcra:"
_MICROS = 1_000_000
MOST_IN_A_CALL = 200
"""Most requests in one call: bounds the time for which the script blocks Redis, about 3 µs per request."""

_SCRIPT = """
-- KEYS: clients. ARGV: time in microseconds or empty; for each client interval, full debt (microseconds) and cost
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local found = {}
for interval, full, cost in string.gmatch(ARGV[2], '(%S+) (%S+) (%S+)') do
    local client = KEYS[#found + 1]
    local paid_back_at = tonumber(redis.call('GET', client) or now)
    -- never more than the full debt: a clock that was ahead, or a limit that was lowered, shuts nobody out
    local owed = math.min(tonumber(full), math.max(0, paid_back_at - now))
    local wait = owed + cost * interval - full
    if wait > 0.5 then
        found[#found + 1] = string.format('%.0f %.0f', owed, wait)
    else
        owed = owed + cost * interval
        redis.call('SET', client, string.format('%.0f', now + owed), 'PX', math.ceil(owed / 1000) + 1)
        found[#found + 1] = string.format('%.0f 0', owed)
    end
end
return found
"""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request that is not counted yet; `answer` is its allowance, or None if Redis could not be called."""

    client: str
    rate: Rate
    cost: int
    answer: asyncio.Future[Allowance | None]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The debt of a client, in seconds, when a request of that cost was refused, and the seconds for which the refusal
    holds.
    """

    rate: Rate
    cost: int
    at: float
    owed: float
    wait: float

    def again(self, rate: Rate, cost: int, now: float) -> Allowance | None:
        """The same refusal for a later request; None if that request may be allowed."""
        passed = now - self.at
        if rate != self.rate or cost < self.cost or passed >= self.wait:
            return None
        return allowance(rate, owed=max(0.0, self.owed - passed), wait=self.wait - passed)


class SharedGcra:
    """Counts exactly, whichever replica receives the requests. While Redis is away each replica counts alone, at the
    full limit: a client that uses n replicas then has up to n times its limit, but nobody is refused because of our
    failure.

    For one event loop. `clock` returns the time in seconds and replaces the clock of Redis; for tests.
    """

    def __init__(self, gate: RedisFailFast, local: LocalGcra, *, clock: Callable[[], float] | None = None) -> None:
        self._gate = gate
        self._local = local
        self._clock = clock
        self._now = clock or time.monotonic
        self._refusals: OrderedDict[str, _Refusal] = OrderedDict()
        self._script = KeptScript(gate.pool, _SCRIPT)
        self._pending: deque[_Pending] = deque()
        self._calling: asyncio.Task[None] | None = None

    async def take(self, client: str, rate: Rate, cost: int = 1) -> Allowance:
        """Counts a request of that cost, unless it is refused; a cost above the capacity is counted as the capacity."""
        cost = min(cost, rate.capacity)
        refusal = self._refusals.get(client)
        if refusal is not None and (refused := refusal.again(rate, cost, self._now())) is not None:
            return refused
        if self._gate.open:
            answer: asyncio.Future[Allowance | None] = asyncio.get_running_loop().create_future()
            self._pending.append(_Pending(client, rate, cost, answer))
            if self._calling is None:
                self._calling = asyncio.create_task(self._count_pending())
            if (found := await answer) is not None:
                return found
        RATE_LIMIT_ERRORS.inc()
        return self._local.take(client, rate, cost)

    async def _count_pending(self) -> None:
        """Calls Redis until no request is pending; each call has a time limit, and so has each waiting request."""
        try:
            with suppressed():  # a call serves several requests: it belongs to no request's span
                while self._pending:
                    batch = [self._pending.popleft() for _ in range(min(len(self._pending), MOST_IN_A_CALL))]
                    try:
                        await self._count(batch)
                    finally:
                        _settle(batch)
        finally:
            self._calling = None
            _settle(self._pending)
            self._pending.clear()

    async def _count(self, batch: list[_Pending]) -> None:
        keys = [_PREFIX + one.client for one in batch]
        asked_at = self._now()  # not later than the time at which Redis counts, so no refusal is held for too long
        told_time = "" if self._clock is None else f"{self._clock() * _MICROS:.0f}"
        weights = " ".join([_weight(one.rate, one.cost) for one in batch])  # one argument: redis-py encodes each
        try:
            found = await self._gate.call(lambda: self._script(keys, [told_time, weights]))
        except RedisAway:
            return
        for one, told in zip(batch, found, strict=True):
            owed, wait = (int(part) / _MICROS for part in told.split())
            # a full debt may be a larger one that was capped, after the limit was lowered: it may not shrink yet
            known = wait > 0 and owed + 1e-6 < one.rate.capacity * one.rate.interval
            self._remember(one.client, _Refusal(one.rate, one.cost, asked_at, owed, wait) if known else None)
            if not one.answer.done():  # its client may have disconnected
                one.answer.set_result(allowance(one.rate, owed=owed, wait=wait))

    def _remember(self, client: str, refusal: _Refusal | None) -> None:
        """Stores the newest refusal of a client; None removes it, since a request that was allowed changes the debt."""
        self._refusals.pop(client, None)
        if refusal is None:
            return
        self._refusals[client] = refusal
        if len(self._refusals) > CLIENTS_REMEMBERED:
            self._refusals.popitem(last=False)


@lru_cache(maxsize=1024)
def _weight(rate: Rate, cost: int) -> str:
    """Interval, full debt and cost in the format that the script reads."""
    interval = rate.interval * _MICROS
    return f"{interval:.3f} {interval * rate.capacity:.3f} {cost}"


def _settle(pending: "deque[_Pending] | list[_Pending]") -> None:
    """Requests without an answer get None, so that they are counted in memory."""
    for one in pending:
        if not one.answer.done():
            one.answer.set_result(None)
