"""Fingerprints of what is already *stored*, so that the same is not published again."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import ReadingPart, Source
from legis.streams.seen import read_seen

_KEPT = 20_000


class SeenMemory:
    """A window's view of the fingerprints that the worker wrote after its commits.

    Entries hold only under the database's epoch: after a restore they are void and everything is published again,
    which is harmless. The same is true when Redis has lost them, and while entries up to `doubtful_to` are still on the
    stream: those may change what is stored after the memory was asked.
    """

    def __init__(self, redis: "Redis", source: Source, epoch: str, *, doubtful_to: bytes | None = None) -> None:
        self._redis = redis
        self._source = source
        self._epoch = epoch
        self._doubtful_to = doubtful_to
        self._known: dict[tuple[str, ReadingPart], str | None] = {}

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads the fingerprints of one part of these bills in one round trip."""
        if len(self._known) + len(upstream_ids) > _KEPT:
            self._known.clear()
        try:
            found = await read_seen(self._redis, self._source, self._epoch, upstream_ids, part)
        except (RedisError, OSError):
            return
        if self._doubtful_to is None or found.oldest_entry is None or is_later(found.oldest_entry, self._doubtful_to):
            self._known.update(zip(((key, part) for key in upstream_ids), found.fingerprints, strict=True))

    def get(self, upstream_id: str, part: ReadingPart) -> str | None:
        """The stored fingerprint, or None when unknown."""
        return self._known.get((upstream_id, part))


def is_later(entry: bytes, than: bytes) -> bool:
    """Whether a stream entry was added after another, by their ids."""
    return _numbers(entry) > _numbers(than)


def _numbers(entry: bytes) -> tuple[int, int]:
    milliseconds, _, number = entry.partition(b"-")
    return int(milliseconds), int(number)
