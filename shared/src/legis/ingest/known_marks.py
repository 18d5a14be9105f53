"""Marks of readings that are already *stored*, cached for one window, so that unchanged readings are not published
again.
"""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import ReadingPart, Source
from legis.ingest.in_flight import InFlight, is_later
from legis.streams.stored_marks import read_marks

_MAX_BILLS = 20_000  # bounds memory; a cleared cache only costs a second publication


class KnownMarks:
    """One window's cache of the marks that workers wrote after their commits.

    Marks are valid only under the database's epoch: after a restore they are void and everything is published again,
    which is harmless. Nothing is known either when Redis has lost the marks, while entries up to `unconfirmed_to` are
    still on the stream, or of a bill in flight: those may change what is stored after the marks were read.
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
        in_flight.register(self)

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads the marks of one part of these bills in one round trip."""
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
        """The stored mark, or None when unknown."""
        return self._known.get(upstream_id, {}).get(part)

    def forget(self, upstream_id: str) -> None:
        """Removes a bill: a reading of it is being published, so its mark is no longer valid."""
        self._known.pop(upstream_id, None)
