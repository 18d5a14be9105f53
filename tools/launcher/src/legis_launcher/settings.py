"""What the launcher itself can be told, and the environment it gives on to its children."""

import os
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from legis.settings import ServiceSettings
from pydantic import Field


class LauncherSettings(ServiceSettings):
    """Read by `make run`; everything else in the environment reaches the processes as it is."""

    legis_upstream: Literal["auto", "live", "sample"] = Field(
        "auto", description="Whom `make run` reads: the chambers (live), the simulator (sample), or whichever answers"
    )
    legis_sample_bills: int = Field(5000, ge=100, le=1_200_000, description="Bills of the simulated Congress")
    legis_web_processes: int = Field(
        1, ge=1, le=64, description="Web processes of `make run`; several share the port, and each has one of its own"
    )
    legis_start_timeout_seconds: float = Field(
        120, gt=0, le=3600, description="How long `make run` waits for each process to become ready"
    )


def load_dotenv(folder: Path) -> None:
    """Puts the settings of a `.env` file in that folder into the environment, where they are not set already."""
    for name, value in dotenv_values(folder / ".env").items():
        if value is not None:
            os.environ.setdefault(name, value)
