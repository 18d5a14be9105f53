"""Redis client for use within requests: no retries, short timeouts, and after a failure no calls until Redis answers
again.
"""

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
    """Redis failed just now, or has not answered since its last failure; the caller continues without it."""


class RedisFailFast:
    """Lets requests call Redis until it fails; then only background tasks call it, until one of
    their calls succeeds.
    """

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
        """Whether the next request would call Redis; False since a failure."""

    async def call(self, ask: Callable[[], Awaitable[T]]) -> T:
        """For requests: the result of `ask`. Raises RedisAway on each failure or timeout, and at once while Redis is
        away.
        """
        if not self.open:
            raise RedisAway("has not answered since it failed")
        return await self._ask(ask, self._timeout)

    async def look(self, ask: Callable[[], Awaitable[T]]) -> T:
        """For background tasks: like `call`, but always tried, with twice the timeout; a success opens Redis to
        requests again.
        """
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
