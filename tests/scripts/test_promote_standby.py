"""`promote_standby.sh`: never a second primary, the standby with most, and a new epoch where changes may be lost."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from api_gateway.migrations import migration_runner
from cluster.postgres_cluster import Node, PostgresCluster, until
from legis_launcher.processes.child_process import ChildFailed
from legis_launcher.servers.postgres_server import postgres_binaries, psql
from scripts.conftest import ROOT, Done, run
from scripts.half_way_proxy import HalfWayProxy

FAILED, USAGE, UNREACHABLE = 1, 2, 4
SEGMENT_BYTES = 16 << 20
NOT_CONSISTENT = "Consistent recovery state has not been yet reached"
WRITE = "UPDATE change_counter SET last_seq = last_seq + 1"

Promote = Callable[..., Done]


@pytest.fixture
def cluster(server_folder: Path) -> Iterator[PostgresCluster]:
    """A primary with the schema, and two standbys; a commit waits for one of them."""
    folder = server_folder / "promoted"
    made = PostgresCluster(folder)
    try:
        made.start()
        asyncio.run(migration_runner.upgrade(made.primary.url))
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


@pytest.fixture
def promote(cluster: PostgresCluster) -> Promote:
    """`promote(*arguments)`, told of every server."""

    def typed(*arguments: str) -> Done:
        settings = {"DATABASE_URL": cluster.url(), "LEGIS_PG_BIN": str(postgres_binaries())}
        return run([str(ROOT / "scripts/promote_standby.sh"), *arguments], **settings)

    return typed


def roles(done: Done) -> dict[str, str]:
    """Role of each server by its address, as the script shows them."""
    return {line.split()[0]: line.split()[1] for line in done.stdout.splitlines()}


@pytest.mark.timeout(180)
def test_the_standby_with_most_is_promoted_and_never_a_second_primary(
    cluster: PostgresCluster, promote: Promote
) -> None:
    a, b, c = cluster.nodes.values()
    assert roles(promote()) == {f"127.0.0.1:{a.port}": "primary", f"127.0.0.1:{b.port}": "standby",
                                f"127.0.0.1:{c.port}": "standby"}  # fmt: skip
    assert not any(node.is_primary() for node in (b, c))

    c.kill()
    psql(a.url, WRITE)
    epoch = psql(a.url, "SELECT epoch FROM store_epoch")
    a.kill()
    c.start()
    assert roles(promote("--look"))[f"127.0.0.1:{a.port}"] == "silent"
    assert not b.is_primary()

    done = promote()
    assert done.returncode == 0, done.stderr
    assert b.is_primary()  # c has less
    assert not c.is_primary()
    assert psql(b.url, "SELECT last_seq, epoch FROM change_counter, store_epoch") == f"1|{epoch}"
    assert "nothing is lost" in done.stderr

    until(lambda: _has_all_of(b, c), "c has the new timeline", c.child)
    b.kill()
    done = promote()
    assert done.returncode == 0, done.stderr
    assert c.is_primary()
    assert psql(c.url, "SELECT epoch FROM store_epoch") != epoch  # b may have confirmed what c never received
    assert "the newest changes may be lost" in done.stderr
    assert "no standby is left" in done.stderr

    c.kill()
    assert promote().returncode == UNREACHABLE
    assert promote("--sideways").returncode == USAGE


@pytest.mark.timeout(180)
def test_a_standby_that_would_crash_is_not_promoted(
    cluster: PostgresCluster, promote: Promote, server_folder: Path
) -> None:
    """Its new primary dies while it receives the segment again, in which the new timeline begins."""
    a, b, c = cluster.nodes.values()
    offset = int(c.ask("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn")) % SEGMENT_BYTES
    c.kill()
    a.kill()
    b.ask("SELECT pg_promote(true, 60)")
    # c receives the segment twice, of the old timeline and of the new one; the second time it gets half of it
    with HalfWayProxy(b.port, offset * 3 // 2) as proxy:
        _follow_patiently(c, b.port, proxy.port)
        c.start()
        until(lambda: roles(promote("--look"))[f"127.0.0.1:{c.port}"] == "incomplete", "c is incomplete", c.child)
    b.kill()

    done = promote()
    assert done.returncode == FAILED
    assert "no standby is complete" in done.stderr
    assert c.child.alive
    assert not c.is_primary()
    assert promote("--look").returncode == 0

    # what follows is scenario 8 of the runbook
    c.stop()
    c.child.start()
    until(lambda: not c.child.alive or NOT_CONSISTENT in _refusal(c), "c does not start, or refuses connections")
    c.stop()
    for file in (server_folder / "promoted/c/data/pg_wal").glob("00000002*"):
        file.unlink()
    c.start()
    done = promote()
    assert done.returncode == 0, done.stderr
    assert "the newest changes may be lost" in done.stderr
    assert c.is_primary()


def _has_all_of(primary: Node, standby: Node) -> bool:
    """Whether a standby has received and replayed the whole log of a primary."""
    written = primary.ask("SELECT pg_current_wal_lsn()")
    return (
        standby.ask(f"SELECT pg_last_wal_receive_lsn() >= '{written}' AND pg_last_wal_replay_lsn() >= '{written}'")
        == "t"
    )


def _refusal(node: Node) -> str:
    """Error message with which a server refuses a statement; empty if it answers."""
    try:
        node.ask("SELECT 1")
    except ChildFailed as error:
        return str(error)
    return ""


def _follow_patiently(standby: Node, port: int, instead: int) -> None:
    """From its next start on it reaches a primary by another port, and waits for one that is silent."""
    for old, new in ((f",{port},", f",{instead},"), ("wal_receiver_timeout=5s", "wal_receiver_timeout=0")):
        standby.child.command = [part.replace(old, new) for part in standby.child.command]
