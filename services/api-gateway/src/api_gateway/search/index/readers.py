"""Marks that a folder of the index is read: a shared file lock that ends with its process, however that ends."""

import fcntl
from pathlib import Path
from typing import IO

_READERS = "readers.lock"


def mark_read(home: Path) -> IO[str]:
    """Marks the folder as read for as long as the file that is returned stays open."""
    home.mkdir(parents=True, exist_ok=True)
    file = (home / _READERS).open("a")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def is_read(home: Path) -> bool:
    """Whether a process reads the folder."""
    try:
        with (home / _READERS).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
