"""The shared memory of which readings are stored: written by the worker after its commits, read by ingest.

It bears the run id of the server that it was written on. A server that starts again may come back with an older state,
which would call a reading stored that has been overtaken since; so what bears another run id is void.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Redis

from legis.domain.vocabulary import ReadingPart, Source
from legis.streams.names import BILLS_STREAM, seen_key

KEPT_SECONDS = 60 * 86_400
"""A memory that nothing was added to for so long is dropped: its database is gone."""

_FORGOTTEN_AT_ONCE = 1000
"""Bills of one Redis command, which keeps all other clients waiting."""

_RUN = "#run"

# A mark holds as long as no reading of another part has changed the bill after it: `<id>|` has the greatest sequence of
# such a reading, `<id>|<part>` the mark with its own. Workers may write in another order than they have stored in.
# All that is to be remembered comes as one JSON text: packing it for Redis word by word would cost the worker far more.
_REMEMBER = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
for _, told in ipairs(cjson.decode(ARGV[4])) do
  local bill, part, seq, mark = told[1], told[2], told[3], told[4]
  if part ~= '' then
    redis.call('HSET', KEYS[1], bill .. '|' .. part, seq .. ' ' .. mark)
  elseif tonumber(seq) > tonumber(redis.call('HGET', KEYS[1], bill .. '|') or '0') then
    redis.call('HSET', KEYS[1], bill .. '|', seq)
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


@dataclass(frozen=True, slots=True)
class SeenReading:
    """A stored reading and the fingerprints of its parts. `changed`: it changed the bill, or may have."""

    source: Source
    upstream_id: str
    read_seq: int
    marks: Mapping[ReadingPart, str]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the memory says, in the order it was asked, and the oldest entry of the stream at that moment."""

    fingerprints: Sequence[str | None]
    oldest_entry: bytes | None


async def write_seen(redis: Redis, epoch: str, readings: Iterable[SeenReading]) -> None:
    """Remembers what is stored under `epoch`; of several readings of one part the last holds.

    Losing this memory costs a second publication, never a bill, so callers need not retry. Raises redis errors.
    """
    by_source: defaultdict[Source, list[tuple[str, str, str, str]]] = defaultdict(list)
    for one in readings:
        told, seq = by_source[one.source], str(one.read_seq)  # as text: Lua's numbers are inexact
        if one.changed:
            told.append((one.upstream_id, "", seq, ""))
        told += ((one.upstream_id, part, seq, mark) for part, mark in one.marks.items())
    if not any(by_source.values()):
        return
    run = _run_id(await redis.info("server"))
    remember = redis.register_script(_REMEMBER)
    for source, told in by_source.items():
        await remember(keys=[seen_key(source, epoch)], args=[_RUN, run, KEPT_SECONDS, orjson.dumps(told)])


async def read_seen(
    redis: Redis, source: Source, epoch: str, upstream_ids: Sequence[str], part: ReadingPart
) -> Remembered:
    """What is remembered of one part of these bills. Raises redis errors."""
    fields = [name for key in upstream_ids for name in (f"{key}|", f"{key}|{part.value}")]
    async with redis.pipeline(transaction=False) as pipeline:  # one connection, hence one run of the server
        pipeline.info("server")
        pipeline.xrange(BILLS_STREAM, count=1)
        pipeline.hmget(seen_key(source, epoch), [_RUN, *fields])
        server, oldest, (written_on, *values) = await pipeline.execute()
    holds = written_on is not None and written_on.decode() == _run_id(server)
    pairs = zip(values[::2], values[1::2], strict=True)
    fingerprints = [_mark(changed_at, mark) if holds else None for changed_at, mark in pairs]
    return Remembered(fingerprints, oldest[0][0] if oldest else None)


async def forget_marks(redis: Redis, source: Source, epoch: str, upstream_ids: Sequence[str] | None = None) -> None:
    """Deletes the marks of these bills, or of all bills of the source. Their next readings are published again.

    Raises redis errors; then some of the marks may be left.
    """
    key = seen_key(source, epoch)
    if upstream_ids is None:
        await redis.unlink(key)
        return
    for start in range(0, len(upstream_ids), _FORGOTTEN_AT_ONCE):
        chunk = upstream_ids[start : start + _FORGOTTEN_AT_ONCE]
        fields = [f"{upstream_id}|{part.value}" for upstream_id in chunk for part in ReadingPart]
        await redis.hdel(key, *fields)


def _mark(changed_at: bytes | None, stored: bytes | None) -> str | None:
    if stored is None:
        return None
    seq, _, mark = stored.decode().partition(" ")
    return mark if int(seq) >= int(changed_at or 0) else None


def _run_id(server: Mapping[str, Any]) -> str:
    return str(server.get("run_id", ""))
