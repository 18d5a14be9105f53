"""The transaction of whoever changes subscriptions: `web` too, whose role reads unless it asks to write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api_gateway.store.database.connections import Connection, Pool

ACQUIRE_SECONDS = 2.0


@asynccontextmanager
async def writing(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that writes, although the role of web reads by default."""
    async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
        await connection.execute("SET TRANSACTION READ WRITE")
        yield connection
