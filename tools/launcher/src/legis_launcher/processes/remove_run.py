"""Removes what a run keeps in its folder, and nothing of others."""

import shutil
from collections.abc import Callable
from pathlib import Path

from legis_launcher.processes.stop_run import stop_run
from legis_launcher.run_folder import RunFolder

_FOLDERS = ("data", "traces", "logs")
_LOCK = "lock"
"""Every run makes these at its start: what has them all is the folder of a run."""

_KEPT = ("nginx", "ports.json", "state.json", "state.json.new")
"""What is there besides in some runs."""


def remove_run(folder: RunFolder, say: Callable[[str], None]) -> bool:
    """Stops the run, removes what it keeps, and the folder where nothing else is in it. Returns whether that is gone: a
    folder that no run made, or that is in use, is left as it is. Raises OSError for what cannot be removed.
    """
    path = folder.path
    if not path.exists():
        say(f"there is nothing to remove at {path}")
        return True
    if missing := _missing(path):
        say(f"NOT REMOVED: {path} is no folder of `make run`, it has no {missing}: check LEGIS_RUN_DIR")
        return False
    stop_run(folder, say)
    if not folder.lock():
        say(f"NOT REMOVED: another process uses {path}: end it first")
        return False
    for name in (*_KEPT, *_FOLDERS, _LOCK):  # the lock last: what is cut short can be begun again
        _remove(path / name)
    folder.unlock()
    if left := sorted(one.name for one in path.iterdir()):
        say(f"removed; {path} stays, since it has other things too: {', '.join(left)}")
    else:
        path.rmdir()
        say(f"removed {path}")
    return True


def _missing(path: Path) -> str:
    """The first part of a run's folder that is not there; empty where all are."""
    there = {name: (path / name).is_dir() for name in _FOLDERS} | {_LOCK: (path / _LOCK).is_file()}
    return next((name for name, found in there.items() if not found), "")


def _remove(path: Path) -> None:
    """Removes a file or a folder; of a link only the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
