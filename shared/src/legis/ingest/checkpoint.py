"""How far each walk of a source has been read and safely stored, as the worker republishes it from PostgreSQL."""

import asyncio
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from legis.domain.vocabulary import Source
from legis.events import Walk
from legis.ingest.seen import SeenMemory
from legis.ingest.waiting import wait_or_stop
from legis.streams.cursors import SourceCursors, read_cursors
from legis.streams.names import BILLS_STREAM
from legis.streams.questions import read_questions

POLL_SECONDS = 0.1
_PATIENCE = 20  # times the confirm timeout, while the stream still holds events that may complete the window


class Checkpoint:
    """Reads the checkpoint of one source. It never guesses one: an absent checkpoint is waited for."""

    def __init__(self, redis: "Redis", source: Source) -> None:
        self._redis = redis
        self._source = source

    async def read(self) -> SourceCursors | None:
        """The checkpoint, or None while Redis is away or no worker has published it yet."""
        try:
            return await read_cursors(self._redis, self._source)
        except (RedisError, OSError):
            return None

    def seen_memory(self, epoch: str) -> SeenMemory:
        """An empty memory of stored fingerprints that holds under `epoch`."""
        return SeenMemory(self._redis, self._source, epoch)

    async def questions(self, most: int) -> list[str]:
        """Records that the store wants to hear of; none while Redis is away, for they are asked for again."""
        try:
            return await read_questions(self._redis, self._source, most)
        except (RedisError, OSError):
            return []

    async def wait(self, stop: asyncio.Event) -> SourceCursors | None:
        """The checkpoint as soon as there is one; None only when told to stop."""
        while not stop.is_set():
            cursors = await self.read()
            if cursors is not None:
                return cursors
            await wait_or_stop(stop, 0.5)
        return None

    async def confirmed(self, walk: Walk, hi: int, *, timeout: float, stop: asyncio.Event) -> bool:
        """True once the walk's position has reached `hi`; False when the window must be taken for lost.

        A window counts as lost after `timeout` seconds with nothing left on the stream that could complete it, and
        in any case after twenty times that.
        """
        began = time.monotonic()
        while not stop.is_set():
            cursors = await self.read()
            if cursors is not None and cursors.positions.get(walk, hi - 1) >= hi:
                return True
            waited = time.monotonic() - began
            if waited > timeout * _PATIENCE or (waited > timeout and not await self._backlog()):
                return False
            await wait_or_stop(stop, POLL_SECONDS)
        return False

    async def _backlog(self) -> int:
        try:
            return int(await self._redis.xlen(BILLS_STREAM))
        except (RedisError, OSError):
            return 1
