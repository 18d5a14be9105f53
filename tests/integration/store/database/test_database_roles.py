"""Least privilege: what each role may and may not do, made by the migration process, as often as it runs."""

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from api_gateway.migrations.database_roles import ROLES, settle_roles
from api_gateway.migrations.scram import scram_verifier
from api_gateway.store.sources.source_status import STATUS, status_of
from legis_launcher.servers.postgres_server import PostgresServer

PASSWORDS = {process: f"{process}-secret of tests" for process in ROLES}
_numbers = itertools.count()
Open = Callable[[str], Awaitable[asyncpg.Connection]]

READ = "SELECT count(*) FROM bill"
READ_HASHES = "SELECT secret_sha256 FROM api_key"
READ_LETTERS = "SELECT payload FROM dead_letter"
COUNT_LETTERS = (
    "SELECT source, count(*) FROM dead_letter WHERE resolved_at IS NULL AND stage = 'set_aside' GROUP BY source"
)
READ_VERSION = "SELECT version_num FROM alembic_version"
READ_USE = "SELECT id, last_used_at FROM api_key"
WRITE = "UPDATE bill SET source = source"
WRITE_ANYWAY = "SET default_transaction_read_only = off; UPDATE bill SET source = source"
DELETE = "DELETE FROM bill_change"
NEXT_ORDINAL = "SELECT nextval('bill_ordinal_seq')"
USE_KEY = "UPDATE api_key SET last_used_at = now()"
MAKE_KEY = """INSERT INTO api_key (name, prefix, secret_sha256, scopes, created_at)
    VALUES ('x', '0', '', '{admin}', now())"""
WIDEN_KEY = "UPDATE api_key SET scopes = '{admin}'"
CREATE = "CREATE TABLE mine (id int)"
CREATE_TEMPORARY = "CREATE TEMPORARY TABLE mine (id int)"
DROP = "DROP TABLE bill_change"
TRUNCATE = "TRUNCATE bill_change"
SHELL = "COPY (SELECT 1) TO PROGRAM 'true'"
READ_FILE = "SELECT pg_read_file('PG_VERSION')"
WRITE_FILE = "COPY (SELECT 1) TO '/dev/null'"
BECOME_OWNER = "SET ROLE postgres"
OWN_ROLE = "ALTER ROLE current_user SUPERUSER"
PASSWORDS_OF_ALL = "SELECT rolpassword FROM pg_authid"
READ_SUBSCRIPTIONS = "SELECT target FROM subscription"
MOVE_SUBSCRIPTION = "UPDATE subscription SET sent_seq = sent_seq"
MOVE_SUBSCRIPTION_ANYWAY = f"SET TRANSACTION READ WRITE; {MOVE_SUBSCRIPTION}"
READ_ADDRESSES = "SELECT address FROM mail_address"
COUNT_ADDRESS_ANYWAY = "SET TRANSACTION READ WRITE; UPDATE mail_address SET asked = asked"
DROP_ADDRESS = "DELETE FROM mail_address"
READ_MATCHES = "SELECT subscription_ids FROM change_match"
WRITE_MATCHES = "DELETE FROM change_match"
SET_VERSION = "UPDATE alembic_version SET version_num = version_num"

