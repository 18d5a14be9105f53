"""The backup layer's PostgreSQL archives, and a copy that a restore told not to archive does not: on a real server."""

import shutil
from pathlib import Path

import pytest
from compose.layers import BACKUP, BASE, FOLDER, merged, mounts
from legis_launcher.servers.postgres_server import PostgresServer

INSIDE = "/etc/postgresql/"


@pytest.mark.parametrize(("written", "archives"), [("", "on"), ("archive_mode = 'off'\n", "off")])
def test_what_a_restore_writes_wins(tmp_path: Path, written: str, archives: str) -> None:
    """`pgbackrest restore --archive-mode=off` writes that line: else the copy would archive into production's."""
    server = PostgresServer()
    server.start(tmp_path / "db", durable=False)
    server.stop()
    kept = tmp_path / "db/cluster/postgresql.auto.conf"
    kept.write_text(kept.read_text() + written)
    try:
        server.start(tmp_path / "db", durable=False, settings=_as_compose_starts_it(tmp_path / "etc"))
        told = {name: server.execute(f"SHOW {name}") for name in ("archive_mode", "archive_timeout")}
    finally:
        server.stop()
    assert told == {"archive_mode": archives, "archive_timeout": "30s"}


def _as_compose_starts_it(folder: Path) -> dict[str, str]:
    """The `-c` options of the layer's command, with what it mounts put into a folder of this machine."""
    db = merged((BASE, BACKUP))["services"]["db"]
    folder.mkdir()
    for source, target, _ in mounts(db):
        if target.startswith(INSIDE):
            shutil.copy(FOLDER / source, folder / target.removeprefix(INSIDE))
    program, *words = db["command"]
    assert program == "postgres"
    options = dict(word.split("=", 1) for word in words if word not in ("-c", program))
    return {
        **options,
        "config_file": options["config_file"].replace(INSIDE, f"{folder}/"),
        "listen_addresses": "127.0.0.1",
        "shared_preload_libraries": "",
    }
