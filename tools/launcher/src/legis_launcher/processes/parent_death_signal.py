"""Runs a command that ends when the process that started it ends, however that one ended.

Used as a program (`tether.py SIGNAL PARENT_PID COMMAND…`) with the standard library alone, so that it starts in
milliseconds; it replaces itself by the command, which therefore keeps its process id.
"""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def tethered(command: list[str], signal_number: int) -> list[str]:
    """The command line that runs `command` with `signal_number` sent to it when the calling thread's process dies.

    The child must be started from a thread that lives as long as the process: the kernel watches that thread.
    """
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(int(signal_number)), str(os.getpid()), *command]


def main(arguments: list[str]) -> None:
    signal_number, parent, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died between the fork and the line above
            raise SystemExit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
