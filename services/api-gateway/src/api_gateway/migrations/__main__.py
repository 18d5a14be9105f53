"""`python -m api_gateway.migrations`: waits for the database, upgrades it, creates its roles, exits 0."""

import asyncio
import random
import sys

import asyncpg
from legis.errors import ConfigurationError, StoreUnavailable
from legis.settings import load_or_exit

from api_gateway.migrations import migration_runner
from api_gateway.migrations.database_roles import passwords_of, settle_roles
from api_gateway.settings import MigrationSettings
from api_gateway.store.database.hosts import PRIMARY

_START_ERRORS = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)


async def migrate(settings: MigrationSettings) -> None:
    """Upgrades the database, then creates its roles and grants. Waits for one that is still starting, as long as for
    the migration lock.

    Raises ConfigurationError, StoreUnavailable.
    """
    limit = settings.migration_lock_timeout_seconds
    passwords = passwords_of(settings)
    deadline = asyncio.get_running_loop().time() + limit
    while True:
        try:
            connection = await asyncpg.connect(settings.database_url, timeout=5, target_session_attrs=PRIMARY)
            await connection.close()
            await migration_runner.upgrade(settings.database_url, lock_timeout=limit)
            return await settle_roles(settings.database_url, passwords, lock_timeout=limit)
        except _START_ERRORS as error:
            if asyncio.get_running_loop().time() >= deadline:
                raise StoreUnavailable(f"database not reachable within {limit:g} s: {error}") from error
        await asyncio.sleep(random.uniform(0.2, 1.0))


def main() -> int:
    """Exit status: 0 if the schema is the newest, 1 on failure, 2 for a wrong setting."""
    settings = load_or_exit(MigrationSettings)
    try:
        asyncio.run(migrate(settings))
    except StoreUnavailable as error:
        sys.stderr.write(f"migrate: {error}\n")
        return 1
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write("migrate: schema is at head\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
