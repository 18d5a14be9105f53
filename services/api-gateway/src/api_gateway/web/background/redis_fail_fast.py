"""Redis on the way of a request: no retries, short limits, and left alone from a failure until it answers again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from legis.streams.connection import open_pool
from redis.asyncio import Redis
from redis.exceptions import RedisError

T = TypeVar("T")

TIMEOUT_SECONDS = 0.15
_CONNECTIONS = 32


class RedisAway(Exception):
    """Redis failed just now, or has not answered since it failed; go on without it."""


class RedisFailFast:
    """Lets requests through to Redis until it fails; then only what looks in the background asks, until it answers."""

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._timeout = timeout_seconds
        self.pool = open_pool(
            url,
            max_connections=_CONNECTIONS,
            timeout=timeout_seconds,
            socket_timeout=timeout_seconds,
            socket_connect_timeout=timeout_seconds,
        )
        self.client: Redis = Redis(connection_pool=self.pool)
        self.open = True
        """Whether the next request's call would be tried."""

    async def call(self, ask: Callable[[], Awaitable[T]]) -> T:
        """For requests: the result of `ask`. Raises RedisAway for each failure and timeout; at once while away."""
        if not self.open:
            raise RedisAway("has not answered since it failed")
        return await self._ask(ask, self._timeout)

    async def look(self, ask: Callable[[], Awaitable[T]]) -> T:
        """For background tasks: the same, but always tried; an answer lets requests through again."""
        found = await self._ask(ask, 2 * self._timeout)
        self.open = True
        return found

    async def _ask(self, ask: Callable[[], Awaitable[T]], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await ask()
        except (RedisError, OSError, TimeoutError) as error:
            self.open = False
            raise RedisAway(type(error).__name__) from error

    async def close(self) -> None:
        """Closes all connections."""
        await self.client.aclose()
        await self.pool.disconnect()
