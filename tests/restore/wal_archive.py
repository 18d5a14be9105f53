"""pgBackRest with the configuration of the product, told where this machine has its parts."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import LOOPBACK
from s3_store import BUCKET, KEY, SECRET, S3Store

SHIPPED = Path(__file__).resolve().parents[2] / "deploy/compose/pgbackrest/pgbackrest.conf"
CLOCK = SHIPPED.with_name("backup-clock.sh")
STANZA = "legis"
LOCKED, LOCK_SECONDS = 50, 120.0
"""Exit status where another pgBackRest holds the lock: the sender of WAL, which ends by itself."""


class Archive:
    """The archive of one database, and its copies elsewhere. `prefix` runs a program as the database's user."""

    def __init__(self, program: Path, folder: Path, store: S3Store, prefix: tuple[str, ...]) -> None:
        self._program, self._folder, self._store, self._prefix = program, folder, store, prefix
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        for name in ("spool", "lock"):
            (folder / name).mkdir(mode=0o777)
            (folder / name).chmod(0o777)

    def configure(self, name: str, cluster: Path, sockets: Path, port: int, password: str) -> Path:
        """Writes the configuration for a cluster that listens there; its path."""
        told = {
            "spool-path": self._folder / "spool" / name,
            "pg1-path": cluster,
            "pg1-socket-path": sockets,
        }
        text = SHIPPED.read_text()
        for setting, value in told.items():
            text, count = re.subn(rf"^{setting}=.*$", f"{setting}={value}", text, flags=re.MULTILINE)
            assert count == 1, setting
        secret = {
            "lock-path": self._folder / "lock" / name,
            "repo1-s3-endpoint": LOOPBACK,
            "repo1-storage-port": self._store.port,
            "repo1-storage-ca-file": self._store.certificate,
            "repo1-s3-bucket": BUCKET,
            "repo1-s3-region": "us-east-1",
            "repo1-s3-uri-style": "path",
            "repo1-s3-key": KEY,
            "repo1-s3-key-secret": SECRET,
            "repo1-cipher-pass": "drill",
        }
        text = text.replace(
            "[global]\n", "[global]\n" + "".join(f"{key}={value}\n" for key, value in secret.items()), 1
        )
        path = self._folder / f"{name}.conf"
        path.write_text(f"{text}pg1-port={port}\n")
        passfile = self._folder / "pgpass"
        passfile.write_text(f"*:*:*:*:{password}\n")
        passfile.chmod(0o600)
        return path

    def push_command(self, configuration: Path) -> str:
        """The archive_command of a cluster."""
        return f"{self._program} --config={configuration} --stanza={STANZA} archive-push %p"

    def clock(self, configuration: Path, figures: Path, hours: int = 6) -> Child:
        """The shipped clock, as a process: it makes the stanza and the first backup at once, and writes figures. With 0
        hours between backups it makes another one at once.
        """
        path = f"{self._program.parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PGPASSFILE": str(self._folder / "pgpass")}
        environment |= {"PGBACKREST_CONFIG": str(configuration), "LEGIS_BACKUP_FIGURES": str(figures)}
        environment |= {"LEGIS_BACKUP_MINUTE": "1", "LEGIS_BACKUP_HOURS": str(hours)}
        child = Child("clock", [*self._prefix, "sh", str(CLOCK)], self._folder / "clock.log", environment)
        child.start()
        return child

    def run(self, configuration: Path, *arguments: str, within: float = 1800) -> str:
        """One command of pgBackRest. Raises AssertionError with what it said."""
        command = [*self._prefix, str(self._program), f"--config={configuration}", f"--stanza={STANZA}", *arguments]
        environment = {**os.environ, "PGPASSFILE": str(self._folder / "pgpass")}
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=within, check=False)
            if done.returncode != LOCKED or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        assert done.returncode == 0, f"pgbackrest {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def end(self) -> None:
        """Ends what pgBackRest still does in the background for any cluster: senders outlive the crash of a server."""
        for configuration in self._folder.glob("*.conf"):
            self.run(configuration, "stop", "--force")

    def backups(self, configuration: Path) -> list[dict[str, Any]]:
        """Backups of the repository, the oldest first."""
        told = json.loads(self.run(configuration, "info", "--output=json", "--log-level-console=off"))
        found: list[dict[str, Any]] = told[0]["backup"]
        return found
