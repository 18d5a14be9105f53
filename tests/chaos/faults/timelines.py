"""The database becomes an older one: restored from a dump, or as after a failover to a server that was behind."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from legis_launcher.servers.postgres_server import postgres_binaries

from chaos.system.cast import Cast

DUMP_SECONDS = 30
_NEXT = "legis_next"


@dataclass(slots=True)
class Era:
    """A stretch of time in which the database had one history; `database` is where that can be read in the end.

    Readers may be answered from it for `linger` seconds after its end, not longer.
    """

    database: str
    began: float
    ended: float = float("inf")
    linger: float = 0.0


class Timelines:
    """Dumps the database, and puts the dump in its place later. Used by the main thread, but for the copying."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._copying: Thread | None = None
        self._copied = False
        self.eras = [Era("legis", time.time())]
        self.refused: list[str] = []
        """Why a copy could not be made: the server was away."""

    def copy(self, *, new_epoch: bool) -> None:
        """Begins to make the database as it is now once more, beside it; under an epoch of its own where asked."""
        self._copied = False
        self._copying = Thread(target=self._copy, args=(new_epoch,), daemon=True)
        self._copying.start()

    @property
    def copied(self) -> bool | None:
        """Whether the copy is there; None while it is being made."""
        return None if self._copying is not None and self._copying.is_alive() else self._copied

    def swap(self, *, linger: float) -> None:
        """Puts the copy in the place of the database, which is kept under another name. Raises ChildFailed."""
        old, execute = f"legis_era_{len(self.eras)}", self._cast.postgres.execute
        execute("ALTER DATABASE legis WITH ALLOW_CONNECTIONS false")
        deadline = time.monotonic() + 5
        while execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'legis'") != "0":
            if time.monotonic() > deadline:
                raise RuntimeError("sessions of the old database do not end")
            time.sleep(0.02)
        execute(f"ALTER DATABASE legis RENAME TO {old}")
        execute(f"ALTER DATABASE {_NEXT} RENAME TO legis")
        execute(f"ALTER DATABASE {old} WITH ALLOW_CONNECTIONS true")
        now = time.time()
        last = self.eras[-1]
        last.database, last.ended, last.linger = old, now, linger
        self.eras.append(Era("legis", now))

    def _copy(self, new_epoch: bool) -> None:
        postgres, dump = self._cast.postgres, self._cast.folder / "dump"
        try:
            _tool("pg_dump", "-Fc", "-Z0", "-f", str(dump), postgres.url("legis"))
            postgres.drop_database(_NEXT)
            postgres.create_database(_NEXT)
            _tool("pg_restore", "--exit-on-error", "-d", postgres.url(_NEXT), str(dump))
            if new_epoch:
                postgres.execute("UPDATE store_epoch SET epoch = gen_random_uuid()", _NEXT)
            self._copied = True
        except (RuntimeError, subprocess.SubprocessError) as error:
            self.refused.append(str(error)[:200])


def _tool(name: str, *arguments: str) -> None:
    command = [str(Path(postgres_binaries()) / name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DUMP_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name}: {done.stderr.strip()[-150:]}")
