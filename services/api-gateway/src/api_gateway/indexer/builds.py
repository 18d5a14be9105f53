"""Builds of the index in the folder of one schema: made, served, checked and cleared away."""

import fcntl
import os
import shutil
import time
from pathlib import Path
from typing import IO

from api_gateway.search.index.folder import NONE, current_build, schema_folder, set_current_build
from api_gateway.search.index.readers import is_read, mark_read

OLD_SCHEMA_SECONDS = 24 * 3600.0
"""An index of another schema is kept no longer than this, even if somebody still reads it."""

_LOCK = "writer.lock"


class Builds:
    """The folder `schema-N`. One process at a time writes in it: the one that holds its lock."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.home = schema_folder(folder)
        self._lock: IO[str] | None = None
        self._reading: IO[str] | None = None

    def take_lock(self) -> bool:
        """Takes the folder for this process, until it ends or `release`s it; whether it was free."""
        self.release()  # of a folder that was deleted
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / _LOCK).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock, self._reading = lock, mark_read(self.home)
        return True

    def release(self) -> None:
        """Leaves the folder to another process."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock of the folder as it is now: who deletes the folder deletes its lock."""
        if self._lock is None:
            return False
        try:
            found = os.stat(self.home / _LOCK)
        except FileNotFoundError:
            return False
        held = os.fstat(self._lock.fileno())
        return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)

    @property
    def current(self) -> str | None:
        """The build that is served."""
        return current_build(self.home)

    def new(self) -> str:
        """Makes the folder of a build that is yet to come."""
        build = f"build-{time.time_ns():x}"
        (self.home / build).mkdir(parents=True)
        return build

    def serve_none(self) -> None:
        """Has readers stop using the build that is served: better no answer than a wrong one."""
        set_current_build(self.home, NONE)

    def others(self) -> list[str]:
        """Reasons for a first build: folders of other schemas that are there."""
        return sorted(path.name for path in self.folder.glob("schema-*") if path != self.home and path.is_dir())

    def clear(self) -> None:
        """Removes builds that are not served, and folders of other schemas that nobody reads or writes any more.

        A reader that still has a removed build open keeps its files until it closes them.
        """
        kept = self.current
        for path in self.home.glob("build-*"):
            if path.name.split(".")[0] != kept:
                _remove(path)
        for name in self.others():
            path = self.folder / name
            if not is_read(path) or time.time() - path.stat().st_mtime > OLD_SCHEMA_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
