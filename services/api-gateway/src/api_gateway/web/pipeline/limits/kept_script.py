"""One Lua script in Redis, called over a connection that is kept.

Each counted request waits for such a call, and most of its processor time is redis-py's: a client takes a connection
from the pool for every command and gives it back, behind layers for retries and metrics. Over a kept connection a call
takes 100 µs instead of 200.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Connection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError


class KeptScript:
    """Calls `text` in Redis. One call at a time: a second one would read the answer to the first.

    A call that fails or is cancelled closes the connection, and the next one opens it again: redis-py does both.
    """

    def __init__(self, pool: BlockingConnectionPool, text: str) -> None:
        self._pool = pool
        self._text = text
        self._sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        self._connection: Connection | None = None

    async def __call__(self, keys: Sequence[str], arguments: Sequence[str]) -> Any:
        """The script's answer. Raises RedisError or OSError."""
        if self._connection is None:
            self._connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
        try:
            return await self._call(self._connection, keys, arguments)
        except RedisConnectionError:  # a server may close what was idle: once more, over a new connection
            return await self._call(self._connection, keys, arguments)

    async def _call(self, connection: Connection, keys: Sequence[str], arguments: Sequence[str]) -> Any:
        try:
            return await _ask(connection, "EVALSHA", self._sha, len(keys), *keys, *arguments)
        except NoScriptError:  # the server was restarted or flushed
            return await _ask(connection, "EVAL", self._text, len(keys), *keys, *arguments)


async def _ask(connection: Connection, *command: str | int) -> Any:
    await connection.send_command(*command)
    return await connection.read_response()
