"""The commands of docs/deployment/backup.md that restore in place, typed in against a server that still recovers."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from compose.layers import BACKUP, BASE, ROOT, merged
from legis_launcher.servers.postgres_server import PostgresServer, postgres_binaries

PAGE = ROOT / "docs/deployment/backup.md"
STAYS = {"redis": "it holds nothing of the database's", "migrate": "it has ended"}
DOCKER = """\
#!/bin/sh
[ "$1 $2" = "compose exec" ] || exit 0
shift 4 # compose exec -T db
"$@"
"""
PROMOTED_AFTER_SECONDS = 3.0


@pytest.fixture
def recovering(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server with the database and its epoch that answers and takes no writes, as one that reads its WAL."""
    server = PostgresServer()
    server.start(tmp_path / "db", durable=False)
    server.create_database("legislativo")
    server.execute("CREATE TABLE store_epoch (epoch uuid); INSERT INTO store_epoch VALUES (NULL)", "legislativo")
    server.stop()
    (tmp_path / "db/cluster/standby.signal").touch()
    server.start(tmp_path / "db", durable=False)
    yield server
    server.stop()


def test_the_epoch_is_renewed_only_when_the_server_takes_writes(recovering: PostgresServer, tmp_path: Path) -> None:
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    path = f"{tmp_path}:{postgres_binaries()}:{os.environ['PATH']}"
    password = (tmp_path / "db/password").read_text()
    reached = {"PGHOST": "127.0.0.1", "PGPORT": str(recovering.port), "PGPASSWORD": password}
    threading.Timer(PROMOTED_AFTER_SECONDS, recovering.execute, ("SELECT pg_promote()",)).start()
    done = subprocess.run(
        ["sh", "-euc", _in_place()],
        env={**reached, "PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert recovering.execute("SELECT epoch IS NOT NULL FROM store_epoch", "legislativo") == "t"


def test_everything_is_stopped_first() -> None:
    (named,) = re.findall(r"docker compose stop (.*)", _in_place())
    assert set(named.split()) == set(merged((BASE, BACKUP))["services"]) - STAYS.keys()


def test_a_copy_beside_is_told_not_to_archive() -> None:
    beside, in_place = _blocks()
    assert "--archive-mode=off" in beside
    assert "--archive-mode" not in in_place, "production goes on archiving"


def _in_place() -> str:
    return _blocks()[1]


def _blocks() -> list[str]:
    """Beside, and in place."""
    found = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return [one for one in found if "restore" in one]
