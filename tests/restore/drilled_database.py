"""PostgreSQL of a drill: its WAL is archived, a row is committed ten times a second, its contents have a checksum."""

import asyncio
import shutil
import subprocess
import threading
from datetime import datetime
from pathlib import Path

import asyncpg
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer, postgres_binaries
from legis_launcher.servers.privilege_drop import choose_privilege_drop
from wal_archive import Archive

ROOT = Path(__file__).resolve().parents[2]
NAME = "legis"
SHIPPED = ROOT / "deploy/compose/postgres/archive.conf"
"""Settings of the backup layer: a server that the archive knows starts with them, also one that must not archive."""

SHIPPED_COMMAND = "'pgbackrest --stanza=legis archive-push %p'"

BEAT_SECONDS = 0.1
RECOVERY_SECONDS = 1800.0


class DrilledDatabase:
    """One cluster in one folder: made again, a copy of a corpus, or restored."""

    def __init__(self, folder: Path, archive: Archive | None) -> None:
        self.folder, self._archive = folder, archive
        self.server = PostgresServer()
        self.port = free_port()
        self.sockets = folder / "sockets"
        self.configuration = Path()
        self._beats: Beats | None = None
        self.sockets.mkdir(parents=True)
        choose_privilege_drop(postgres_binaries() / "postgres", folder).own(self.sockets)

    @property
    def cluster(self) -> Path:
        """Its data directory."""
        return self.folder / "cluster"

    @property
    def url(self) -> str:
        """libpq URL of the database."""
        return self.server.url(NAME)

    def configure(self, archive: Archive, name: str, password: str) -> None:
        """Has the archive know this cluster."""
        self.configuration = archive.configure(name, self.cluster, self.sockets, self.port, password)

    def start(self, *, archiving: bool) -> None:
        """Starts it as compose does, and waits until it has recovered and takes writes.

        Whether it archives is not said here: a restored copy does not, by what the restore wrote into its folder.
        `archiving` takes that back, as an operator does who goes on with a copy. Raises AssertionError where the server
        archives and should not, or the other way round.
        """
        settings = {"unix_socket_directories": str(self.sockets)}
        if self._archive is not None and self.configuration != Path():
            settings["config_file"] = str(self._shipped_settings(self._archive))
        if archiving:
            self._archive_again()
        self.server.start(self.folder, self.port, settings=settings, within=RECOVERY_SECONDS)
        while self.server.execute("SELECT pg_is_in_recovery()") == "t":
            assert self.server.child.alive, self.server.child.log_tail()
        assert self.server.execute("SHOW archive_mode") == ("on" if archiving else "off"), "into the one archive"

    def _shipped_settings(self, archive: Archive) -> Path:
        """The backup layer's file with the archive_command of this machine, beside the cluster."""
        text, path = SHIPPED.read_text(), self.folder / "archive.conf"
        assert text.count(SHIPPED_COMMAND) == 1
        path.write_text(text.replace(SHIPPED_COMMAND, f"'{archive.push_command(self.configuration)}'"))
        return path

    def _archive_again(self) -> None:
        """Removes what a restore wrote; `ALTER SYSTEM RESET archive_mode` does so on a server that runs."""
        kept = self.cluster / "postgresql.auto.conf"
        if kept.exists():
            lines = kept.read_text().splitlines(keepends=True)
            kept.write_text("".join(line for line in lines if not line.startswith("archive_mode")))

    def checksum(self, *, beats: bool = True) -> str:
        """Rows and checksum of every table and of the schema, by the query of the backup scripts; the table of the
        beats may be left out.
        """
        command = [str(postgres_binaries() / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", " "]
        command += ["-f", str(ROOT / "scripts/lib/fingerprint.sql"), self.url]
        told = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True).stdout
        return told if beats else "\n".join(line for line in told.splitlines() if not line.startswith("drill_beat "))

    def sql(self, statement: str, within: float = 900) -> str:
        """One statement's answer."""
        return self.server.execute(statement, NAME, within)

    def begin_beats(self) -> None:
        """Commits a row ten times a second from now on."""
        self._beats = Beats(self.url)

    def end_beats(self) -> datetime:
        """Moment of the last row that was committed."""
        assert self._beats is not None
        return self._beats.end()

    def newest_beat(self) -> datetime:
        """Moment of the newest row that is there."""
        return datetime.fromisoformat(self.sql("SELECT max(at) FROM drill_beat"))

    def crash_and_lose(self) -> None:
        """Kills every process at once, and removes the data directory."""
        child: Child = self.server.child
        child.kill()
        shutil.rmtree(self.cluster)


class Beats:
    """A thread that commits rows until `end`, or until the server is away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self._last = datetime.min
        self._thread = threading.Thread(target=lambda: asyncio.run(self._beat()), daemon=True)
        self._thread.start()

    def end(self) -> datetime:
        """Ends the thread; the moment of its last row."""
        self._over.set()
        self._thread.join(30)
        return self._last

    async def _beat(self) -> None:
        try:
            connection = await asyncpg.connect(self._url)
            while not self._over.is_set():
                self._last = await connection.fetchval("INSERT INTO drill_beat VALUES (clock_timestamp()) RETURNING at")
                await asyncio.sleep(BEAT_SECONDS)
            await connection.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            return
