"""Marks an index folder as in use: a shared file lock, released when the process ends in any way."""

import fcntl
from pathlib import Path
from typing import IO

_READERS = "readers.lock"


def acquire_reader_lock(home: Path) -> IO[str]:
    """Marks the folder as in use until the returned file is closed."""
    home.mkdir(parents=True, exist_ok=True)
    file = (home / _READERS).open("a")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def has_readers(home: Path) -> bool:
    """Whether any process uses the folder."""
    try:
        with (home / _READERS).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