MAY = {
    "web": {
        READ,
        READ_HASHES,
        COUNT_LETTERS,
        READ_VERSION,
        READ_USE,
        READ_SUBSCRIPTIONS,
        MOVE_SUBSCRIPTION_ANYWAY,
        READ_ADDRESSES,
        COUNT_ADDRESS_ANYWAY,
        READ_MATCHES,
    },
    "indexer": {READ, READ_VERSION},
    "notifier": {
        READ,
        READ_VERSION,
        READ_SUBSCRIPTIONS,
        MOVE_SUBSCRIPTION,
        MOVE_SUBSCRIPTION_ANYWAY,
        READ_ADDRESSES,
        DROP_ADDRESS,
        READ_MATCHES,
        WRITE_MATCHES,
    },
    "worker": {
        READ,
        READ_LETTERS,
        COUNT_LETTERS,
        READ_VERSION,
        READ_USE,
        WRITE,
        WRITE_ANYWAY,
        DELETE,
        NEXT_ORDINAL,
        USE_KEY,
    },
}
STATEMENTS = (
    READ, READ_HASHES, READ_LETTERS, COUNT_LETTERS, READ_VERSION, READ_USE, WRITE, WRITE_ANYWAY, DELETE, NEXT_ORDINAL,
    USE_KEY, MAKE_KEY, WIDEN_KEY, CREATE, CREATE_TEMPORARY, DROP, TRUNCATE, SHELL, READ_FILE, WRITE_FILE, BECOME_OWNER,
    OWN_ROLE, PASSWORDS_OF_ALL, SET_VERSION, READ_SUBSCRIPTIONS, MOVE_SUBSCRIPTION, MOVE_SUBSCRIPTION_ANYWAY,
    READ_MATCHES, WRITE_MATCHES, READ_ADDRESSES, COUNT_ADDRESS_ANYWAY, DROP_ADDRESS,
)  # fmt: skip
WRITES_OF_WEB = {MOVE_SUBSCRIPTION}
"""What `web` may do once it asks for it: its users' own subscriptions."""

REFUSED = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ReadOnlySQLTransactionError,  # only what a role may do by its rights and not by its settings would count
)


def as_role(url: str, process: str, password: str | None = None) -> str:
    parts = urlsplit(url)
    login = f"{ROLES[process].name}:{(password or PASSWORDS[process]).replace(' ', '%20')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.hostname}:{parts.port}"))


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[Open]:
    """`await opened(process)`: a connection of that process to a database whose roles are settled."""
    await settle_roles(database_url, PASSWORDS, lock_timeout=10)
    connections = []

    async def connect(process: str) -> asyncpg.Connection:
        connections.append(await asyncpg.connect(as_role(database_url, process), timeout=10))
        return connections[-1]

    yield connect
    for connection in connections:
        await connection.close()


@pytest.mark.parametrize("process", ROLES)
async def test_each_role_may_do_this_and_no_more(opened: Open, process: str) -> None:
    connection = await opened(process)
    done = set()
    for statement in STATEMENTS:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(statement)
            done.add(statement)
        except REFUSED:
            pass
        finally:
            await transaction.rollback()
    assert done == MAY[process]


@pytest.mark.parametrize("process", ["web", "indexer"])
async def test_readers_are_refused_by_their_rights_not_by_their_settings_alone(opened: Open, process: str) -> None:
    connection = await opened(process)
    await connection.execute("SET default_transaction_read_only = off")
    for statement in set(STATEMENTS) - MAY[process] - WRITES_OF_WEB:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


@pytest.mark.parametrize("process", ROLES)
async def test_settings_and_connections_are_limited(opened: Open, process: str) -> None:
    connection = await opened(process)
    role = ROLES[process]
    for name, value in role.settings.items():
        assert await connection.fetchval(f"SHOW {name}") == value.replace("60s", "1min").replace("120s", "2min")
    found = await connection.fetchval("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user")
    assert found == role.connections


async def test_a_table_of_a_later_migration_is_readable_at_once(database_url: str, opened: Open) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    await owner.close()
    await (await opened("worker")).execute("INSERT INTO later (word) VALUES ('x')")
    for process in ("web", "indexer"):
        connection = await opened(process)
        assert await connection.fetchval("SELECT word FROM later") == "x"
        with pytest.raises(REFUSED):
            await connection.execute("SET default_transaction_read_only = off; DELETE FROM later")


async def test_what_an_older_release_granted_is_taken_back(database_url: str, opened: Open) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("GRANT SELECT ON dead_letter TO legis_web")
    web = await opened("web")
    assert await web.fetch(READ_LETTERS) == []
    await settle_roles(database_url, {}, lock_timeout=10)
    await owner.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.fetch(READ_LETTERS)
    assert status_of(await web.fetch(STATUS)).dead_letters, "it counts them still"


