"""`promote_standby.sh`: never a second primary, the standby with most, and a new epoch where changes may be lost."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from api_gateway.migrations import migration_runner
from cluster.postgres_cluster import PostgresCluster
from legis_launcher.servers.postgres_server import postgres_binaries, psql
from scripts.conftest import ROOT, Done, run

USAGE, UNREACHABLE = 2, 4
WRITE = "UPDATE change_counter SET last_seq = last_seq + 1"

Promote = Callable[..., Done]


@pytest.fixture
def cluster(server_folder: Path) -> Iterator[PostgresCluster]:
    """A primary with the schema, and two standbys; a commit waits for one of them."""
    made = PostgresCluster(server_folder / "promoted")
    try:
        made.start()
        asyncio.run(migration_runner.upgrade(made.primary.url))
        yield made
    finally:
        made.stop()


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
