"""What goes wrong with the index: its files, its disk, and the database that it is made from."""

import asyncio
import random
import resource
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
from api_gateway.store.changes.index_feed import mark_rerendered
from api_gateway.store.reconciliation.removal import mark_removed
from legis_launcher.processes.child_process import ChildFailed

from chaos.faults.timelines import Timelines
from chaos.plan import Fault
from chaos.system.cast import Cast
from chaos.system.congress import Congress

WORKERS = ("worker-1", "worker-2")
FULL_SECONDS = 1.5
NOTICED_SECONDS = 7.0
"""After a failover, until an operator has read the runbook; the index has noticed by then, or never will."""

RERENDERED = 20
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


class IndexTrouble:
    """One method for each kind. `trouble` is the `Trouble` of the run, whose calendar and processes are used."""

    def __init__(self, cast: Cast, congress: Congress, trouble: Any, timelines: Timelines) -> None:
        self._cast = cast
        self._congress = congress
        self._trouble = trouble
        self._timelines = timelines
        self.blind: Callable[[bool], None] = lambda _: None
        """Called when a swap begins (True) and when the database is another one (False)."""

    # --- files and disk ---------------------------------------------------------------------------------------

    def index(self, fault: Fault) -> None:
        """Harms the index in one of the ways of the plan."""
        how = fault.detail["how"]
        self._trouble.hit(f"index:{how}")
        self._trouble.hit("index")
        with suppress(FileNotFoundError):  # a build that goes while one looks
            getattr(self, f"_{how}")(fault)

    @property
    def _home(self) -> Path | None:
        return next(iter(sorted(self._cast.index_folder.glob("schema-*"))), None)

    def _file(self, fault: Fault, largest: int | None = None) -> Path | None:
        """A segment file of the build that is served, one that holds something; of the largest only where asked."""
        home = self._home
        if home is None or not (home / "current").exists():
            return None
        build = home / (home / "current").read_text().strip()
        files = [path for path in sorted(build.iterdir()) if len(path.stem) == 32 and path.stat().st_size > 8]
        files = sorted(files, key=lambda path: -path.stat().st_size)[:largest]
        return files[fault.detail["pick"] % len(files)] if files else None

    def _delete(self, _: Fault) -> None:
        if (home := self._home) is not None:
            shutil.rmtree(home, ignore_errors=True)

    def _segment(self, fault: Fault) -> None:
        if (path := self._file(fault)) is not None:
            path.unlink()

    def _truncate(self, fault: Fault) -> None:
        if (path := self._file(fault)) is not None:
            with path.open("r+b") as file:
                file.truncate(fault.detail["pick"] % 4)

    def _flip(self, fault: Fault) -> None:
        """In one of the largest files: most of the small ones are of bills that have changed since."""
        if (path := self._file(fault, largest=5)) is not None:
            flip(path, random.Random(fault.detail["pick"]))

    def _full(self, fault: Fault) -> None:
        """No file of the indexer may grow beyond a limit: what a full disk is to it, and needs no rights."""
        child = self._cast.child("indexer")
        limit = (0, 512, 20_000)[fault.detail["pick"] % 3]
        if child.alive and child.pid is not None:
            pid = child.pid
            with suppress(ProcessLookupError, PermissionError):
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, hard))
            self._trouble.calendar.later(FULL_SECONDS, lambda: self._free(pid))

    def _free(self, pid: int) -> None:
        self._trouble.hit("index")
        with suppress(ProcessLookupError, PermissionError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    def _kill_in_build(self, fault: Fault) -> None:
        """There is no index, so that one is built, and its builder dies over it."""
        if (home := self._home) is not None:
            (home / "current").unlink(missing_ok=True)
        self._kill_later(fault, fault.detail["seconds"])

    def _swap_kill(self, fault: Fault) -> None:
        """The folder goes and its builder with it: a first build that is broken off."""
        self._delete(fault)
        self._kill_later(fault, fault.detail["seconds"] / 2)

    def _kill_later(self, fault: Fault, seconds: float) -> None:
        def kill() -> None:
            self._trouble.take_down("indexer")
            self._trouble.calendar.later(0.2, lambda: self._trouble.bring_back("indexer"))

        self._trouble.calendar.later(seconds, kill)

    # --- what is written beside the log, and what seldom is ---------------------------------------------------

    def rerender(self, fault: Fault) -> None:
        """List items are written again without a change of their bills, as by a migration."""
        with suppress(*_AWAY):
            asyncio.run(_rerender(self._cast.database_url, fault.detail["pick"]))

    def remove(self, fault: Fault) -> None:
        """Bills that are gone are marked so by an operator."""
        source = ("camara", "senado")[fault.detail["pick"] % 2]
        self._congress.delete_one(source)
        ids = [f"{source}-{number}" for source, number in sorted(self._congress.deleted)]
        with suppress(*_AWAY):
            asyncio.run(_remove(self._cast.database_url, ids))

    # --- the database becomes an older one --------------------------------------------------------------------

    def restore(self, fault: Fault) -> None:
        """An older dump is restored, under a new epoch; those who remember the old contents are started again."""
        if fault.detail["how"] == "same":  # nothing is written between the dump and its return
            self._hold(*WORKERS, "indexer")
        self._timelines.copy(new_epoch=True)
        self._trouble.calendar.later(fault.detail["seconds"], lambda: self._when_copied(fault, self._restored))

    def failover(self, fault: Fault) -> None:
        """The log goes back under the same epoch, and nobody is told until an operator renews the epoch."""
        self._timelines.copy(new_epoch=False)
        self._trouble.calendar.later(fault.detail["seconds"], lambda: self._when_copied(fault, self._failed_over))

    def _when_copied(self, fault: Fault, swap: Callable[[Fault], None]) -> None:
        copied = self._timelines.copied
        if copied is None or not self._cast.postgres.child.alive:
            self._trouble.calendar.later(0.2, lambda: self._when_copied(fault, swap))
        elif copied:
            swap(fault)
        else:
            self._timelines.copy(new_epoch=fault.kind == "restore")
            self._trouble.calendar.later(0.5, lambda: self._when_copied(fault, swap))

    def _restored(self, fault: Fault) -> None:
        blind = fault.detail["how"] == "blind"
        if blind:
            self._hold("indexer")
        self._swap(linger=4.0)
        for name in ("web", *WORKERS, "ingest-camara", "ingest-senado"):
            self._trouble.take_down(name)
            self._trouble.bring_back(name)
        self._trouble.calendar.later(8.0 if blind else 0.0, lambda: self._trouble.let_go("indexer"))

    def _failed_over(self, fault: Fault) -> None:
        held = 6.0 if fault.detail["how"] == "blind" else 0.0
        if held:
            self._hold("indexer")
        self._trouble.hit("failover")
        self._swap(linger=held + 3.0)
        self._trouble.calendar.later(held, lambda: self._trouble.let_go("indexer"))
        self._trouble.calendar.later(held + NOTICED_SECONDS, self._renew_epoch)

    def _renew_epoch(self) -> None:
        """What the runbook of ChangeLogWentBack says: else what ingest holds for stored is not read again for days."""
        self._trouble.hit("index")
        try:
            self._cast.postgres.execute("UPDATE store_epoch SET epoch = gen_random_uuid()", "legis")
            self._trouble.hit("renewed")
        except ChildFailed:
            self._trouble.calendar.later(0.3, self._renew_epoch)

    def _hold(self, *names: str) -> None:
        for name in names:
            self._trouble.hold(name)

    def _swap(self, *, linger: float) -> None:
        self.blind(True)
        linger *= self._cast.slowness
        self._trouble.hit("postgres")
        self._trouble.hit("index")
        try:
            self._timelines.swap(linger=linger)
        except ChildFailed as error:
            raise RuntimeError("the databases could not be swapped") from error
        self._trouble.hit("postgres")
        self._trouble.hit("swap")
        self.blind(False)


def flip(path: Path, dice: random.Random) -> None:
    """Turns bits of a file here and there, without touching its size or anything else."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        for _ in range(max(3, size // 300)):
            place = dice.randrange(size)
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ (1 << dice.randrange(8))]))


async def _rerender(url: str, pick: int) -> None:
    connection = await asyncpg.connect(url, timeout=2)
    try:
        async with asyncio.timeout(4), connection.transaction():
            # locked in the order of all writers, before the counter is
            rows = await connection.fetch("SELECT id, summary FROM bill ORDER BY id FOR UPDATE")
            chosen = [rows[(pick + n * 7) % len(rows)] for n in range(min(RERENDERED, len(rows)))]
            for row in chosen:
                mark = b',"rewritten":"%d"}' % time.time_ns()
                body = row["summary"].partition(b',"rewritten":')[0].removesuffix(b"}")
                await connection.execute("UPDATE bill SET summary = $2 WHERE id = $1", row["id"], body + mark)
            await mark_rerendered(connection, sorted({row["id"] for row in chosen}))
    finally:
        connection.terminate()


async def _remove(url: str, ids: list[str]) -> None:
    pool = await asyncpg.create_pool(url, min_size=1, max_size=1, timeout=2)
    try:
        async with asyncio.timeout(4):
            await mark_removed(pool, ids)
    finally:
        pool.terminate()
