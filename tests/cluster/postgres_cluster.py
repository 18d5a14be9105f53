"""A primary and standbys of the bundled PostgreSQL on loopback, streaming, with slots; promoting by the caller."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.processes.parent_death_signal import with_parent_death_signal
from legis_launcher.servers.ports import LOOPBACK, free_port
from legis_launcher.servers.postgres_server import postgres_binaries, psql
from legis_launcher.servers.postgres_settings import server_settings
from legis_launcher.servers.privilege_drop import choose_privilege_drop

NAMES = ("a", "b", "c")
DATABASE = "legis"
START_SECONDS = 180.0

_REPLICATION = {
    "wal_level": "replica",
    "hot_standby": "on",
    "full_page_writes": "on",  # for pg_rewind
    "hot_standby_feedback": "on",
    "max_wal_senders": "10",
    "max_replication_slots": "10",
    "max_slot_wal_keep_size": "2GB",
    "wal_receiver_timeout": "5s",
    "wal_sender_timeout": "5s",
    "wal_retrieve_retry_interval": "500ms",
    "wal_receiver_status_interval": "1s",
    # a commit is confirmed by one standby, which is then promoted: no commit is lost
    "synchronous_standby_names": f"ANY 1 ({','.join(NAMES)})",
    "synchronous_commit": "on",
}


class Node:
    """One server of the cluster."""

    def __init__(self, folder: Path, name: str, ports: dict[str, int]) -> None:
        self.name = name
        self.port = ports[name]
        self._binaries = postgres_binaries()
        self._home = folder / name
        self._home.mkdir(parents=True)
        self._drop = choose_privilege_drop(self._binaries / "postgres", self._home)
        self._data = self._home / "data"
        self._conninfo = (
            f"user=postgres host={','.join(LOOPBACK for _ in ports)} port={','.join(map(str, ports.values()))}"
            f" target_session_attrs=read-write connect_timeout=2 application_name={name}"
        )
        self.child = Child(f"postgres-{name}", self._command(), folder / f"postgres-{name}.log", tie=False)

    @property
    def url(self) -> str:
        """libpq URL of its database."""
        return f"postgresql://postgres@{LOOPBACK}:{self.port}/{DATABASE}"

    def make(self) -> None:
        """Creates an empty cluster, whose loopback trusts everybody."""
        self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D",
                  str(self._data), "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # fmt: skip
        access = self._data / "pg_hba.conf"
        access.write_text(access.read_text() + "host replication all 127.0.0.1/32 trust\n")

    def copy(self, primary: "Node") -> None:
        """Becomes a standby of the primary by a base backup."""
        shutil.rmtree(self._data, ignore_errors=True)
        self._run("pg_basebackup", "-D", str(self._data), "-h", LOOPBACK, "-p", str(primary.port), "-U", "postgres",
                  "-X", "stream", "-c", "fast", "--no-sync")  # fmt: skip
        (self._data / "standby.signal").touch()

    def rewind(self) -> None:
        """Makes a dead primary a standby, which is not started yet: `pg_rewind` from the primary there is now."""
        self._run("pg_rewind", "-D", str(self._data), "--no-sync",
                  f"--source-server={self._conninfo} dbname=postgres")  # fmt: skip
        (self._data / "standby.signal").touch()

    def start(self) -> None:
        """Starts the server and settles it. Call it from the main thread, to which the server is tied."""
        self.child.start()
        self.settle()

    def settle(self) -> None:
        """Waits until the server accepts connections, and makes the slots of the others."""
        self.until_ready()
        for other in NAMES:
            if other != self.name and not self.ask(f"SELECT 1 FROM pg_replication_slots WHERE slot_name = '{other}'"):
                self.ask(f"SELECT pg_create_physical_replication_slot('{other}')", "postgres")

    def until_ready(self) -> None:
        """Waits until the server accepts connections."""
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port)]
        until(lambda: subprocess.run(ready, check=False, timeout=10).returncode == 0, f"{self.name} ready", self.child)

    def kill(self) -> None:
        """Ends the server at once, as a machine that loses its power. No process of it is left when this returns."""
        if not self.child.alive:
            return
        self.child.ask_to_stop(signal.SIGSTOP)  # from here on it makes no process
        processes = self._processes()
        self.signal(signal.SIGKILL)
        self.child.wait_for_end(10)
        # one that lives on holds the shared memory, and the server cannot be started again
        until(lambda: not any(map(_runs, processes)), f"all processes of {self.name} ended", within=30)

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to every process of the server."""
        if not self.child.alive:
            return
        for pid in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def ask(self, statement: str, database: str = "postgres") -> str:
        """The unaligned output of one statement."""
        return psql(f"postgresql://postgres@{LOOPBACK}:{self.port}/{database}", statement, 20)

    def is_primary(self) -> bool:
        """Whether it answers and takes writes."""
        try:
            return self.ask("SELECT pg_is_in_recovery()") == "f"
        except ChildFailed:
            return False

    def stop(self) -> None:
        """Ends the server for good."""
        self.signal(signal.SIGCONT)
        self.child.stop(20, signal.SIGQUIT)

    def _processes(self) -> list[int]:
        """Process ids of the running server: the one that was started, and then those that it made."""
        pid = self.child.pid
        assert pid is not None
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def _command(self) -> list[str]:
        settings = {
            **server_settings(durable=False),
            **_REPLICATION,
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "primary_conninfo": self._conninfo,
            "primary_slot_name": self.name,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._binaries / "postgres"), "-D", str(self._data), *options]
        if self._drop.owner is None:
            return [*self._drop.prefix, *with_parent_death_signal(server, signal.SIGINT)]
        return [*self._drop.prefix[:-1], "--pdeathsig", "INT", "--", *server]

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._drop.prefix, str(self._binaries / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=self._home)
        if done.returncode != 0:
            raise ChildFailed(f"{program}: {done.stderr.strip()[-2000:]}")


