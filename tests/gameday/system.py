"""The local system of a game day: the launcher's own `up` on a simulated Congress, nginx in front, readers and news."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

from asking import never_asked
from legis_launcher.processes.child_process import Child
from legis_launcher.run_folder import RunFolder, RunState
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import postgres_binaries
from stage import status, until

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ("DATABASE_URL", "REDIS_URL", "CAMARA_BASE_URL", "CAMARA_FILES_URL", "SENADO_BASE_URL", "DATASET")
SETTINGS = {
    "LEGIS_UPSTREAM": "sample",
    "LEGIS_SAMPLE_BILLS": "500",
    "POLL_INTERVAL_SECONDS": "2",
    "BACKFILL_FROM_YEAR": "2020",
    "PORT": "0",
}


class System:
    """Everything of one run in one temporary folder; `close` ends it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="legis-gameday-"))
        self.folder.chmod(0o755)
        self.run = RunFolder(self.folder / "run")
        self.listen, self.tls_listen = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        ours = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.environment = {
            **ours,
            **SETTINGS,
            "LEGIS_TARGET": "local",
            "LEGIS_RUN_DIR": str(self.run.path),
            "LEGIS_BACKUP_DIR": str(self.folder / "backups"),
            "LEGIS_PYTHON": sys.executable,
            "LEGIS_PG_BIN": str(postgres_binaries()),
            "LEGIS_LISTEN": self.listen,
            "LEGIS_TLS_LISTEN": self.tls_listen,
            "LEGIS_TLS_DIR": str(self.folder / "tls"),
        }
        self._launcher: Child | None = None
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def state(self) -> RunState:
        """What the launcher says now."""
        found = self.run.read()
        if found is None:
            raise SystemExit("the launcher ended")
        return found

    @property
    def door(self) -> str:
        """Address of the public API, through nginx."""
        return f"http://{self.listen}"

    def open(self) -> None:
        """Starts everything and waits until both chambers are read. SystemExit when that takes too long."""
        command = [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(self.run.path)]
        self._launcher = Child("launcher", command, self.folder / "launcher.log", self.environment)
        self._launcher.start()
        until(lambda: (state := self.run.read()) is not None and state.phase == "ready", 150, "the launcher ready")
        self.type("deploy/compose/make-certificate.sh --days 90 localhost && scripts/legis.sh start nginx")
        until(self.is_well, 90, "the API well")
        self.often(2.0, self._news)
        self.often(0.5, self._read)

    def type(self, commands: str, within: float = 120, **more: str) -> str:
        """Types commands into a shell in the checkout, stopping at the first that fails; what was printed.

        Raises CalledProcessError, or TimeoutExpired.
        """
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=within,
            check=True,
        )
        return done.stdout

    def is_well(self) -> bool:
        """Whether the public door answers, reads are served and the health is `ok`."""
        try:
            with urllib.request.urlopen(f"{self.door}/api/health", timeout=3) as reply:
                good = b'"status":"ok"' in reply.read(20)
        except (OSError, urllib.error.URLError):
            return False
        return good and status(self.door + never_asked()) == 200

    def often(self, seconds: float, act: Callable[[], object]) -> threading.Event:
        """Does something again and again, in a thread, until the event that it gives is set or all is over."""
        ended = threading.Event()

        def loop() -> None:
            while not ended.wait(seconds) and not self._over.is_set():
                act()

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        self._threads.append(thread)
        return ended

    def simulator(self, method: str, path: str, body: bytes = b"") -> None:
        """One order to the simulated Congress; one that fails is given again by whoever needs it."""
        request = urllib.request.Request(
            f"{self.state.simulator_url}{path}", body or None, {"Content-Type": "application/json"}, method=method
        )
        urllib.request.urlopen(request, timeout=10).close()

    def ask_from(self, address: str, path: str) -> int:
        """Status of a GET through the door from one of this machine's loopback addresses; 0 for no answer."""
        host, _, port = self.listen.partition(":")
        connection = HTTPConnection(host, int(port), timeout=3, source_address=(address, 0))
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def close(self) -> None:
        """Ends everything that was started."""
        self._over.set()
        for thread in self._threads:
            thread.join(10)
        try:
            self.type("scripts/legis.sh stop nginx", within=30)
        except subprocess.SubprocessError:
            print("nginx did not stop")
        if self._launcher is not None:
            self._launcher.stop(90)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _news(self) -> None:
        for source in (b"camara", b"senado"):
            try:
                self.simulator("POST", "/control/change", b'{"source": "%b"}' % source)
            except OSError:
                time.sleep(0.5)

    def _read(self) -> None:
        status(self.state.web_url + never_asked(), timeout=4)
