"""Which schema this code needs, and whether the database has it."""

from typing import Any

import asyncpg
from legis.errors import StoreUnavailable
from legis.service.health import Unfit

from api_gateway.store.failures import store_errors

REQUIRED_SCHEMA = "0006"
"""The newest revision in `migrations/versions`. Migrations run before the code that needs them, and only add, so a
database may be ahead of this and never behind."""

ACQUIRE_SECONDS = 1.0


class SchemaTooOld(Unfit):
    """The database was not migrated far enough for this code."""


class SchemaGate:
    """Asks the database until its schema is enough, and then never again: no release takes it back."""

    def __init__(self, pool: Any, required: str = REQUIRED_SCHEMA) -> None:
        self._pool = pool
        self._required = required
        self._enough = False

    async def check(self) -> None:
        """Returns when the schema is enough. Raises SchemaTooOld, or StoreUnavailable when nobody can tell."""
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
        """The same for a process that waits for its database anyway: only a schema known to be too old is bad."""
        try:
            await self.check()
        except StoreUnavailable:
            return


async def _found(connection: Any) -> str | None:
    try:
        newest: str | None = await connection.fetchval("SELECT max(version_num) FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return newest
