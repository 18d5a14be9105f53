"""Marks in Redis: fingerprints of stored readings, written by the worker after its commits and read by ingest.

Each hash holds the run id of the Redis server it was written on. A restarted server may come back with older data,
which would call a reading stored that has been overtaken since; so marks with another run id are void.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Redis

from legis.domain.vocabulary import ReadingPart, Source
from legis.streams.connection import EVEN_WHEN_FULL
from legis.streams.names import ALL_MARKS, BILLS_STREAM, marks_key

KEPT_SECONDS = 60 * 86_400
"""Expiry in seconds of a source's marks after the last write: their database is gone."""

_FORGOTTEN_AT_ONCE = 1000
"""Bills, or keys looked at, of one Redis command, which keeps all other clients waiting."""

_RUN = "#run"

# A mark is valid as long as no reading of another part has changed the bill after it: `<id>|` holds the greatest
# sequence of such a reading, `<id>|<part>` the mark with its own. Workers may write in another order than they stored.
# All marks are one JSON argument: separate arguments would cost the worker far more time to encode.
_WRITE_MARKS = (
    EVEN_WHEN_FULL
    + """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
for _, row in ipairs(cjson.decode(ARGV[4])) do
  local bill, part, seq, mark = row[1], row[2], row[3], row[4]
  if part ~= '' then
    redis.call('HSET', KEYS[1], bill .. '|' .. part, seq .. ' ' .. mark)
  elseif tonumber(seq) > tonumber(redis.call('HGET', KEYS[1], bill .. '|') or '0') then
    redis.call('HSET', KEYS[1], bill .. '|', seq)
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
)


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A stored reading with the fingerprints of its parts. `changed` is true where it changed the bill, or may have."""

    source: Source
    upstream_id: str
    read_seq: int
    marks: Mapping[ReadingPart, str]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class StoredMarks:
    """Fingerprints in the order of the ids, and the oldest entry of the stream at that moment."""

    fingerprints: Sequence[str | None]
    oldest_entry: bytes | None


async def write_marks(redis: Redis, epoch: str, readings: Iterable[StoredReading]) -> None:
    """Writes the marks of readings that are stored under `epoch`; of several readings of one part the last counts.

    A lost mark costs a second publication, never a bill, so callers need not retry. Marks are written while Redis is
    full, too: those of a batch are small beside its messages, which are acknowledged next. Raises redis errors.
    """
    by_source: defaultdict[Source, list[tuple[str, str, str, str]]] = defaultdict(list)
    for one in readings:
        rows, seq = by_source[one.source], str(one.read_seq)  # as text: Lua's numbers are inexact
        if one.changed:
            rows.append((one.upstream_id, "", seq, ""))
        rows += ((one.upstream_id, part, seq, mark) for part, mark in one.marks.items())
    if not any(by_source.values()):
        return
    run = _run_id(await redis.info("server"))
    remember = redis.register_script(_WRITE_MARKS)
    for source, rows in by_source.items():
        await remember(keys=[marks_key(source, epoch)], args=[_RUN, run, KEPT_SECONDS, orjson.dumps(rows)])


async def read_marks(
    redis: Redis, source: Source, epoch: str, upstream_ids: Sequence[str], part: ReadingPart
) -> StoredMarks:
    """Reads the marks of one part of these bills. Raises redis errors."""
    fields = [name for key in upstream_ids for name in (f"{key}|", f"{key}|{part.value}")]
    async with redis.pipeline(transaction=False) as pipeline:  # one connection, hence one run of the server
        pipeline.info("server")
        pipeline.xrange(BILLS_STREAM, count=1)
        pipeline.hmget(marks_key(source, epoch), [_RUN, *fields])
        server, oldest, (written_on, *values) = await pipeline.execute()
    valid = written_on is not None and written_on.decode() == _run_id(server)
    pairs = zip(values[::2], values[1::2], strict=True)
    fingerprints = [_mark(changed_at, mark) if valid else None for changed_at, mark in pairs]
    return StoredMarks(fingerprints, oldest[0][0] if oldest else None)


async def forget_marks(redis: Redis, source: Source, epoch: str, upstream_ids: Sequence[str] | None = None) -> None:
    """Deletes the marks of these bills, or of all bills of the source. Their next readings are published again.

    Raises redis errors; then some of the marks may be left.
    """
    key = marks_key(source, epoch)
    if upstream_ids is None:
        await redis.unlink(key)
        return
    for start in range(0, len(upstream_ids), _FORGOTTEN_AT_ONCE):
        chunk = upstream_ids[start : start + _FORGOTTEN_AT_ONCE]
        fields = [f"{upstream_id}|{part.value}" for upstream_id in chunk for part in ReadingPart]
        await redis.hdel(key, *fields)


async def forget_other_epochs(redis: Redis, epoch: str) -> int:
    """Deletes the marks of all sources under any other epoch, which nobody believes after a restore, and which are as
    large as those of this one. Returns how many hashes there were.

    A worker that still has another epoch may write such marks again, so this is to be repeated. Raises redis errors.
    """
    own = f":{epoch}".encode()
    keys = [key async for key in redis.scan_iter(ALL_MARKS, _FORGOTTEN_AT_ONCE) if not key.endswith(own)]
    if keys:
        await redis.unlink(*keys)
    return len(keys)


def _mark(changed_at: bytes | None, stored: bytes | None) -> str | None:
    if stored is None:
        return None
    seq, _, mark = stored.decode().partition(" ")
    return mark if int(seq) >= int(changed_at or 0) else None


def _run_id(server: Mapping[str, Any]) -> str:
    return str(server.get("run_id", ""))
