"""Fingerprints of what is already *stored*, so that the same is not published again."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import ReadingPart, Source
from legis.streams.seen import read_seen, seen_field

_KEPT = 20_000


class SeenMemory:
    """A window's view of the fingerprints that the worker wrote after its commits.

    Entries hold only under the database's epoch: after a restore they are void and everything is published again,
    which is harmless. The same is true when Redis has lost them.
    """

    def __init__(self, redis: "Redis", source: Source, epoch: str) -> None:
        self._redis = redis
        self._source = source
        self._epoch = epoch
        self._known: dict[str, str | None] = {}

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads the fingerprints of one part of these bills in one round trip."""
        fields = [seen_field(upstream_id, part) for upstream_id in upstream_ids]
        if len(self._known) + len(fields) > _KEPT:
            self._known.clear()
        try:
            values = await read_seen(self._redis, self._source, self._epoch, fields)
        except (RedisError, OSError):
            return
        self._known.update(zip(fields, values, strict=True))

    def get(self, upstream_id: str, part: ReadingPart) -> str | None:
        """The stored fingerprint, or None when unknown."""
        return self._known.get(seen_field(upstream_id, part))
