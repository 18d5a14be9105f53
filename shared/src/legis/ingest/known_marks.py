"""Fingerprints of what is already *stored*, so that the same is not published again."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import ReadingPart, Source
from legis.ingest.in_flight import InFlight, is_later
from legis.streams.stored_marks import read_marks

_MAX_BILLS = 20_000


class KnownMarks:
    """A window's view of the fingerprints that the worker wrote after its commits.

    Entries hold only under the database's epoch: after a restore they are void and everything is published again,
    which is harmless. The same is true when Redis has lost them, while entries up to `unconfirmed_to` are still on the
    stream, and of a bill that is on the way: those may change what is stored after the memory was asked.
    """

    def __init__(
        self,
        redis: "Redis",
        source: Source,
        epoch: str,
        in_flight: InFlight,
        *,
        unconfirmed_to: bytes | None = None,
    ) -> None:
        self._redis = redis
        self._in_flight = in_flight
        self._source = source
        self._epoch = epoch
        self._unconfirmed_to = unconfirmed_to
        self._known: dict[str, dict[ReadingPart, str | None]] = {}
        in_flight.tell(self)

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads the fingerprints of one part of these bills in one round trip."""
        if len(self._known) + len(upstream_ids) > _MAX_BILLS:
            self._known.clear()
        moment = self._in_flight.moment
        try:
            found = await read_marks(self._redis, self._source, self._epoch, upstream_ids, part)
        except (RedisError, OSError):
            return
        self._in_flight.finished_before(found.oldest_entry, moment)
        oldest = found.oldest_entry
        if self._unconfirmed_to is not None and oldest is not None and not is_later(oldest, self._unconfirmed_to):
            return
        for upstream_id, mark in zip(upstream_ids, found.fingerprints, strict=True):
            if upstream_id not in self._in_flight:
                self._known.setdefault(upstream_id, {})[part] = mark

    def get(self, upstream_id: str, part: ReadingPart) -> str | None:
        """The stored fingerprint, or None when unknown."""
        return self._known.get(upstream_id, {}).get(part)

    def forget(self, upstream_id: str) -> None:
        """A reading of this bill is being sent: what is known of it no longer holds."""
        self._known.pop(upstream_id, None)
