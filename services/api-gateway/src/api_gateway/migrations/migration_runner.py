"""Upgrades a database to the newest schema: one migration at a time, with a limit on every wait."""

import asyncio
import random
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from legis.errors import StoreUnavailable
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from api_gateway.store.database.hosts import PRIMARY

LOCK_KEY = 0x6C65676973  # "legis", the advisory lock that migrators of one database share
TABLE_LOCK_MILLISECONDS = 1000
"""Longest wait for a table lock. Later statements queue behind a migration that waits, so this must be shorter than a
reader's statement timeout.
"""

_RETRY_SECONDS = 0.25
_LOCK_NOT_AVAILABLE = "55P03"


def config() -> Config:
    """Alembic's configuration, made in code, so that the installed package is enough to migrate."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return made


async def upgrade(
    database_url: str,
    *,
    lock_timeout: float = 60.0,
    statement_timeout: float = 300.0,
    target: str = "head",
    settings: Config | None = None,
) -> None:
    """Upgrades the database at a libpq URL to `target`; does nothing if it is there already.

    Waits at most `lock_timeout` seconds for another migration, and as long for tables in use by running services, then
    raises StoreUnavailable. A statement may take `statement_timeout` seconds. Migrations committed until then are kept.
    """

    async def connect() -> Any:
        return await asyncpg.connect(
            database_url,
            timeout=10,
            target_session_attrs=PRIMARY,
            server_settings={
                "application_name": "legis-migrate",
                "lock_timeout": str(TABLE_LOCK_MILLISECONDS),
                "statement_timeout": str(round(statement_timeout * 1000)),
                "TimeZone": "UTC",
            },
        )

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await _lock(connection, lock_timeout)
            # The lock belongs to the session: it ends with the connection, even if this process is killed.
            await _upgrade(connection, settings or config(), target, lock_timeout)
    finally:
        await engine.dispose()


async def _upgrade(connection: AsyncConnection, settings: Config, target: str, patience: float) -> None:
    """Retries while a table is in use. Readers queue behind each attempt, so each is short."""

    def run(sync: Connection) -> None:
        settings.attributes["connection"] = sync
        command.upgrade(settings, target)

    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            return await connection.run_sync(run)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            await connection.rollback()
            if asyncio.get_running_loop().time() >= deadline:
                raise StoreUnavailable(f"a table was in use for {patience:g} s: {error.orig}") from error
        await asyncio.sleep(random.uniform(_RETRY_SECONDS, 4 * _RETRY_SECONDS))


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
