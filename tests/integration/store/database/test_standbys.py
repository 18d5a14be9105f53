"""Reads from real standbys: which host is used, and that a reader never gets less than it knows of."""

import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from api_gateway.archive_changes import archive_oldest
from api_gateway.migrations.__main__ import migrate
from api_gateway.settings import ExportSettings, MigrationSettings, WebSettings
from api_gateway.store.database.hosts import HostConnector, NoPrimary, hosts_of
from api_gateway.store.database.limited_pool import StandbyBehind
from api_gateway.store.database.open_database import open_database
from api_gateway.store.database.reader import Database
from api_gateway.store.exports.export_snapshot import export_session
from api_gateway.store.keys.api_key_rows import find_key
from api_gateway.store.subscriptions.notifier_lease import NotifierLease
from cluster.postgres_cluster import PostgresCluster, until
from legis.errors import StoreUnavailable
from legis.streams.log_heads import LogHead

SEQ = "SELECT last_seq FROM change_counter"
PREFIX = "0123456789ab"
API_KEY = f"""
CREATE TABLE api_key AS SELECT 1::bigint AS id, 'tests' AS name, '{PREFIX}' AS prefix, '\\x00'::bytea AS secret_sha256,
    ARRAY['read'] AS scopes, NULL::int AS limit_per_minute, now() AS created_at, NULL::timestamptz AS expires_at,
    NULL::timestamptz AS last_used_at, NULL::timestamptz AS revoked_at, NULL::bigint AS rotated_from
"""


@pytest.fixture(scope="module")
def cluster(server_folder: Path) -> Iterator[PostgresCluster]:
    """A primary and two standbys, with the one table that readers of standbys look at."""
    made = PostgresCluster(server_folder / "cluster")
    made.start()
    made.primary.ask(
        "CREATE TABLE change_counter AS SELECT 5::bigint AS last_seq, 0::bigint AS last_render_seq", "legis"
    )
    written = f"SELECT pg_last_wal_replay_lsn() >= '{made.primary.ask('SELECT pg_current_wal_lsn()')}'"
    until(lambda: all(node.ask(written) == "t" for node in made.standbys), "both standbys have the table")
    yield made
    made.stop()


@pytest.fixture
def announced() -> list[int]:
    """The head of the log that web was told of last."""
    return [0]


@pytest.fixture
async def database(cluster: PostgresCluster, announced: list[int]) -> AsyncIterator[Database]:
    hosts = ",".join(f"127.0.0.1:{node.port}" for node in cluster.standbys)
    settings = WebSettings(database_url=cluster.url(), database_read_url=f"postgresql://postgres@{hosts}/legis")
    opened, _ = await open_database(settings, lambda: LogHead(announced[-1]))
    yield opened
    await opened.close(1)


def write(cluster: PostgresCluster) -> int:
    return int(cluster.primary.ask("UPDATE change_counter SET last_seq = last_seq + 1 RETURNING last_seq", "legis"))


async def where(database: Database) -> bool:
    """Whether what was asked was a standby."""
    return bool((await database.rows("SELECT pg_is_in_recovery()"))[0][0])


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("postgresql://u:p@a:1,b:2/name", (("a", 1), ("b", 2))),
        ("postgresql://a/name", (("a", 5432),)),
        ("postgresql://u:p%40x@[::1]:7,b/name?sslmode=require", (("::1", 7), ("b", 5432))),
    ],
)
def test_the_hosts_of_a_url(url: str, hosts: tuple[tuple[str, int], ...]) -> None:
    assert hosts_of(url) == hosts


async def found(connector: HostConnector, *, standby: bool) -> bool:
    """Whether one of twenty connections is of that role: on a slow machine a host may take longer than its limit."""
    for _ in range(20):
        connection = await connector.connect()
        is_standby = await connection.fetchval("SELECT pg_is_in_recovery()")
        connection.terminate()
        if is_standby is standby:
            return True
    return False


async def test_a_host_of_the_wanted_role_is_found(cluster: PostgresCluster) -> None:
    for role, standby in (("primary", False), ("standby", True)):
        assert await found(HostConnector(cluster.url(), role), standby=standby)  # type: ignore[arg-type]
    with pytest.raises(NoPrimary):
        await HostConnector(cluster.standbys[0].url, "primary").connect()
    connection = await HostConnector(cluster.primary.url, "standby").connect()
    assert await connection.fetchval("SELECT pg_is_in_recovery()") is False, "better than nobody"
    await connection.close()


def standbys_first(cluster: PostgresCluster, role: str = "postgres") -> str:
    """A URL of a database without tables, whose last host is the primary."""
    hosts = ",".join(f"127.0.0.1:{node.port}" for node in (*cluster.standbys, cluster.primary))
    return f"postgresql://{role}@{hosts}/postgres"


