"""The launcher's own `up` on a simulated Congress, nginx in front, readers and news."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection, HTTPException

from asking import never_asked
from ground import Ground, Targets
from legis_launcher.processes.child_process import Child
from legis_launcher.run_folder import RunFolder, RunState
from legis_launcher.servers.ports import free_port
from stage import status, until

READER = "127.0.0.65"
SETTINGS = {
    "LEGIS_UPSTREAM": "sample",
    "LEGIS_SAMPLE_BILLS": "500",
    "POLL_INTERVAL_SECONDS": "2",
    "BACKFILL_FROM_YEAR": "2020",
    "PORT": "0",
}


class PlainGround(Ground):
    """One server of each kind."""

    def __init__(self) -> None:
        super().__init__()
        self.run = RunFolder(self.folder / "run")
        self.listen, self.tls_listen = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.environment |= {
            **SETTINGS,
            "LEGIS_LISTEN": self.listen,
            "LEGIS_TLS_LISTEN": self.tls_listen,
            "LEGIS_TLS_DIR": str(self.folder / "tls"),
        }
        self._launcher: Child | None = None

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

    @property
    def targets(self) -> Targets:
        """Every process of ours, which are those that say when they are ready."""
        processes = tuple((one.name, one.port) for one in self.state.processes.values() if one.ready_url)
        return Targets(processes, (self.state.database_url,), self.listen, self.tls_listen)

    def open(self) -> None:
        """Both chambers are read, and there is a backup."""
        command = [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(self.run.path)]
        self._launcher = Child("launcher", command, self.folder / "launcher.log", self.environment)
        self._launcher.start()
        until(lambda: (state := self.run.read()) is not None and state.phase == "ready", 150, "the launcher ready")
        self.type("deploy/compose/make-certificate.sh --days 90 localhost && scripts/legis.sh start nginx")
        until(self.is_well, 90, "the API well")
        self.often(2.0, self._news)
        self.often(0.5, self._read)
        self.type("scripts/backup_database.sh")

    def is_well(self) -> bool:
        """Whether the public door answers, reads are served and the health is `ok`."""
        try:
            with urllib.request.urlopen(f"{self.door}/api/health", timeout=3) as reply:
                good = b'"status":"ok"' in reply.read(20)
        except (OSError, urllib.error.URLError):
            return False
        return good and status(self.door + never_asked()) == 200

    def simulator(self, method: str, path: str, body: bytes = b"") -> None:
        """One order to the simulated Congress; one that fails is given again by whoever needs it."""
        request = urllib.request.Request(
            f"{self.state.simulator_url}{path}", body or None, {"Content-Type": "application/json"}, method=method
        )
        urllib.request.urlopen(request, timeout=10).close()

    def ask_from(self, address: str, path: str, timeout: float = 3) -> int:
        """Status of a GET through the door from one of this machine's loopback addresses; 0 for no answer."""
        return _status(self.listen, address, path, timeout)

    def read_from(self, address: str, path: str, timeout: float = 5) -> int:
        """The same of `web` itself. Each reader has an address of its own: what one asks is counted against all that
        have the same, and the operator's is 127.0.0.1.
        """
        return _status(self.state.web_url.split("/")[2], address, path, timeout)

    def end(self) -> None:
        try:
            self.type("scripts/legis.sh stop nginx", within=30)
        except subprocess.SubprocessError:
            print("nginx did not stop")
        if self._launcher is not None:
            self._launcher.stop(90)

    def _news(self) -> None:
        for source in (b"camara", b"senado"):
            try:
                self.simulator("POST", "/control/change", b'{"source": "%b"}' % source)
            except OSError:
                time.sleep(0.5)

    def _read(self) -> None:
        self.read_from(READER, never_asked())


def _status(listen: str, address: str, path: str, timeout: float) -> int:
    host, _, port = listen.partition(":")
    connection = HTTPConnection(host, int(port), timeout=timeout, source_address=(address, 0))
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
