"""The lease of a source in Redis: which process may read the source, and until when."""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from legis.domain.vocabulary import Source
from legis.streams.names import reader_lease_key

# A hash of `token` (its holder; empty: none) and `until` (milliseconds by the clock of Redis). It has no expiry, so
# that a lease that ended can be told from a Redis that has lost its data.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder = redis.call('HGET', KEYS[1], 'token')
if holder and holder ~= '' and holder ~= ARGV[1] and tonumber(redis.call('HGET', KEYS[1], 'until')) > now then
  return {holder, 1}
end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'until', now + ARGV[2])
return {ARGV[1], holder and 1 or 0}
"""

_RELEASE = """
if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then redis.call('HSET', KEYS[1], 'token', '', 'until', 0) end
"""


@dataclass(frozen=True, slots=True)
class LeaseAnswer:
    """The token that holds the lease now. `known` is False if Redis knew of no lease, so that an earlier holder may
    still read.
    """

    holder: str
    known: bool


async def take_lease(redis: Redis, source: Source, token: str, seconds: float) -> LeaseAnswer:
    """Takes the lease for `seconds`, or renews it, unless another token holds it. Raises redis errors."""
    milliseconds = round(seconds * 1000)
    found: Any = await redis.register_script(_TAKE)(keys=[reader_lease_key(source)], args=[token, milliseconds])
    return LeaseAnswer(found[0].decode(), bool(found[1]))


async def release_lease(redis: Redis, source: Source, token: str) -> None:
    """Ends the lease if this token holds it. Raises redis errors."""
    await redis.register_script(_RELEASE)(keys=[reader_lease_key(source)], args=[token])