async def test_two_notifiers_cannot_both_lead_by_different_hosts(cluster: PostgresCluster) -> None:
    primary = f"postgresql://postgres@127.0.0.1:{cluster.primary.port}/postgres"
    async with NotifierLease(primary) as one, NotifierLease(standbys_first(cluster)) as other:
        assert await one.acquired()
        assert not await other.acquired(), "a lock of a standby is its own"


async def test_direct_connections_find_the_primary(cluster: PostgresCluster, tmp_path: Path) -> None:
    url = standbys_first(cluster)
    await migrate(MigrationSettings(database_url=url, worker_database_password="w", indexer_database_password="i"))  # type: ignore[arg-type]
    cluster.primary.ask("UPDATE change_counter SET last_seq = 4999999")
    archived = await archive_oldest(ExportSettings(database_url=url, exports_folder=str(tmp_path)), detach=True)
    assert "is dropped" in archived
    with export_session(standbys_first(cluster, "legis_indexer")) as session, session.snapshot() as snapshot:
        assert snapshot.head.seq == 4999999


async def test_a_migration_waits_for_a_primary(cluster: PostgresCluster) -> None:
    waiting = MigrationSettings(database_url=cluster.standbys[0].url, migration_lock_timeout_seconds=0.1)
    with pytest.raises(StoreUnavailable, match="not reachable"):
        await migrate(waiting)


async def test_a_host_that_stands_still_costs_one_second(cluster: PostgresCluster) -> None:
    frozen, other = cluster.standbys
    frozen.signal(signal.SIGSTOP)
    try:
        connector = HostConnector(cluster.url(), "standby")
        began = time.monotonic()
        for _ in range(6):
            connection = await connector.connect()
            assert await connection.fetchval("SHOW port") == str(other.port)
            connection.terminate()
        assert time.monotonic() - began < 5.5, "tried last once it has not answered; else it costs 6 s"
    finally:
        frozen.signal(signal.SIGCONT)


async def test_standbys_are_read_from_until_they_are_behind(
    cluster: PostgresCluster, database: Database, announced: list[int]
) -> None:
    assert await where(database)
    assert not await where(database.newest())
    for node in cluster.standbys:
        node.ask("SELECT pg_wal_replay_pause()")
    try:
        seq = write(cluster)
        assert (await database.rows(SEQ))[0][0] == seq - 1, "nobody knows of the entry yet"
        assert (await database.at_least(seq).rows(SEQ))[0][0] == seq
        assert (await database.newest().rows(SEQ))[0][0] == seq
        announced.append(seq)
        assert (await database.rows(SEQ))[0][0] == seq
    finally:
        for node in cluster.standbys:
            node.ask("SELECT pg_wal_replay_resume()")
    while not await where(database):
        assert (await database.rows(SEQ))[0][0] == seq


async def test_a_revoked_key_is_refused_though_the_standbys_do_not_know_of_it(
    cluster: PostgresCluster, database: Database
) -> None:
    cluster.primary.ask(API_KEY, "legis")
    written = f"SELECT pg_last_wal_replay_lsn() >= '{cluster.primary.ask('SELECT pg_current_wal_lsn()')}'"
    until(lambda: all(node.ask(written) == "t" for node in cluster.standbys), "both standbys have the key")
    for node in cluster.standbys:
        node.ask("SELECT pg_wal_replay_pause()")
    try:
        found = await find_key(database, PREFIX)
        assert found is not None
        assert found.revoked_at is None
        cluster.primary.ask("UPDATE api_key SET revoked_at = now()", "legis")
        assert (await database.rows("SELECT revoked_at FROM api_key"))[0][0] is None, "a standby that lags"
        found = await find_key(database, PREFIX)
        assert found is not None
        assert found.revoked_at is not None
    finally:
        for node in cluster.standbys:
            node.ask("SELECT pg_wal_replay_resume()")


async def test_without_the_primary_a_standby_gives_what_it_has_and_never_less_than_was_seen(
    cluster: PostgresCluster, database: Database, announced: list[int]
) -> None:
    seq = int((await database.newest().rows(SEQ))[0][0])
    cluster.primary.signal(signal.SIGSTOP)
    try:
        announced.append(seq + 1)  # a commit that was announced, and that no standby has
        assert (await database.rows(SEQ))[0][0] == seq
        with pytest.raises(StandbyBehind):
            await database.at_least(seq + 1).rows(SEQ)
    finally:
        cluster.primary.signal(signal.SIGCONT)


async def test_a_statement_on_a_standby_that_stands_still_is_sent_to_another(
    cluster: PostgresCluster, database: Database
) -> None:
    ports = {(await database.rows("SHOW port"))[0][0] for _ in range(3)}
    (used,) = [node for node in cluster.standbys if str(node.port) in ports]
    used.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert (await database.rows("SHOW port"))[0][0] != str(used.port)
        assert time.monotonic() - began < 10, "one second for the first try; a busy machine may add some"
    finally:
        used.signal(signal.SIGCONT)


async def test_without_standbys_the_primary_is_read_from(cluster: PostgresCluster, database: Database) -> None:
    for node in cluster.standbys:
        node.kill()
    assert not await where(database)
