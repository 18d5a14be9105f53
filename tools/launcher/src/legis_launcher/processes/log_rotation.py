"""Keeps the log files of a run within a size: a full one is copied aside and emptied, the oldest copy is dropped."""

import os
import shutil
from pathlib import Path

LOG_BYTES = 20 * 1024 * 1024
KEPT_FILES = 3
"""Copies of each log beside it, `.log.1` the newest."""


def rotate_logs(folder: Path, most_bytes: int = LOG_BYTES, kept: int = KEPT_FILES) -> list[str]:
    """Rotates every log of the folder that is at least `most_bytes` long; returns the names of those.

    A process keeps its log open, so the file stays and is emptied: processes append (`O_APPEND`), and go on at its new
    end. Lines written between the last byte copied and the truncation are lost, some microseconds of a process's log.
    """
    rotated = []
    for log in sorted(folder.glob("*.log")):
        if log.stat().st_size >= most_bytes:
            _copy_aside(log, kept)
            rotated.append(log.name)
    return rotated


def _copy_aside(log: Path, kept: int) -> None:
    for number in range(kept - 1, 0, -1):
        older = log.with_suffix(f".log.{number}")
        if older.exists():
            older.replace(log.with_suffix(f".log.{number + 1}"))
    with log.open("rb+") as full, log.with_suffix(".log.1").open("wb") as copy:
        shutil.copyfileobj(full, copy)
        os.ftruncate(full.fileno(), 0)
