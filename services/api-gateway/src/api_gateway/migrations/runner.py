"""Brings a database to the newest schema: one migrator at a time, no wait without a limit."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from legis.errors import StoreUnavailable
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

LOCK_KEY = 0x6C65676973  # "legis", the advisory lock that migrators of one database share
_RETRY_SECONDS = 0.25


def config() -> Config:
    """Alembic's configuration, made in code so that the installed package is enough to migrate."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return made


async def upgrade(database_url: str, *, lock_timeout: float = 60.0, statement_timeout: float = 300.0) -> None:
    """Upgrades the database at a libpq URL to head; nothing happens where it already is.

    Waits at most `lock_timeout` seconds for another migrator, then raises StoreUnavailable. A statement may wait
    five seconds for a lock of a running service and take `statement_timeout` seconds.
    """

    async def connect() -> Any:
        return await asyncpg.connect(
            database_url,
            timeout=10,
            server_settings={
                "application_name": "legis-migrate",
                "lock_timeout": "5000",
                "statement_timeout": str(round(statement_timeout * 1000)),
                "TimeZone": "UTC",
            },
        )

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await _lock(connection, lock_timeout)
            # the lock is the session's: it ends with the connection, whatever happens to this process
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


async def _lock(connection: AsyncConnection, timeout: float) -> None:
    deadline = asyncio.get_running_loop().time() + timeout
    while True:
        held = await connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK_KEY})")
        locked = bool(held.scalar_one())
        await connection.commit()
        if locked:
            return
        if asyncio.get_running_loop().time() >= deadline:
            raise StoreUnavailable(f"another migration holds the lock since {timeout:g} s")
        await asyncio.sleep(_RETRY_SECONDS)
