"""What a game is played on: a system in one folder, a shell whose settings lead to it, and readers that go on."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from legis_launcher.servers.postgres_server import postgres_binaries

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ("DATABASE_URL", "REDIS_URL", "CAMARA_BASE_URL", "CAMARA_FILES_URL", "SENADO_BASE_URL", "DATASET")


@dataclass(frozen=True, slots=True)
class Targets:
    """What Prometheus watches: name and port of each process of ours, URL of each database server, addresses of the
    door, without a scheme; `tls_door` is empty where there is no TLS.
    """

    processes: tuple[tuple[str, int], ...]
    databases: tuple[str, ...]
    door: str
    tls_door: str = ""


class Ground:
    """Everything of one run in one temporary folder; `close` ends it. `open` is the subclass's."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="legis-gameday-"))
        self.folder.chmod(0o755)  # as root, servers run as other users
        self.texts = self.folder / "textfile"
        """Folder of the metrics that scripts write."""
        self.texts.mkdir()
        ours = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.environment = {
            **ours,
            "LEGIS_TARGET": "local",
            "LEGIS_RUN_DIR": str(self.folder / "run"),
            "LEGIS_BACKUP_DIR": str(self.folder / "backups"),
            "LEGIS_TEXTFILE_DIR": str(self.texts),
            "LEGIS_PYTHON": sys.executable,
            "LEGIS_PG_BIN": str(postgres_binaries()),
        }
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def targets(self) -> Targets:
        """What there is to watch, once it is open."""
        raise NotImplementedError

    def open(self) -> None:
        """Starts everything and waits until it is well. SystemExit when that takes too long."""
        raise NotImplementedError

    def is_well(self) -> bool:
        """Whether readers are served and nothing is amiss."""
        raise NotImplementedError

    def type(self, commands: str, within: float = 120) -> str:
        """Types commands into a shell in the checkout, stopping at the first that fails; what was printed.

        Raises CalledProcessError, or TimeoutExpired.
        """
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=within,
            check=True,
        )
        return done.stdout

    def often(self, seconds: float, act: Callable[[], object]) -> threading.Event:
        """Does something again and again, in a thread, until the event that it gives is set or all is over."""
        ended = threading.Event()

        def loop() -> None:
            while not ended.wait(seconds) and not self._over.is_set():
                act()

        self.beside(loop)
        return ended

    def beside(self, act: Callable[[], object]) -> None:
        """Does something in a thread, which must end by itself once all is over."""
        thread = threading.Thread(target=act, daemon=True)
        thread.start()
        self._threads.append(thread)

    def close(self) -> None:
        """Ends everything that was started."""
        self._over.set()
        for thread in self._threads:
            thread.join(15)
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self) -> None:
        """Ends the system itself, when nobody reads any more."""
        raise NotImplementedError
