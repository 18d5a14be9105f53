"""Restores the database to a chosen second, after the loss of its disk and of the archive, and compares by checksum.

Run by `make restore-drill`. PostgreSQL archives to an S3 store over TLS with the product's own pgBackRest
configuration. Meanwhile a row is committed ten times a second: the newest
one that comes back says how much was lost (RPO).
Equal means: the same rows and checksum of every table and of the schema, by the query of the backup scripts.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
sys.path.append(str(Path(__file__).resolve().parents[1] / "load"))

from api_gateway.migrations.migration_runner import upgrade
from bench.system import seeding
from drilled_database import NAME, DrilledDatabase
from legis_launcher.servers.postgres_server import postgres_binaries
from legis_launcher.servers.privilege_drop import choose_privilege_drop
from s3_store import S3Store
from wal_archive import Archive

TOOLS = Path(__file__).resolve().parents[2] / "build"
RPO_SECONDS, RTO_SECONDS = 60.0, 900.0
BACKUP_SECONDS = 1800.0
CHANGE = """
WITH done AS (UPDATE bill SET version = version WHERE hashtext(id) % 20 = 0 RETURNING 1) SELECT count(*) FROM done
"""
BETWEEN_SECONDS = 45.0
"""Time between the last look and the loss of the disk: longer than archive_timeout, and no multiple of it."""


class Drill:
    """The drills one after the other: the disk is lost, then the archive, then somebody deletes everything."""

    def __init__(self, folder: Path, tools: Path, corpus: Path | None, bills: int) -> None:
        self.folder, self.bills, self.corpus = folder, bills, corpus
        self.store = S3Store(tools / "restore-venv/bin/weed", folder / "s3")
        prefix = choose_privilege_drop(postgres_binaries() / "postgres", folder).prefix
        self.archive = Archive(tools / "pgbackrest/pgbackrest", folder / "archive", self.store, prefix)
        self.password = ""
        self.wrong: list[str] = []

    def run(self) -> bool:
        """Everything in order; whether all was equal and in time."""
        self.store.start()
        live = self._filled()
        self._backed_up(live)
        label = self._incremented(live)
        restored = self._disk_lost(live, label)
        self._archive_lost(restored)
        self._chosen_second(restored)
        restored.server.stop(within=120)
        self.store.stop()
        for line in self.wrong:
            say(f"BROKEN {line}")
        say(f"restore-drill: {'BROKEN' if self.wrong else 'kept'} at {self.bills} bills")
        return not self.wrong

    def _filled(self) -> DrilledDatabase:
        live = DrilledDatabase(self.folder / "live", self.archive)
        if self.corpus is not None:
            shutil.copytree(self.corpus / "cluster", live.cluster)
            shutil.copy2(self.corpus / "password", live.folder / "password")
        live.start(archiving=False)
        self.password = (live.folder / "password").read_text()
        if self.corpus is None:
            live.server.create_database(NAME)
            asyncio.run(upgrade(live.url))
            seeding.seed(live.url, self.bills)
        live.sql("CREATE TABLE drill_beat (at timestamptz)")
        live.server.stop(within=300)
        live.configure(self.archive, "live", self.password)
        live.start(archiving=True)
        size = int(live.sql("SELECT pg_database_size(current_database())")) / 1e9
        say(f"{live.sql('SELECT count(*) FROM bill')} bills, {size:.1f} GB")
        return live

    def _backed_up(self, database: DrilledDatabase) -> None:
        """By the shipped clock, which makes a full backup where there is none."""
        figures = self.folder / "archive" / f"{database.folder.name}.prom"
        began = time.monotonic()
        clock = self.archive.clock(database.configuration, figures)
        while not (figures.exists() and "_timestamp_seconds 0\n" not in figures.read_text()):
            assert clock.alive, clock.log_tail()
            assert time.monotonic() - began < BACKUP_SECONDS, clock.log_tail()
            time.sleep(0.2)
        took = time.monotonic() - began
        clock.stop(5)
        (last,) = self.archive.backups(database.configuration)
        size = last["info"]["repository"]["delta"] / 1e9
        say(f"{last['type']} backup: {took:.0f} s, {size:.2f} GB in the repository")

    def _incremented(self, database: DrilledDatabase) -> str:
        """Bills change, and the shipped clock makes an incremental backup; its label."""
        changed, began = database.sql(CHANGE), time.monotonic()
        clock = self.archive.clock(database.configuration, self.folder / "archive/increment.prom", hours=0)
        while len(found := self.archive.backups(database.configuration)) < 2:
            assert clock.alive, clock.log_tail()
            assert time.monotonic() - began < BACKUP_SECONDS, clock.log_tail()
            time.sleep(0.5)
        clock.stop(5)
        took, size = time.monotonic() - began, found[-1]["info"]["repository"]["delta"] / 1e9
        say(f"{found[-1]['type']} backup after {changed} bills changed: {took:.0f} s, {size:.2f} GB in the repository")
        assert found[-1]["type"] == "incr", found[-1]
        return str(found[-1]["label"])

    def _chosen_second(self, live: DrilledDatabase) -> None:
        live.begin_beats()
        changed = live.sql(CHANGE)
        live.end_beats()
        wanted = live.checksum()
        moment = live.sql("SELECT clock_timestamp()")
        time.sleep(1.5)
        live.begin_beats()
        live.sql("TRUNCATE bill CASCADE; DROP TABLE dead_letter")
        self.archive.run(live.configuration, "check")
        live.end_beats()
        copy, took = self._restored("second", f"--type=time --target={moment}")
        self._judge("chosen second", copy.checksum() == wanted, took, None)
        say(f"  {changed} bills changed before it; afterwards all bills were deleted and a table dropped")
        copy.server.stop(within=120)
        shutil.rmtree(copy.folder)

    def _disk_lost(self, live: DrilledDatabase, label: str) -> DrilledDatabase:
        """Equal but for the beats, whose last ones are what was lost. The backup of this label must be restored."""
        live.begin_beats()
        live.sql(CHANGE)
        wanted = live.checksum(beats=False)
        time.sleep(BETWEEN_SECONDS)
        live.crash_and_lose()
        last = live.end_beats()
        copy, took = self._restored("latest", "--type=default", label)
        lost = (last - copy.newest_beat()).total_seconds()
        self._judge("disk lost", copy.checksum(beats=False) == wanted, took, lost)
        return copy

    def _archive_lost(self, database: DrilledDatabase) -> None:
        database.server.stop(within=120)
        database.configure(self.archive, "again", self.password)
        database.start(archiving=True)
        database.begin_beats()
        self.store.lose()
        database.sql("SELECT pg_switch_wal()")
        deadline = time.monotonic() + 120
        failed = "SELECT failed_count FROM pg_stat_archiver"
        while int(database.sql(failed)) == 0 and time.monotonic() < deadline:
            time.sleep(0.5)
        heard = int(database.sql(failed)) > 0
        self.store.start()
        began = time.monotonic()
        self._backed_up(database)
        protected = time.monotonic() - began
        database.end_beats()
        self.archive.run(database.configuration, "check")
        wanted = database.checksum()
        copy, took = self._restored("again", "--type=default")
        self._judge("archive lost", heard and copy.checksum() == wanted, took, None)
        say(f"  told by failed_count: {heard}; protected again after {protected:.0f} s")
        copy.server.stop(within=120)
        shutil.rmtree(copy.folder)

    def _restored(self, name: str, how: str, label: str = "") -> tuple[DrilledDatabase, float]:
        """A copy elsewhere, and the seconds until it took writes. Raises AssertionError where it is not from the backup
        with this label.
        """
        copy = DrilledDatabase(self.folder / name, self.archive)
        shutil.copy2(self.folder / "live/password", copy.folder / "password")
        copy.cluster.mkdir(mode=0o700)
        copy.configure(self.archive, name, self.password)
        kind, _, target = how.partition(" ")
        options = [kind, *([target, "--target-action=promote"] if target else []), "--archive-mode=off"]
        options.append("--log-level-console=info")
        began = time.monotonic()
        told = self.archive.run(copy.configuration, *options, "restore")
        assert f"restore backup set {label}" in told, told
        fetched = time.monotonic() - began
        copy.start(archiving=False)
        took = time.monotonic() - began
        say(f"restored into {name}/: {fetched:.0f} s to fetch, {took - fetched:.0f} s to recover")
        return copy, took

    def _judge(self, what: str, equal: bool, rto: float, rpo: float | None) -> None:
        told = f"{what:14} {'equal' if equal else 'DIFFERS'}, RTO {rto:.0f} s of {RTO_SECONDS:.0f}"
        say(told + (f", RPO {rpo:.1f} s of {RPO_SECONDS:.0f}" if rpo is not None else ""))
        if not equal or rto > RTO_SECONDS or (rpo or 0) > RPO_SECONDS:
            self.wrong.append(what)


def say(line: str) -> None:
    """At once, for whoever watches."""
    print(line, flush=True)


def main() -> int:
    """Exit status 0 when every drill was equal and in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=20_000)
    parser.add_argument("--corpus", type=Path, help="folder of a stopped cluster with that many bills, which is copied")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a run that is ended cleans up, too
    folder = Path(tempfile.mkdtemp(prefix="legis-restore-"))
    folder.chmod(0o755)
    drill = Drill(folder, TOOLS, options.corpus, options.bills)
    try:
        return 0 if drill.run() else 1
    finally:
        drill.archive.end()
        drill.store.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
