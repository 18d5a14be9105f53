"""Knows when what readers can see has changed: from the worker's announcements, or from the change log itself."""

import asyncio
import time
from collections.abc import Callable

from legis.streams.names import DATA_VERSION_CHANNEL, DATA_VERSION_KEY
from legis.telemetry.traces import suppressed
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast

POLL_SECONDS = 0.5
TRUST_SECONDS = 1.0
"""How long after the last look the data_version is still believed; a reply is never older than this."""


class DataVersion:
    """A local number that rises when the data change; `current` is None while nobody can tell."""

    def __init__(self, gate: RedisFailFast, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._gate = gate
        self._clock = clock
        self._epoch = 0
        self._announced: bytes | str | None = None
        self._log: tuple[str | None, int] | None = None
        self._looked_at = float("-inf")
        self._changed = asyncio.Event()

    @property
    def current(self) -> int | None:
        """The epoch, if it was looked up within the last second."""
        return self._epoch if self._clock() - self._looked_at < TRUST_SECONDS else None

    @property
    def advances(self) -> int:
        """How often something was known to have changed, whoever told so and whether or not anybody tells now."""
        return self._epoch

    def log_stands_at(self, epoch: str | None, seq: int) -> None:
        """Tells what the change log itself says, which holds even if an announcement was lost."""
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
        """Follows the announcements until `stop` is set; looks at the counter at least every half second."""
        while not stop.is_set():
            pubsub = self._gate.client.pubsub(ignore_subscribe_messages=True)
            try:
                with suppressed():
                    await self._follow(pubsub, stop)
            except (RedisError, RedisAway, OSError, TimeoutError):
                await asyncio.sleep(POLL_SECONDS)  # `current` runs out meanwhile, which is the signal
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
            self._announced = announced
            self.advance()
        self._looked_at = before

    def advance(self) -> None:
        """Something that readers see has changed: what was made before is not used any more."""
        self._epoch += 1
        self._changed.set()
        self._changed = asyncio.Event()


async def _close(pubsub: PubSub) -> None:
    try:
        await pubsub.aclose()  # type: ignore[no-untyped-call]
    except (RedisError, OSError):
        return
