"""Redis on the way of a request: no retries, short limits, and left alone for a while after it failed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")

TIMEOUT_SECONDS = 0.15
COOL_DOWN_SECONDS = 1.0
_CONNECTIONS = 32


class RedisAway(Exception):
    """Redis failed just now or a moment ago; go on without it."""


class RedisGate:
    """Lets calls through to Redis unless it failed within the last second, so that a dead Redis costs no request."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self.client: Redis = Redis(connection_pool=self.pool)
        self._clock = clock
        self._closed_until = 0.0

    @property
    def open(self) -> bool:
        """Whether the next call would be tried."""
        return self._clock() >= self._closed_until

    async def call(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` gives, within 300 ms. Raises RedisAway for every failure."""
        if not self.open:
            raise RedisAway("cooling down")
        try:
            async with asyncio.timeout(2 * TIMEOUT_SECONDS):
                return await ask()
        except (RedisError, OSError, TimeoutError) as error:
            self._closed_until = self._clock() + COOL_DOWN_SECONDS
            raise RedisAway(type(error).__name__) from error

    async def close(self) -> None:
        """Closes all connections."""
        await self.client.aclose()
        await self.pool.disconnect()
