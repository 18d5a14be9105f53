"""The PostgreSQL roles of the processes: creation (if a password is given), connection limits, settings and grants."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import asyncpg
from legis.errors import ConfigurationError

from api_gateway.migrations.migration_runner import LOCK_KEY
from api_gateway.migrations.scram import scram_verifier
from api_gateway.settings import MigrationSettings
from api_gateway.store.database.connections import Connection
from api_gateway.store.database.hosts import PRIMARY

GRANTS = "database_grants.sql"


@dataclass(frozen=True, slots=True)
class DatabaseRole:
    """A role that can log in. Its `settings` apply to each of its sessions, including those through a connection
    pooler.
    """

    name: str
    connections: int
    settings: Mapping[str, str]


_ALL = {"idle_in_transaction_session_timeout": "10s", "jit": "off", "timezone": "UTC"}
_READS = {**_ALL, "default_transaction_read_only": "on"}
_POOLED_READER = {"plan_cache_mode": "force_custom_plan", "enable_seqscan": "off"}
"""What `store.database.pool` sets in sessions of readers, for those behind a pooler."""

# Of 150 connections, the superuser has three; `web` leaves enough for the worker, the indexers and migrations.
ROLES = {
    "web": DatabaseRole("legis_web", 90, {**_READS, **_POOLED_READER, "statement_timeout": "5s"}),
    "worker": DatabaseRole("legis_worker", 50, {**_ALL, "statement_timeout": "60s"}),
    "notifier": DatabaseRole("legis_notifier", 10, {**_ALL, "statement_timeout": "60s"}),
    "indexer": DatabaseRole("legis_indexer", 20, {**_READS, "statement_timeout": "120s"}),
}
"""Roles by process. Connection pools set shorter statement timeouts; these apply where a session sets none."""

_ATTRIBUTES = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = $1"


def passwords_of(settings: MigrationSettings) -> dict[str, str]:
    """The configured passwords, by process. Raises ConfigurationError for a password that is empty or not ASCII."""
    given = {
        "web": settings.web_database_password,
        "worker": settings.worker_database_password,
        "notifier": settings.notifier_database_password,
        "indexer": settings.indexer_database_password,
    }
    known = {process: secret.get_secret_value() for process, secret in given.items() if secret is not None}
    for process, password in known.items():
        if not password or not password.isascii():
            raise ConfigurationError(f"setting {process.upper()}_DATABASE_PASSWORD: ASCII characters, at least one")
    return known


async def settle_roles(database_url: str, passwords: Mapping[str, str], *, lock_timeout: float) -> None:
    """Creates or alters the roles that have a password, and grants rights to all existing roles; runs as the database's
    owner.

    Creating roles requires CREATEROLE. If roles are created by other means, no passwords are given and only grants are
    made.
    """
    connection = await asyncpg.connect(
        database_url,
        timeout=10,
        target_session_attrs=PRIMARY,
        server_settings={"application_name": "legis-migrate", "lock_timeout": str(round(lock_timeout * 1000))},
    )
    try:
        async with connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
            for process, password in passwords.items():
                await _settle(connection, ROLES[process], password)
            await connection.execute(files(__package__).joinpath(GRANTS).read_text("utf-8"))
    finally:
        await connection.close()


async def _settle(connection: Connection, role: DatabaseRole, password: str) -> None:
    """Creates or alters one role. Names and values are constants of this module, so they need no quoting."""
    mighty = await connection.fetchval(_ATTRIBUTES, role.name)
    if mighty:
        raise ConfigurationError(f"the role {role.name} may do more than its process needs: take that from it first")
    verb = "CREATE" if mighty is None else "ALTER"
    await connection.execute(
        f"{verb} ROLE {role.name} LOGIN CONNECTION LIMIT {role.connections} PASSWORD '{scram_verifier(password)}'"
    )
    for name, value in role.settings.items():
        await connection.execute(f"ALTER ROLE {role.name} SET {name} = '{value}'")
