"""Detects changes of the data that readers can see, from the worker's announcements in Redis or from the change log."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from legis.streams.log_heads import LogHead, read_head
from legis.streams.names import DATA_VERSION_CHANNEL, DATA_VERSION_KEY
from legis.telemetry.traces import suppressed
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast

POLL_SECONDS = 0.5
TRUST_SECONDS = 1.0
"""Seconds for which a value of the data version is trusted after it was read; no reply is older than this."""


@dataclass(slots=True)
class DataState:
    """State on which the content of a new reply depends; background tasks write it, the reply cache reads it.

    `changes` is the number of detected changes, from either source. Until `told_until`, in seconds of a monotonic
    clock, announcements of changes are known to have been received. `validator` represents the freshness of the
    sources; `store_away` is true if the store did not answer the last query. `head` is that of the
    change log at the last announcement.
    """

    changes: int = 0
    told_until: float = float("-inf")
    validator: bytes = b""
    store_away: bool = False
    head: LogHead = field(default_factory=LogHead)


class DataVersion:
    """Counts changes of the data in a DataState, and wakes the tasks that wait for one."""

    def __init__(
        self, gate: RedisFailFast, state: DataState | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.state = DataState() if state is None else state
        self._gate = gate
        self._clock = clock
        self._announced: bytes | str | None = None
        self._log: tuple[str | None, int] | None = None
        self._changed = asyncio.Event()

    @property
    def current(self) -> int | None:
        """The number of changes; None if the counter in Redis was last read more than a second ago."""
        return self.state.changes if self._clock() < self.state.told_until else None

    def log_stands_at(self, epoch: str | None, seq: int) -> None:
        """Compares the end of the change log with the one before; finds a change even if its announcement was lost."""
        if self._log is not None and self._log != (epoch, seq):
            self.advance()
        self._log = (epoch, seq)

    async def wait_for_change(self, timeout: float) -> None:
        """Returns at the next change, or after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            return

    async def run(self, stop: asyncio.Event) -> None:
        """Follows the announcements until `stop` is set; reads the counter in Redis at least every half second."""
        while not stop.is_set():
            pubsub = self._gate.client.pubsub(ignore_subscribe_messages=True)
            try:
                with suppressed():
                    await self._follow(pubsub, stop)
            except (RedisError, RedisAway, OSError, TimeoutError):
                await asyncio.sleep(POLL_SECONDS)  # `current` becomes None meanwhile, which signals the failure
            finally:
                await _close(pubsub)

    async def _follow(self, pubsub: PubSub, stop: asyncio.Event) -> None:
        async with asyncio.timeout(1):
            await pubsub.subscribe(DATA_VERSION_CHANNEL)
        while not stop.is_set():
            await self._look()
            async with asyncio.timeout(POLL_SECONDS + 1):
                await pubsub.get_message(timeout=POLL_SECONDS)

    async def _look(self) -> None:
        before = self._clock()
        announced = await self._gate.look(lambda: self._gate.client.get(DATA_VERSION_KEY))
        if announced != self._announced:
            self.state.head = await self._gate.look(lambda: read_head(self._gate.client))
        if announced != self._announced:
            self._announced = announced
            self.advance()
        self.state.told_until = before + TRUST_SECONDS

    def advance(self) -> None:
        """Counts one change of the visible data: replies made before it are no longer used."""
        self.state.changes += 1
        self._changed.set()
        self._changed = asyncio.Event()


async def _close(pubsub: PubSub) -> None:
    try:
        await pubsub.aclose()  # type: ignore[no-untyped-call]
    except (RedisError, OSError):
        return
