"""Runs one of our commands with the server addresses of the local run."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dotenv import dotenv_values

from legis_launcher.run_folder import RunFolder

NOT_RUNNING = "Legis is not running here: `make run` first, or name its database by DATABASE_URL"


def attached_environment(folder: RunFolder, environment: Mapping[str, str], settings: Path) -> dict[str, str] | None:
    """The command's environment: `settings` (a file like `.env`), the addresses of the run, and our own environment.

    A variable of our environment takes precedence over the run's address, and that over the file. None where there is
    no DATABASE_URL.
    """
    state = folder.read()
    known = {name: value for name, value in dotenv_values(settings).items() if value is not None}
    if state is not None and state.launcher_alive:
        known |= {"DATABASE_URL": state.database_url, "REDIS_URL": state.redis_url, "DATASET": state.dataset}
        known["EXPORTS_FOLDER"] = str(folder.exports(state.dataset))
    known |= environment
    return known if known.get("DATABASE_URL") else None


def exec_module(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Replaces this process by that Python module; does not return."""
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], dict(environment))
