"""Fingerprints of what is already *stored*, so that the same is not published again."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import ReadingPart, Source
from legis.ingest.in_flight import OnTheWay, is_later
from legis.streams.stored_marks import read_seen

_KEPT = 20_000


class SeenMemory:
    """A window's view of the fingerprints that the worker wrote after its commits.

    Entries hold only under the database's epoch: after a restore they are void and everything is published again,
    which is harmless. The same is true when Redis has lost them, while entries up to `doubtful_to` are still on the
    stream, and of a bill that is on the way: those may change what is stored after the memory was asked.
    """

    def __init__(
        self,
        redis: "Redis",
        source: Source,
        epoch: str,
        on_the_way: OnTheWay,
        *,
        doubtful_to: bytes | None = None,
    ) -> None:
        self._redis = redis
        self._on_the_way = on_the_way
        self._source = source
        self._epoch = epoch
        self._doubtful_to = doubtful_to
        self._known: dict[str, dict[ReadingPart, str | None]] = {}
        on_the_way.tell(self)

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads the fingerprints of one part of these bills in one round trip."""
        if len(self._known) + len(upstream_ids) > _KEPT:
            self._known.clear()
        moment = self._on_the_way.moment
        try:
            found = await read_seen(self._redis, self._source, self._epoch, upstream_ids, part)
        except (RedisError, OSError):
            return
        self._on_the_way.finished_before(found.oldest_entry, moment)
        oldest = found.oldest_entry
        if self._doubtful_to is not None and oldest is not None and not is_later(oldest, self._doubtful_to):
            return
        for upstream_id, mark in zip(upstream_ids, found.fingerprints, strict=True):
            if upstream_id not in self._on_the_way:
                self._known.setdefault(upstream_id, {})[part] = mark

    def get(self, upstream_id: str, part: ReadingPart) -> str | None:
        """The stored fingerprint, or None when unknown."""
        return self._known.get(upstream_id, {}).get(part)

    def forget(self, upstream_id: str) -> None:
        """A reading of this bill is being sent: what is known of it no longer holds."""
        self._known.pop(upstream_id, None)
