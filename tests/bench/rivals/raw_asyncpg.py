"""Raw ASGI and one prepared statement on asyncpg, its bytes joined and sent: what any Python API would like to reach.

Environment: PORT, DATABASE_URL, STATEMENTS: a pickled list of (sql, arguments, column, rows to send); `/17` runs the
seventeenth.
"""

import os
import pickle
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn

STATEMENTS = pickle.loads(Path(os.environ["STATEMENTS"]).read_bytes())
HEAD = (b"content-type", b"application/json")
_pool: Any = None


async def app(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Runs the statement that the path names."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    sql, arguments, column, limit = STATEMENTS[int(scope["path"][1:])]
    async with _pool.acquire() as connection:
        rows = await connection.fetch(sql, *arguments)
    body = b"[" + b",".join([row[column] for row in rows[:limit]]) + b"]"
    headers = [HEAD, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    global _pool
    await receive()
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10) as _pool:
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning", lifespan="on"
    )
