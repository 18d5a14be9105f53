"""The replicas layer: a real primary with its settings, and the script of its standby, beside each other."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from compose.layers import BASE, FOLDER, REPLICAS, merged, mounts
from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.servers.ports import LOOPBACK, free_port
from legis_launcher.servers.postgres_server import PostgresServer, postgres_binaries, psql
from legis_launcher.servers.privilege_drop import choose_privilege_drop

INSIDE = "/etc/postgresql/"
WITHIN_SECONDS = 90.0
OF_THIS_MACHINE = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_preload_libraries = ''
shared_buffers = '32MB'
port = {port}
"""


class Standby:
    """The script as its container runs it, in a folder of its own."""

    def __init__(self, primary: PostgresServer, folder: Path) -> None:
        self.port = free_port()
        self.data = folder / "volume/data"
        self.data.parent.mkdir(parents=True)
        (folder / "password").write_text(primary.url().split(":")[2].split("@")[0])
        environment = {
            "PATH": f"{postgres_binaries()}:{os.environ['PATH']}",
            "PGDATA": str(self.data),
            "TMPDIR": str(folder),
            "LEGIS_PRIMARY": LOOPBACK,
            "LEGIS_PRIMARY_PORT": str(primary.port),
            "LEGIS_PASSWORD_FILE": str(folder / "password"),
            "LEGIS_CONFIG": str(configured(folder / "etc", "standby", self.port)),
        }
        drop = choose_privilege_drop(postgres_binaries() / "postgres", folder)
        script = FOLDER / "postgres/standby.sh"
        self.child = Child("standby", [*drop.prefix, "sh", str(script)], folder / "standby.log", environment, tie=False)

    def ask(self, statement: str) -> str:
        """The output of a statement; empty while it does not answer."""
        try:
            return psql(f"postgresql://postgres@{LOOPBACK}:{self.port}/postgres", statement, 10)
        except ChildFailed:
            return ""

    def stop(self) -> None:
        self.child.stop(30)


@pytest.fixture
def primary(tmp_path: Path) -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start(tmp_path / "db", durable=False)
    server.stop()
    server.start(tmp_path / "db", port=(port := server.port), durable=False, settings=_primary(tmp_path / "etc", port))
    yield server
    server.stop("immediate")


@pytest.fixture
def standby(primary: PostgresServer, tmp_path: Path) -> Iterator[Standby]:
    one = Standby(primary, tmp_path / "standby")
    one.child.start()
    yield one
    one.stop()


def test_a_standby_follows_comes_back_and_is_copied_anew(primary: PostgresServer, standby: Standby) -> None:
    primary.execute("CREATE TABLE said (word text)")
    _told(primary, standby, "first")
    assert standby.ask("SELECT pg_is_in_recovery()") == "t"

    standby.stop()
    primary.execute("INSERT INTO said VALUES ('while it was away')")
    standby.child.start()
    _told(primary, standby, "back")
    assert "while it was away" in standby.ask("SELECT word FROM said")

    standby.stop()
    shutil.rmtree(standby.data)
    standby.child.start()
    _told(primary, standby, "copied again")
    assert primary.execute("SELECT slot_name, active FROM pg_replication_slots") == "standby|t"
    assert not standby.data.with_name("data.new").exists()


def test_a_copy_that_was_broken_off_is_begun_anew(primary: PostgresServer, standby: Standby) -> None:
    primary.execute("CREATE TABLE said (word text)")
    _told(primary, standby, "first")
    standby.stop()
    standby.data.rename(standby.data.with_name("data.new"))  # as a copy that did not come to its end
    standby.child.start()
    _told(primary, standby, "again")


def configured(folder: Path, service: str, port: int) -> Path:
    """What compose mounts for a service into /etc/postgresql, in a folder of this machine; its postgresql.conf."""
    folder.mkdir()
    for source, target, _ in mounts(merged((BASE, REPLICAS))["services"][service]):
        if target.startswith(INSIDE):
            text = (FOLDER / source).read_text().replace(INSIDE, f"{folder}/")
            (folder / target.removeprefix(INSIDE)).write_text(text)
    main = folder / "postgresql.conf"
    main.write_text(main.read_text() + OF_THIS_MACHINE.format(port=port))
    return main


def _primary(folder: Path, port: int) -> dict[str, str]:
    """The launcher's own options win over a file, so that the layer's settings are given as what they are."""
    return {"config_file": str(configured(folder, "db", port)), "wal_level": "replica", "max_wal_senders": "10"}


def _told(primary: PostgresServer, standby: Standby, word: str) -> None:
    primary.execute(f"INSERT INTO said VALUES ('{word}')")
    _until(lambda: word in standby.ask("SELECT word FROM said"), standby.child)


def _until(true: Callable[[], bool], child: Child) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not true():
        assert child.alive, child.log_tail(30)
        assert time.monotonic() < deadline, child.log_tail(30)
        time.sleep(0.1)
