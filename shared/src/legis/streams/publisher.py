"""Adds events to the stream, all of a step or none, and waits while the stream is full."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import Source
from legis.errors import StreamUnavailable
from legis.events import Event, RecordRejected, WindowEnded, encode
from legis.streams.names import BILLS_STREAM, read_seq_key
from legis.telemetry.metrics import PUBLISH_WAITS

MAX_MESSAGES = 500
"""Maximum number of entries in one script call: Redis runs nothing else during a script."""

_FIRST_WAIT = 0.05
_LONGEST_WAIT = 1.0

# The capacity check and the XADDs are one script, so that any number of publishers together stay within the capacity.
# Never MAXLEN: trimming silently drops entries that are not stored yet. The script also stores the greatest read
# sequence of the entries: the next reader of a source must number its readings above those still on the stream.
_ADD_ENTRIES = """
local last = #ARGV - #KEYS + 1
if redis.call('XLEN', KEYS[1]) + (last - 1) / 3 > tonumber(ARGV[last]) then return {} end
for i = 2, #KEYS - fence do
  local greatest = ARGV[last + i - 1]
  if tonumber(greatest) > tonumber(redis.call('GET', KEYS[i]) or '0') then redis.call('SET', KEYS[i], greatest) end
end
local ids = {}
for i = 1, last - 1, 3 do
  if ARGV[i + 2] == '' then
    ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', 'kind', ARGV[i], 'payload', ARGV[i + 1])
  else
    ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', 'kind', ARGV[i], 'payload', ARGV[i + 1],
      'traceparent', ARGV[i + 2])
  end
end
return ids
"""


_ADD = "local fence = 0\n" + _ADD_ENTRIES

# The last key and argument are the source's lease and its holder: a process that was suspended and has lost the lease
# meanwhile adds nothing any more.
_ADD_FENCED = (
    """
if redis.call('HGET', KEYS[#KEYS], 'token') ~= ARGV[#ARGV] then
  return redis.error_reply('FENCED another process reads this source')
end
local fence = 1
"""
    + _ADD_ENTRIES
)


class Fence(NamedTuple):
    """The key of a lease, and the token that must hold it."""

    key: str
    token: str


class Publisher:
    """Writes to the stream. `capacity` is the number of entries above which publishing waits. With a `fence` only the
    holder of that lease can publish.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        capacity: int,
        max_wait: float = 60.0,
        stream: str = BILLS_STREAM,
        fence: Fence | None = None,
    ) -> None:
        self._redis = redis
        self._capacity = capacity
        self._max_wait = max_wait
        self._stream = stream
        self._fence: tuple[str, ...] = fence or ()
        self._add = redis.register_script(_ADD_FENCED if fence else _ADD)

    async def publish(self, messages: Sequence[tuple[Event, str | None]]) -> list[str]:
        """Adds events with their `traceparent`s, in order. Returns the ids of the entries.

        More events than MAX_MESSAGES (or than the capacity) are added in several steps. Raises StreamUnavailable when
        Redis fails or the stream stayed full for `max_wait` seconds. Some steps may then have been added; publishing
        all of them again is harmless, since the store takes each reading once.
        """
        step = max(1, min(MAX_MESSAGES, self._capacity))
        ids: list[str] = []
        for start in range(0, len(messages), step):
            ids += await self._add_step(messages[start : start + step])
        return ids

    async def _add_step(self, messages: Sequence[tuple[Event, str | None]]) -> list[str]:
        arguments: list[bytes | str | int] = []
        for event, traceparent in messages:
            arguments += (event.kind, encode(event), traceparent or "")
        arguments.append(self._capacity)
        greatest = _greatest(event for event, _ in messages)
        arguments += (*greatest.values(), *self._fence[1:])
        keys = [self._stream, *map(read_seq_key, greatest), *self._fence[:1]]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._max_wait
        wait = _FIRST_WAIT
        while not (ids := await self._try(keys, arguments)):
            PUBLISH_WAITS.labels(messages[0][0].source.value).inc()
            if loop.time() >= deadline:
                raise StreamUnavailable(f"the stream stayed full for {self._max_wait:g} s", retry_after=_LONGEST_WAIT)
            await asyncio.sleep(random.uniform(wait / 2, wait))
            wait = min(wait * 2, _LONGEST_WAIT)
        return ids

    async def _try(self, keys: list[str], arguments: list[bytes | str | int]) -> list[str]:
        try:
            ids = await self._add(keys=keys, args=arguments)
        except (RedisError, OSError) as error:
            raise StreamUnavailable(f"could not publish: {error}") from error
        return [entry.decode() for entry in ids]


def _greatest(events: Iterable[Event]) -> dict[Source, int]:
    """The greatest read sequence of each source."""
    found: dict[Source, int] = {}
    for event in events:
        match event:
            case RecordRejected():
                continue
            case WindowEnded():
                read_seq = event.max_read_seq
            case _:
                read_seq = event.read_seq
        found[event.source] = max(found.get(event.source, 0), read_seq)
    return found
