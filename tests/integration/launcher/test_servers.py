import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from legis_launcher.processes.child_process import ChildFailed
from legis_launcher.run_folder import process_mark
from legis_launcher.servers import privilege_drop
from legis_launcher.servers.postgres_server import PostgresServer, postgres_binaries
from legis_launcher.servers.privilege_drop import CannotLeaveRoot, PrivilegeDrop, choose_privilege_drop
from legis_launcher.servers.redis_server import RedisServer
from redis import AuthenticationError
from redis import Redis as SyncRedis
from redis.asyncio import Redis

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to leave root")
NO_NAMESPACE = PrivilegeDrop("namespace", ("false",))
Wait = Callable[..., None]


async def test_a_fresh_database_has_the_newest_schema(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
    finally:
        await connection.close()


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_logical_redis_database_starts_empty(redis_url: str, turn: int) -> None:
    client = Redis.from_url(redis_url)
    assert await client.dbsize() == 0
    await client.set("left", f"behind {turn}")
    await client.aclose()


def test_postgres_keeps_its_data_over_a_clean_stop_and_a_crash(place: Path) -> None:
    server = PostgresServer()
    server.start(place / "postgres")
    try:
        assert server.create_database("kept")
        assert not server.create_database("kept")
        server.execute("CREATE TABLE word AS SELECT 'Coração' AS text", "kept")
        server.stop()
        assert not server.is_ready()
        server.start(place / "postgres", server.port)
        assert server.execute("SELECT upper(text) FROM word", "kept") == "CORAÇÃO"
        server.stop("immediate")
        server.restart()
        assert server.execute("SELECT count(*) FROM word", "kept") == "1"
    finally:
        server.stop("immediate")


def test_postgres_runs_with_production_settings_on_loopback_only(place: Path) -> None:
    server = PostgresServer()
    server.start(place / "postgres")
    try:
        expected = {
            "fsync": "on",
            "synchronous_commit": "on",
            "jit": "off",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "server_encoding": "UTF8",
        }
        assert {name: server.execute(f"SHOW {name}") for name in expected} == expected
    finally:
        server.stop("immediate")


async def test_postgres_asks_for_the_password(postgres_server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(host="127.0.0.1", port=postgres_server.port, user="postgres", password="guess")


def test_a_refused_statement_is_said_in_the_words_of_the_server(postgres_server: PostgresServer) -> None:
    with pytest.raises(ChildFailed, match='relation "nowhere" does not exist'):
        postgres_server.execute("SELECT * FROM nowhere")


def test_valkey_runs_with_production_settings_and_keeps_its_data(place: Path) -> None:
    server = RedisServer()
    server.start(place / "redis")
    try:
        with SyncRedis.from_url(server.url(3), decode_responses=True) as client:
            wanted = {"maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "everysec"}
            wanted |= {"protected-mode": "yes", "bind": "127.0.0.1"}
            assert {name: client.config_get(name)[name] for name in wanted} == wanted
            client.set("bill", "PL 1/2026")
        server.stop()
        server.start(place / "redis", server.port)
        with SyncRedis.from_url(server.url(3), decode_responses=True) as client:
            assert client.get("bill") == "PL 1/2026"
        with SyncRedis(port=server.port) as stranger, pytest.raises(AuthenticationError):
            stranger.ping()
    finally:
        server.stop()


def _nobody_can_reach(place: Path) -> bool:
    home = place / "postgres"
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(privilege_drop, "NAMESPACE", NO_NAMESPACE)
        try:
            choose_privilege_drop(postgres_binaries() / "postgres", home)
        except CannotLeaveRoot:
            return False
    return True


@as_root
def test_root_becomes_nobody_where_user_namespaces_are_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not _nobody_can_reach(place):
        pytest.skip("user nobody cannot reach this checkout")
    monkeypatch.setattr(privilege_drop, "NAMESPACE", NO_NAMESPACE)
    home = place / "postgres"
    server = PostgresServer()
    server.start(home)
    try:
        assert server.execute("SELECT 1") == "1"
        assert (home / "cluster").stat().st_uid == home.stat().st_uid != 0
        assert Path(f"/proc/{server.child.pid}").stat().st_uid == home.stat().st_uid
    finally:
        server.stop("immediate")


@as_root
def test_root_is_told_what_to_do_when_there_is_no_way(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privilege_drop, "NAMESPACE", NO_NAMESPACE)
    place.chmod(0o700)  # as a checkout under root's home is
    (place / "postgres").mkdir()
    with pytest.raises(CannotLeaveRoot, match=r"Run as a normal user, .* or set DATABASE_URL"):
        choose_privilege_drop(postgres_binaries() / "postgres", place / "postgres")


START = """
import sys, pathlib
from legis_launcher.servers.postgres_server import PostgresServer
from legis_launcher.servers.redis_server import RedisServer
postgres, redis = PostgresServer(), RedisServer()
postgres.start(pathlib.Path(sys.argv[1]) / "postgres", durable=False)
redis.start(pathlib.Path(sys.argv[1]) / "redis", durable=False)
print(postgres.child.pid, redis.child.pid, postgres.execute("SELECT 40 + 2"), flush=True)
sys.stdin.read()
"""


WITHOUT_NAMESPACE = """
from legis_launcher.servers import privilege_drop
privilege_drop.NAMESPACE = privilege_drop.PrivilegeDrop("namespace", ("false",))
"""


def _starter(place: Path, prefix: tuple[str, ...] = (), before: str = "") -> tuple[subprocess.Popen[str], list[int]]:
    starter = subprocess.Popen(
        [*prefix, sys.executable, "-c", before + START, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    *pids, answer = map(int, starter.stdout.readline().split())
    assert answer == 42
    assert all(process_mark(pid) for pid in pids)
    return starter, pids


@pytest.mark.parametrize("before", ["", pytest.param(WITHOUT_NAMESPACE, marks=as_root)], ids=["", "as nobody"])
def test_servers_end_with_their_starter_even_when_it_is_killed(place: Path, until: Wait, before: str) -> None:
    if before and not _nobody_can_reach(place):
        pytest.skip("user nobody cannot reach this checkout")
    starter, pids = _starter(place, before=before)
    starter.send_signal(signal.SIGKILL)
    starter.communicate(timeout=240)
    until(lambda: not any(process_mark(pid) for pid in pids))


@as_root
@pytest.mark.skipif(sys.platform != "linux", reason="user namespaces are Linux's")
def test_a_normal_user_starts_them_directly(place: Path, until: Wait) -> None:
    prefix = privilege_drop.NAMESPACE.prefix
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces here")
    starter, pids = _starter(place, prefix)
    starter.communicate(timeout=240)  # its end of input ends it
    until(lambda: not any(process_mark(pid) for pid in pids))
