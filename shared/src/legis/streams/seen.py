"""The shared memory of which readings are stored: written by the worker after its commits, read by ingest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from legis.domain.vocabulary import ReadingPart, Source
from legis.streams.names import seen_key

KEPT_SECONDS = 60 * 86_400
"""A memory that nothing was added to for so long is dropped: its database is gone."""


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """The fingerprint of one part of one bill's last stored reading."""

    source: Source
    upstream_id: str
    part: ReadingPart
    fingerprint: str


def seen_field(upstream_id: str, part: ReadingPart) -> str:
    """The name of a part of a bill inside the memory."""
    return f"{upstream_id}|{part.value}"


async def write_seen(redis: Redis, epoch: str, entries: Iterable[SeenEntry]) -> None:
    """Remembers what is stored under `epoch`; of several entries for one part the last holds.

    Losing this memory costs a second publication, never a bill, so callers need not retry. Raises redis errors.
    """
    by_source: defaultdict[Source, dict[Any, Any]] = defaultdict(dict)  # redis-py types keys as a union, invariantly
    for entry in entries:
        by_source[entry.source][seen_field(entry.upstream_id, entry.part)] = entry.fingerprint
    if not by_source:
        return
    async with redis.pipeline(transaction=False) as pipeline:
        for source, fields in by_source.items():
            key = seen_key(source, epoch)
            pipeline.hset(key, mapping=fields)
            pipeline.expire(key, KEPT_SECONDS)
        await pipeline.execute()


async def read_seen(redis: Redis, source: Source, epoch: str, keys: Sequence[str]) -> list[str | None]:
    """The remembered fingerprints of `keys` (as `seen_field` makes them), in order. Raises redis errors."""
    if not keys:
        return []
    values: list[Any] = await redis.hmget(seen_key(source, epoch), list(keys))
    return [None if value is None else value.decode() for value in values]
