"""Settings of the launcher, and the `.env` file."""

import os
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from legis.settings import ServiceSettings
from pydantic import Field


class LauncherSettings(ServiceSettings):
    """Read by `make run`. All other variables of the environment are passed to the processes unchanged."""

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
    """Sets the variables of a `.env` file in that folder, where they are not set already."""
    for name, value in dotenv_values(folder / ".env").items():
        if value is not None:
            os.environ.setdefault(name, value)
