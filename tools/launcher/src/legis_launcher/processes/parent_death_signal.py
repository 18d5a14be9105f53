"""Runs a command that receives a signal when its parent process ends, for whatever reason.

Used as a program (`parent_death_signal.py SIGNAL PARENT_PID COMMAND…`) with the standard library alone, so that it
starts in milliseconds; it then replaces itself by the command, which keeps the process id.
"""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def with_parent_death_signal(command: list[str], signal_number: int) -> list[str]:
    """The command line that runs `command` with `signal_number` sent to it when this process ends.

    Start the child from a thread that lives as long as the process: the kernel observes the thread, not the process.
    """
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(int(signal_number)), str(os.getpid()), *command]


def main(arguments: list[str]) -> None:
    signal_number, parent, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # the parent ended between the fork and the line above
            raise SystemExit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
