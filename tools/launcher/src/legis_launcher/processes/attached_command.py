"""Runs one of our commands beside a run that is up, with the addresses of its servers."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dotenv import dotenv_values

from legis_launcher.run_folder import RunFolder

NOT_RUNNING = "Legis is not running here: `make run` first, or name its database by DATABASE_URL"


def environment_beside(folder: RunFolder, environment: Mapping[str, str], settings: Path) -> dict[str, str] | None:
    """What the command sees: our environment, then the addresses of the run, then `settings`, a file like `.env`.

    An address that was typed wins over the run's, and the run's over the file's. None where no database is named.
    """
    state = folder.read()
    known = {name: value for name, value in dotenv_values(settings).items() if value is not None}
    if state is not None and state.launcher_alive:
        known |= {"DATABASE_URL": state.database_url, "REDIS_URL": state.redis_url, "DATASET": state.dataset}
    known |= environment
    return known if known.get("DATABASE_URL") else None


def replace_by(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Goes on as that module; does not return."""
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], dict(environment))