class PostgresCluster:
    """Three nodes, of which `primary` takes writes."""

    def __init__(self, folder: Path) -> None:
        ports = {name: free_port() for name in NAMES}
        self.nodes = {name: Node(folder, name, ports) for name in NAMES}
        self.primary = self.nodes[NAMES[0]]

    @property
    def standbys(self) -> list[Node]:
        """The other nodes."""
        return [node for node in self.nodes.values() if node is not self.primary]

    def start(self) -> None:
        """Starts the primary with an empty database and then its standbys."""
        self.primary.make()
        self.primary.start()
        for node in self.standbys:
            node.copy(self.primary)
            node.start()
        self.until_streaming()
        self.primary.ask(f'CREATE DATABASE "{DATABASE}"')

    def url(self, role: str = "postgres") -> str:
        """libpq URL with every host, for programs that choose by role."""
        hosts = ",".join(f"{LOOPBACK}:{node.port}" for node in self.nodes.values())
        return f"postgresql://{role}@{hosts}/{DATABASE}"

    def until_streaming(self, count: int = len(NAMES) - 1) -> None:
        """Waits until so many standbys stream from the primary."""
        asked = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        until(lambda: int(self.primary.ask(asked)) >= count, f"{count} standbys stream", self.primary.child)

    def promote(self) -> Node:
        """Makes the standby that has received most the primary, and returns it."""
        received = "SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn"
        chosen = max(self.standbys, key=lambda node: float(node.ask(received) or 0))
        chosen.ask("SELECT pg_promote(true, 10)")
        self.primary = chosen
        return chosen

    def stop(self) -> None:
        """Ends every node."""
        for node in self.nodes.values():
            node.stop()


def _runs(pid: int) -> bool:
    """Whether a process has not ended. One that its parent has not asked for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: Callable[[], object], what: str, child: Child | None = None, within: float = START_SECONDS) -> None:
    """Waits for a condition. Raises ChildFailed with the end of the child's log when it does not come."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline or (child is not None and not child.alive):
            raise ChildFailed(f"not within {within:g} s: {what}\n{child.log_tail(30) if child else ''}")
        time.sleep(0.05)
