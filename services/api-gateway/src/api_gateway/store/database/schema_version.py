"""The schema version that this code needs, and the check that the database has it."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from legis.errors import StoreUnavailable
from legis.service.health import Unfit
from legis.telemetry import logs
from legis.waiting import retreat

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors

REQUIRED_SCHEMA = "0016"
"""The newest revision in `migrations/versions`. Migrations run before the code that needs them and only add, so a
database may be ahead of this version but never behind.
"""

ACQUIRE_SECONDS = 1.0
RETRY_SECONDS = 1.0
"""Longest time between two checks of a schema that is too old."""

_log = logs.get_logger(__name__)


class SchemaTooOld(Unfit):
    """The database has not been migrated far enough for this code."""


class SchemaGate:
    """Checks the schema version until it is new enough. After that it is not checked again: no release lowers it."""

    def __init__(self, pool: Pool, required: str = REQUIRED_SCHEMA) -> None:
        self._pool = pool
        self._required = required
        self._enough = False

    async def check(self) -> None:
        """Returns if the schema is new enough. Raises SchemaTooOld, or StoreUnavailable if the version cannot be
        read.
        """
        if self._enough:
            return
        with store_errors():
            async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                found = await _found(connection)
        if found is None or found < self._required:
            seen = "has none" if found is None else f"is at {found}"
            raise SchemaTooOld(f"schema {self._required} or newer is required; the database {seen}")
        self._enough = True

    async def check_if_reachable(self) -> None:
        """Like `check`, for a process that waits for its database anyway: raises only if the schema is known to be too
        old.
        """
        try:
            await self.check()
        except StoreUnavailable:
            return

    async def run_when_fit(self, work: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
        """Runs `work` once the schema is new enough. Returns when `work` does, or when `stop` is set. Work that raises
        StoreUnavailable or SchemaTooOld is started again.
        """
        warned = False
        while not stop.is_set():
            try:
                await self.check()
                return await work(stop)
            except (SchemaTooOld, StoreUnavailable) as error:
                if not warned:
                    _log.warning("waiting_for_schema", error=str(error))
                warned = True
            await retreat(stop, RETRY_SECONDS)


async def _found(connection: Connection) -> str | None:
    try:
        newest: str | None = await connection.fetchval("SELECT max(version_num) FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return newest
