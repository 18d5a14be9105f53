"""The head of the change log as workers announce it: what a standby must have before web reads from it."""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from legis.streams.connection import EVEN_WHEN_FULL
from legis.streams.names import LOG_HEAD_KEY

# Several workers announce in any order: a head never goes back, unless the database has another epoch.
_ANNOUNCE = (
    EVEN_WHEN_FULL
    + """
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'seq', ARGV[2], 'render_seq', ARGV[3])
  return
end
for i, name in ipairs({'seq', 'render_seq'}) do
  if tonumber(ARGV[i + 1]) > tonumber(redis.call('HGET', KEYS[1], name)) then
    redis.call('HSET', KEYS[1], name, ARGV[i + 1])
  end
end
"""
)


@dataclass(frozen=True, slots=True)
class LogHead:
    """How far a server has come: the last entry of the change log, and the last rendering without an entry."""

    seq: int = 0
    render_seq: int = 0

    def has(self, other: "LogHead") -> bool:
        """Whether this is not before `other`."""
        return self.seq >= other.seq and self.render_seq >= other.render_seq

    def or_later(self, other: "LogHead") -> "LogHead":
        """The later of both, in each part."""
        return LogHead(max(self.seq, other.seq), max(self.render_seq, other.render_seq))


async def announce_head(redis: Redis, epoch: str, head: LogHead) -> None:
    """Announces the head of a database of that epoch. Raises redis errors."""
    await redis.register_script(_ANNOUNCE)(keys=[LOG_HEAD_KEY], args=[epoch, head.seq, head.render_seq])


async def read_head(redis: Redis) -> LogHead:
    """The announced head; the beginning of the log if there is none. Raises redis errors."""
    found: Any = await redis.hmget(LOG_HEAD_KEY, "seq", "render_seq")
    return LogHead(int(found[0] or 0), int(found[1] or 0))
