"""Explains in one line why a run cannot start, and what to do."""

import errno
import getpass
import re
import shutil
import signal
from pathlib import Path

ELSEWHERE = "LEGIS_RUN_DIR=/another/folder make run"
ROOM_BYTES = 256 * 1024 * 1024
"""Free disk space needed for an empty database, its log and the first bills; the whole Congress takes about five
gigabytes."""

_FULL = re.compile(r"No space left on device|Disk quota exceeded", re.IGNORECASE)
_READ_ONLY = re.compile(r"Read-only file system", re.IGNORECASE)
_FORBIDDEN = re.compile(r"Permission denied|Operation not permitted", re.IGNORECASE)
_KILLED = re.compile(r"^(?P<name>\S+) ended with status -(?P<signal>\d+)\b")
_SLOW = re.compile(r"^(?P<what>.* (?:was not ready|did not end) (?:after|within) \d+ s)")
_NO_SERVER = re.compile(
    r"could not connect|Connection refused|connection to server|could not translate host name|not reachable"
)


class CannotStart(RuntimeError):
    """Nothing was started, for a reason that the user can fix; the message is for the user."""


def disk_space_error(folder: Path) -> str | None:
    """The reason why the disk has too little space; None where it has enough. `folder` exists."""
    if shutil.disk_usage(folder).free < ROOM_BYTES:
        return _full(folder)
    return None


def one_line(error: BaseException, folder: Path) -> str:
    """The explanation of an error for the user of `make run`; the error's own first line where there is none."""
    text = str(error)
    number = error.errno if isinstance(error, OSError) else None
    where = getattr(error, "filename", None) or folder
    if number in (errno.ENOSPC, errno.EDQUOT) or _FULL.search(text):
        return _full(folder)
    if number == errno.EROFS or _READ_ONLY.search(text):
        return f"{where} is on a file system that is read-only: {ELSEWHERE}"
    if number in (errno.EACCES, errno.EPERM) or _FORBIDDEN.search(text):
        return f"{where} may not be written by {_user()}: give it to that user (chown), or {ELSEWHERE}"
    if number in (errno.ENOTDIR, errno.EEXIST):
        return f"{where} is not a folder: remove it, or {ELSEWHERE}"
    return _of_child(text) or text.partition("\n")[0].rstrip(":")


def _of_child(text: str) -> str | None:
    """The explanation for a process that ended, was killed, or was not ready in time."""
    if killed := _KILLED.search(text):
        name = signal.Signals(int(killed["signal"])).name
        return (
            f"{killed['name']} was killed by {name} while it started: start again; where nobody did it, memory is "
            "short (journalctl -k tells)"
        )
    if slow := _SLOW.search(text):
        return f"{slow['what']}: the machine is slow or busy; LEGIS_START_TIMEOUT_SECONDS lets it take longer"
    first = text.partition("\n")[0].rstrip(":")
    if _NO_SERVER.search(text):
        return f"{first}: a server does not answer; check DATABASE_URL and REDIS_URL, or leave them out"
    return None


def _full(folder: Path) -> str:
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free // 1_000_000
    needed = ROOM_BYTES // 1_000_000
    return f"the disk of {folder} is full ({free} MB free, {needed} needed to begin): make room, or {ELSEWHERE}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no password entry for our user id
        return "this user"
