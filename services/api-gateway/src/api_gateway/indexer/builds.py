"""Builds of the index in the folder of one schema version: create, publish, lock and delete them."""

import fcntl
import os
import shutil
import time
from pathlib import Path
from typing import IO

from api_gateway.search.index.folder import NONE, current_build, schema_folder, set_current_build
from api_gateway.search.index.reader_lock import acquire_reader_lock, has_readers

OLD_SCHEMA_SECONDS = 24 * 3600.0
"""Longest time that an index of another schema version is kept, even if a process still reads it."""

_LOCK = "writer.lock"


class Builds:
    """The folder `schema-N`. Only the process that holds its lock may write in it."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.home = schema_folder(folder)
        self._lock: IO[str] | None = None
        self._reading: IO[str] | None = None

    def take_lock(self) -> bool:
        """Locks the folder until this process ends or calls `release`. False if another process holds the lock."""
        self.release()  # the old lock may be of a folder that was deleted
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / _LOCK).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock, self._reading = lock, acquire_reader_lock(self.home)
        return True

    def release(self) -> None:
        """Unlocks the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock of the folder as it is now. If the folder was deleted, its lock file is
        gone too.
        """
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
        """The published build."""
        return current_build(self.home)

    def new(self) -> str:
        """Creates the folder of a new build."""
        build = f"build-{time.time_ns():x}"
        (self.home / build).mkdir(parents=True)
        return build

    def unpublish(self) -> None:
        """Makes readers stop using the published build: no answer is better than a wrong one."""
        set_current_build(self.home, NONE)

    def others(self) -> list[str]:
        """Names of the folders of other schema versions. If there are any, this code's first build has the reason
        `schema`.
        """
        return sorted(path.name for path in self.folder.glob("schema-*") if path != self.home and path.is_dir())

    def clear(self) -> None:
        """Deletes builds that are not published, and folders of other schema versions that no process reads or writes.

        A reader that has a deleted build open can use its files until it closes them.
        """
        kept = self.current
        for path in self.home.glob("build-*"):
            if path.name.split(".")[0] != kept:
                _remove(path)
        for name in self.others():
            path = self.folder / name
            if not has_readers(path) or time.time() - path.stat().st_mtime > OLD_SCHEMA_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
