"""Stops a run from another process, by the process ids in its state file, if these are still the same processes."""

import os
import signal
import time
from collections.abc import Callable

from legis_launcher.run_folder import RunFolder, RunState


def stop_run(folder: RunFolder, say: Callable[[str], None], within: float = 90) -> bool:
    """Asks the launcher to stop everything, and kills it after `within` seconds. Returns whether there was a run."""
    state = folder.read()
    if state is None:
        say("Legis is not running here")
        return False
    if state.launcher_alive:
        os.kill(state.launcher_pid, signal.SIGTERM)
        if not _until(lambda: not state.launcher_alive, within):
            say(f"the launcher did not end within {within:.0f} s and is killed; its children end with it")
            os.kill(state.launcher_pid, signal.SIGKILL)
            _until(lambda: not state.launcher_alive, 10)
    else:
        say("the launcher is gone; ending what it left behind")
    _end_leftovers(state, say)
    folder.forget()
    return True


def _end_leftovers(state: RunState, say: Callable[[str], None]) -> None:
    """Ends children that survived the launcher. On systems without a parent-death signal they survive
    its sudden end.
    """
    left = [record for record in reversed(state.processes.values()) if record.alive]
    if not left or _until(lambda: not any(record.alive for record in left), 2):
        return
    for record in left:
        if record.alive:
            say(f"ending {record.name} ({record.pid})")
            os.kill(record.pid, signal.SIGINT if record.name == "postgres" else signal.SIGTERM)
    if not _until(lambda: not any(record.alive for record in left), 20):
        for record in left:
            if record.alive:
                os.kill(record.pid, signal.SIGKILL)


def _until(condition: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
