"""Checkpoints of ingest in Redis, republished by workers from PostgreSQL.

Because they are written again every second, a loss of Redis only delays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from legis.domain.vocabulary import Source
from legis.events import Walk
from legis.streams.names import cursor_key, read_seq_key

_EPOCH = "epoch"
_MAX_READ_SEQ = "max_read_seq"


@dataclass(frozen=True, slots=True)
class SourceCursors:
    """Stored position of each walk of a source, and the greatest read sequence: of what is stored, and, as read from
    Redis, of events still on the stream (0: none).

    `epoch` identifies the database's contents. With a new epoch everything remembered under an old one is void.
    """

    epoch: str
    max_read_seq: int
    positions: Mapping[Walk, int]


async def publish_cursors(redis: Redis, cursors: Mapping[Source, SourceCursors]) -> None:
    """Replaces these sources' checkpoints in Redis, all in one transaction. Raises redis errors."""
    async with redis.pipeline(transaction=True) as pipeline:
        for source, state in cursors.items():
            fields: dict[Any, Any] = {_EPOCH: state.epoch, _MAX_READ_SEQ: state.max_read_seq}
            fields |= {walk.value: position for walk, position in state.positions.items()}
            pipeline.delete(cursor_key(source))  # a walk of another epoch must not outlive it
            pipeline.hset(cursor_key(source), mapping=fields)
        await pipeline.execute()


async def read_cursors(redis: Redis, source: Source) -> SourceCursors | None:
    """Reads a source's checkpoint; None where no worker has published it: the caller waits, it never guesses. Raises
    redis errors.
    """
    async with redis.pipeline(transaction=True) as pipeline:
        pipeline.hgetall(cursor_key(source))
        pipeline.get(read_seq_key(source))
        raw, published = await pipeline.execute()
    fields = {name.decode(): value.decode() for name, value in raw.items()}
    if _EPOCH not in fields or _MAX_READ_SEQ not in fields:
        return None
    greatest = max(int(fields[_MAX_READ_SEQ]), int(published or 0))
    return SourceCursors(fields[_EPOCH], greatest, dict(_positions(fields.items())))


def _positions(fields: Iterable[tuple[str, str]]) -> Iterable[tuple[Walk, int]]:
    known = {walk.value: walk for walk in Walk}
    return ((known[name], int(value)) for name, value in fields if name in known)
