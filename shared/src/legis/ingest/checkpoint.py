"""Reads a source's checkpoint, which workers republish from PostgreSQL, and waits until a window is stored."""

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
_MAX_TIMEOUTS = 20  # while the stream still holds events that may complete the window


class Checkpoint:
    """Reads the checkpoint of one source. It never guesses: while the checkpoint is absent, it waits."""

    def __init__(self, redis: "Redis", source: Source) -> None:
        self._redis = redis
        self._source = source
        self._unconfirmed, self._unconfirmed_seen = 1, 0
        self._unconfirmed_to: bytes | None = None

    async def read(self) -> SourceCursors | None:
        """The checkpoint, or None while Redis is unavailable or no worker has published it yet."""
        try:
            return await read_cursors(self._redis, self._source)
        except (RedisError, OSError):
            return None

    def note_unconfirmed(self) -> None:
        """Records that published readings will not be confirmed: those of an abandoned window, or of an earlier
        process.

        Entries that are on the stream now may change what is stored after the marks are read.
        """
        self._unconfirmed += 1

    async def known_marks(self, epoch: str, in_flight: InFlight) -> KnownMarks:
        """An empty cache of stored marks, valid under `epoch` once the unconfirmed entries have been stored.

        Raises StreamUnavailable while Redis is unavailable.
        """
        if self._unconfirmed_seen < self._unconfirmed:
            known = self._unconfirmed
            try:
                newest: Any = await self._redis.xrevrange(BILLS_STREAM, count=1)
            except (RedisError, OSError) as error:
                raise StreamUnavailable(f"the stream cannot be read: {error}") from error
            self._unconfirmed_to = newest[0][0] if newest else None
            self._unconfirmed_seen = known
        return KnownMarks(self._redis, self._source, epoch, in_flight, unconfirmed_to=self._unconfirmed_to)

    async def refetch_requests(self, most: int) -> list[str]:
        """Records that the store wants read again; none while Redis is unavailable, since requests are repeated."""
        try:
            return await read_refetch_requests(self._redis, self._source, most)
        except (RedisError, OSError):
            return []

    async def years_not_read(self) -> tuple[int, ...]:
        """Years that are not read yet, newest first. Raises StreamUnavailable while Redis is unavailable."""
        try:
            return await read_years_not_read(self._redis, self._source)
        except (RedisError, OSError) as error:
            raise StreamUnavailable(f"the years not read cannot be loaded: {error}") from error

    async def wait(self, stop: asyncio.Event) -> SourceCursors | None:
        """Waits for the checkpoint. Returns None only when asked to stop."""
        while not stop.is_set():
            cursors = await self.read()
            if cursors is not None:
                return cursors
            await wait_or_stop(stop, 0.5)
        return None

    async def confirmed(
        self, walk: Walk, hi: int, last_entry: bytes | None, *, timeout: float, stop: asyncio.Event
    ) -> bool:
        """Waits until the walk's position reaches `hi`. Returns False when the window counts as lost.

        A window is lost when `timeout` seconds have passed and the stream has no entry up to the window's own
        `last_entry`, so nothing is left that could complete it; and in any case after twenty times `timeout`.
        """
        began = time.monotonic()
        while not stop.is_set():
            cursors = await self.read()
            if cursors is not None and cursors.positions.get(walk, hi - 1) >= hi:
                return True
            waited = time.monotonic() - began
            if waited > timeout * _MAX_TIMEOUTS or (waited > timeout and not await self._holds_up_to(last_entry)):
                return False
            # short polls at first: a window of few bills is stored at once, and the next window waits for it
            await wait_or_stop(stop, min(POLL_SECONDS, max(_FIRST_POLL_SECONDS, waited / 4)))
        return False

    async def _holds_up_to(self, last_entry: bytes | None) -> bool:
        """Whether the stream has entries not later than `last_entry`; assumed true while Redis is unavailable."""
        try:
            oldest: Any = await self._redis.xrange(BILLS_STREAM, count=1)
        except (RedisError, OSError):
            return True
        return bool(oldest) and (last_entry is None or not is_later(oldest[0][0], last_entry))
