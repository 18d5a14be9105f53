"""Holds the lease of one source, so that never more than one process reads it at a time."""

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import Source
from legis.errors import NotTheReader
from legis.streams.reader_leases import release_lease, take_lease
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import READER
from legis.waiting import wait_or_stop

RENEWALS = 5
"""Renewals within the time of a lease: some may fail before it ends."""

MARGIN = 0.9
"""Share of the lease's time for which its holder relies on it, counted from before it asked."""

LOOK_SECONDS = 0.1

log = get_logger(__name__)


class ReaderLease:
    """The lease as one process sees it. `clock` is monotonic, in seconds.

    A holder that was suspended, or cannot reach Redis, finds by its own clock that its time is over. `blind` is True if
    Redis knew of no lease when this process took it: an earlier holder may go on reading for as long as a lease lasts.
    """

    def __init__(
        self, redis: Redis, source: Source, seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.token = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.seconds = seconds
        self.holder: str | None = None
        self.blind = False
        self._redis = redis
        self._source = source
        self._clock = clock
        self._until = float("-inf")

    @property
    def held(self) -> bool:
        """Whether this process may read the source now."""
        return self._clock() < self._until

    def require(self) -> None:
        """Raises NotTheReader if this process may not read the source now."""
        if not self.held:
            raise NotTheReader(f"{self._source.value} is read by {self.holder or 'nobody that is known'}")

    async def run(self, stop: asyncio.Event) -> None:
        """Takes the lease whenever it is free and renews it, until `stop` is set."""
        while not stop.is_set():
            await self.ask()
            await wait_or_stop(stop, self.seconds / RENEWALS)

    async def ask(self) -> None:
        """Tries once to take or renew the lease. While Redis is unavailable, the time of the lease goes on."""
        asked_at, before = self._clock(), self.holder
        try:
            answer = await take_lease(self._redis, self._source, self.token, self.seconds)
        except (RedisError, OSError):
            READER.labels(self._source.value).set(self.held)
            return
        if answer.holder == self.token:
            if not self.held:
                self.blind = not answer.known
            self._until = asked_at + self.seconds * MARGIN
        else:
            self._until = float("-inf")
        self.holder = answer.holder
        READER.labels(self._source.value).set(self.held)
        if self.holder != before:
            log.info("reader_changed", source=self._source.value, reader=self.holder, this_process=self.held)

    async def wait_until_held(self, stop: asyncio.Event) -> bool:
        """Waits for the lease. Returns False when `stop` is set."""
        while not self.held and not stop.is_set():
            await wait_or_stop(stop, LOOK_SECONDS)
        return not stop.is_set()

    async def wait_until_lost(self) -> None:
        """Returns once the lease is over."""
        while self.held:  # noqa: ASYNC110 (time itself ends a lease, which sets no event)
            await asyncio.sleep(LOOK_SECONDS)

    async def release(self) -> None:
        """Gives the lease back, so that the next reader need not wait; only when nothing reads any more."""
        self._until = float("-inf")
        with contextlib.suppress(RedisError, OSError):
            await release_lease(self._redis, self._source, self.token)