@pytest.mark.parametrize("process", ["web", "indexer", "notifier"])
async def test_a_restored_database_lets_the_worker_alone_make_partitions(
    database_url: str, opened: Open, process: str
) -> None:
    """A dump without privileges: everybody may call a function that is created again."""
    owner = await asyncpg.connect(database_url)
    await owner.execute("GRANT EXECUTE ON FUNCTION make_change_partitions(bigint) TO PUBLIC")
    await settle_roles(database_url, {}, lock_timeout=10)
    await owner.close()
    connection = await opened(process)
    await connection.execute("SET default_transaction_read_only = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("SELECT make_change_partitions(1000)")
    await (await opened("worker")).execute("SELECT make_change_partitions(1000)")


async def test_a_new_password_replaces_the_old_one(database_url: str, opened: Open) -> None:
    await settle_roles(database_url, {"web": "another"}, lock_timeout=10)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await opened("web")
    await (await asyncpg.connect(as_role(database_url, "web", "another"))).close()
    await (await opened("worker")).fetchval(READ)


async def test_the_password_stands_in_no_statement(database_url: str, opened: Open) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    await settle_roles(database_url, {"web": "seen-by-nobody"}, lock_timeout=10)
    texts = [row["query"] for row in await owner.fetch("SELECT query FROM pg_stat_statements")]
    await owner.close()
    assert any("ROLE legis_web" in text for text in texts), "or this test looks at nothing"
    assert not [text for text in texts if "seen-by-nobody" in text]


def test_the_verifier_is_the_one_of_the_standard() -> None:
    """The exchange of RFC 7677: user `user`, password `pencil`."""
    made = scram_verifier("pencil", b"[m\x99h\x9d\x12^\xd5\xb8\xc5\xa1\xa9\x83\x87\xc7\x0e")
    assert made.startswith("SCRAM-SHA-256$4096:")


def migrate(url: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api_gateway.migrations"],
        env={**os.environ, "DATABASE_URL": url, **more}, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


@pytest.fixture
def own_server(server_folder: Path) -> Iterator[PostgresServer]:
    """A server without roles of ours: those of the shared one are granted rights in the databases of other tests."""
    server = PostgresServer()
    server.start(server_folder / "roles", durable=False)
    try:
        yield server
    finally:
        server.stop("immediate")


async def test_an_owner_who_is_no_superuser_migrates_and_grants(own_server: PostgresServer) -> None:
    """As on a server kept by somebody else, where the owner of the database creates the roles."""
    name = f"owned_{next(_numbers)}"
    admin = await asyncpg.connect(own_server.url())
    await admin.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'owner'")
    await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
    parts = urlsplit(own_server.url(name))
    url = urlunsplit(parts._replace(netloc=f"{name}:owner@{parts.hostname}:{parts.port}"))
    given = {f"{process.upper()}_DATABASE_PASSWORD": password for process, password in PASSWORDS.items()}
    try:
        for _ in range(2):
            done = await asyncio.to_thread(migrate, url, **given)
            assert (done.returncode, done.stderr) == (0, "migrate: schema is at head\n")
        again = await asyncio.to_thread(migrate, url)
        assert again.returncode == 0, "without passwords roles stay as they are"
        web = await asyncpg.connect(as_role(url, "web"))
        assert await web.fetchval(READ) == 0
        await web.execute("SET default_transaction_read_only = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(WRITE)
        await web.close()
    finally:
        await admin.close()


async def test_a_role_that_may_too_much_is_refused(database_url: str, opened: Open) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("ALTER ROLE legis_web CREATEDB")
    done = await asyncio.to_thread(migrate, database_url, WEB_DATABASE_PASSWORD="x")
    await owner.execute("ALTER ROLE legis_web NOCREATEDB")
    await owner.close()
    assert (done.returncode, done.stdout) == (2, "")
    assert "legis_web may do more" in done.stderr


async def test_a_password_that_cannot_be_one_is_named(database_url: str) -> None:
    done = await asyncio.to_thread(migrate, database_url, WORKER_DATABASE_PASSWORD="ção")
    assert done.returncode == 2
    assert "WORKER_DATABASE_PASSWORD" in done.stderr
    assert "ção" not in done.stderr
