"""Opens Redis connections with a limit on every wait, no hidden retries, and one family of errors."""

import asyncio
from collections.abc import Iterable
from typing import Any

from redis.asyncio import BlockingConnectionPool, Connection, Redis, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

EVEN_WHEN_FULL = "#!lua flags=allow-oom\n"
"""First line of a Lua script that Redis runs although `maxmemory` is reached. For small writes on the way to an
acknowledgement, which gives room again: without them nothing would ever leave the stream.
"""


def open_pool(url: str, **limits: Any) -> BlockingConnectionPool:
    """A connection pool that never repeats a command, and whose every failure is a RedisError or an OSError."""
    pool = BlockingConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **limits)
    pool.connection_class = _CONNECTION_CLASSES.get(pool.connection_class, pool.connection_class)
    return pool


def connect(
    url: str, *, client_name: str, socket_timeout: float = 5.0, max_connections: int = 32, pool_timeout: float = 1.0
) -> Redis:
    """A client with its own pool. It sends nothing before the first command, so Redis may be down at start.

    A command fails after `socket_timeout` seconds and is never repeated implicitly: a repeated blocking read would
    deliver entries to a consumer that never sees them. Close it with `aclose()`, which closes the pool.
    """
    pool = open_pool(
        url,
        protocol=2,  # the same reply types from every server version
        client_name=client_name,
        socket_timeout=socket_timeout,
        socket_connect_timeout=min(socket_timeout, 5.0),
        socket_keepalive=True,
        max_connections=max_connections,
        timeout=pool_timeout,
    )
    return Redis.from_pool(pool)


class _ReportsWriteErrors:
    """Mixin for connection classes: a failed or cancelled write raises the right error in the task that wrote.

    uvloop raises RuntimeError from a write to a transport that the peer has reset, asyncio raises nothing, and redis-py
    expects OSError. Code that waits for Redis to come back would not catch a RuntimeError, and the process would end.

    redis-py writes inside `asyncio.wait_for`, which before Python 3.12 loses a cancellation that arrives when the write
    is already done: a cancelled task would go on calling Redis for ever.
    """

    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        """Sends a command. Raises ConnectionError where the connection is lost."""
        task = asyncio.current_task()
        cancelled_before = task.cancelling() if task else 0
        try:
            await super().send_packed_command(command, check_health)  # type: ignore[misc]
        except RuntimeError as error:
            raise RedisConnectionError(f"while writing to socket: {error}") from error
        if task and task.cancelling() > cancelled_before:
            await self.disconnect(nowait=True)  # type: ignore[attr-defined]  # nobody will read its answer
            raise asyncio.CancelledError


class _Plain(_ReportsWriteErrors, Connection):
    """TCP."""


class _Encrypted(_ReportsWriteErrors, SSLConnection):
    """TLS."""


_CONNECTION_CLASSES: dict[type, type] = {Connection: _Plain, SSLConnection: _Encrypted}
