"""GCRA for all replicas together: one script in Redis for each request, by the clock of Redis; in memory without it."""

from collections.abc import Callable

from legis.telemetry.metrics import RATE_LIMIT_ERRORS

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from api_gateway.web.pipeline.gcra import Allowance, LocalGcra, Rate, allowance

_PREFIX = "legis:gcra:"
_MICROS = 1_000_000

_SCRIPT = """
-- KEYS[1]: a client. ARGV: interval and full debt in microseconds, cost in units, time in microseconds or empty
local now = tonumber(ARGV[4])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local interval, full, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local paid_back_at = tonumber(redis.call('GET', KEYS[1]) or now)
-- never more than the full debt: a clock that was ahead, or a limit that was lowered, shuts nobody out
local owed = math.min(full, math.max(0, paid_back_at - now))
local wait = owed + cost * interval - full
if wait > 0.5 then
    return {string.format('%.0f', owed), string.format('%.0f', wait)}
end
owed = owed + cost * interval
redis.call('SET', KEYS[1], string.format('%.0f', now + owed), 'PX', math.ceil(owed / 1000) + 1)
return {string.format('%.0f', owed), '0'}
"""


class SharedGcra:
    """Counts exactly, whatever replica is asked. While Redis is away each replica counts alone, at the full limit: who
    asks through n replicas may have n times its limit then, and nobody is refused for our failure.

    `clock` gives the time in seconds in place of the clock of Redis; for tests.
    """

    def __init__(self, gate: RedisFailFast, local: LocalGcra, *, clock: Callable[[], float] | None = None) -> None:
        self._gate = gate
        self._local = local
        self._clock = clock
        self._script = gate.client.register_script(_SCRIPT)

    async def take(self, client: str, rate: Rate, cost: int = 1) -> Allowance:
        """Counts a request of that cost, unless it is refused; one that costs more than the capacity costs that."""
        interval = rate.interval * _MICROS
        time = "" if self._clock is None else f"{self._clock() * _MICROS:.0f}"
        args: list[str | int] = [f"{interval:.3f}", f"{interval * rate.capacity:.3f}", min(cost, rate.capacity), time]
        try:
            owed, wait = await self._gate.call(lambda: self._script(keys=[_PREFIX + client], args=args))
        except RedisAway:
            RATE_LIMIT_ERRORS.inc()
            return self._local.take(client, rate, cost)
        return allowance(rate, owed=int(owed) / _MICROS, wait=int(wait) / _MICROS)
