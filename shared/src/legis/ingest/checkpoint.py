"""How far each walk of a source has been read and safely stored, as the worker republishes it from PostgreSQL."""

import asyncio
import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import Source
from legis.errors import StreamUnavailable
from legis.events import Walk
from legis.ingest.in_flight import InFlight, is_later
from legis.ingest.known_marks import KnownMarks
from legis.streams.checkpoints import SourceCursors, read_cursors
from legis.streams.names import BILLS_STREAM
from legis.streams.refetch_request_set import read_refetch_requests
from legis.streams.unread_years import read_years_not_read
from legis.waiting import wait_or_stop

POLL_SECONDS = 0.1
_FIRST_POLL_SECONDS = 0.01
_PATIENCE = 20  # times the confirm timeout, while the stream still holds events that may complete the window


class Checkpoint:
    """Reads the checkpoint of one source. It never guesses one: an absent checkpoint is waited for."""

    def __init__(self, redis: "Redis", source: Source) -> None:
        self._redis = redis
        self._source = source
        self._unconfirmed, self._unconfirmed_seen = 1, 0
        self._unconfirmed_to: bytes | None = None

    async def read(self) -> SourceCursors | None:
        """The checkpoint, or None while Redis is away or no worker has published it yet."""
        try:
            return await read_cursors(self._redis, self._source)
        except (RedisError, OSError):
            return None

    def note_unconfirmed(self) -> None:
        """Tells that readings were published which nobody waits for any more: of an abandoned window, of a process
        before this one. What is on the stream now may change what is stored long after the memory was asked."""
        self._unconfirmed += 1

    async def known_marks(self, epoch: str, in_flight: InFlight) -> KnownMarks:
        """An empty memory of stored fingerprints that holds under `epoch`, and once what is in doubt has been stored.

        Raises StreamUnavailable while the stream cannot be asked.
        """
        if self._unconfirmed_seen < self._unconfirmed:
            known = self._unconfirmed
            try:
                newest: Any = await self._redis.xrevrange(BILLS_STREAM, count=1)
            except (RedisError, OSError) as error:
                raise StreamUnavailable(f"the stream cannot be asked: {error}") from error
            self._unconfirmed_to = newest[0][0] if newest else None
            self._unconfirmed_seen = known
        return KnownMarks(self._redis, self._source, epoch, in_flight, unconfirmed_to=self._unconfirmed_to)

    async def refetch_requests(self, most: int) -> list[str]:
        """Records that the store wants to hear of; none while Redis is away, for they are asked for again."""
        try:
            return await read_refetch_requests(self._redis, self._source, most)
        except (RedisError, OSError):
            return []

    async def years_not_read(self) -> tuple[int, ...]:
        """Years that the store waits for, newest first. Raises StreamUnavailable while nobody can tell."""
        try:
            return await read_years_not_read(self._redis, self._source)
        except (RedisError, OSError) as error:
            raise StreamUnavailable(f"the years cannot be told: {error}") from error

    async def wait(self, stop: asyncio.Event) -> SourceCursors | None:
        """The checkpoint as soon as there is one; None only when told to stop."""
        while not stop.is_set():
            cursors = await self.read()
            if cursors is not None:
                return cursors
            await wait_or_stop(stop, 0.5)
        return None

    async def confirmed(
        self, walk: Walk, hi: int, last_entry: bytes | None, *, timeout: float, stop: asyncio.Event
    ) -> bool:
        """True once the walk's position has reached `hi`; False when the window must be taken for lost.

        A window counts as lost after `timeout` seconds with nothing left on the stream that could complete it, which
        is nothing up to its own `last_entry`, and in any case after twenty times that.
        """
        began = time.monotonic()
        while not stop.is_set():
            cursors = await self.read()
            if cursors is not None and cursors.positions.get(walk, hi - 1) >= hi:
                return True
            waited = time.monotonic() - began
            if waited > timeout * _PATIENCE or (waited > timeout and not await self._holds_up_to(last_entry)):
                return False
            # soon at first: a window of few bills is stored at once, and the next one waits for it
            await wait_or_stop(stop, min(POLL_SECONDS, max(_FIRST_POLL_SECONDS, waited / 4)))
        return False

    async def _holds_up_to(self, last_entry: bytes | None) -> bool:
        """Whether the stream has entries that are not later than `last_entry`; assumed while it cannot be asked."""
        try:
            oldest: Any = await self._redis.xrange(BILLS_STREAM, count=1)
        except (RedisError, OSError):
            return True
        return bool(oldest) and (last_entry is None or not is_later(oldest[0][0], last_entry))
