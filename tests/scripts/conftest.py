"""Runs the operators' scripts as an operator would, against a real PostgreSQL with invented bills."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from legis_launcher.servers.postgres_server import postgres_binaries

ROOT = Path(__file__).parents[2]
FOREIGN = ("DATABASE_URL", "REDIS_URL", "PORT", "CAMARA_BASE_URL", "CAMARA_FILES_URL", "SENADO_BASE_URL", "DATASET")
sys.path.append(str(ROOT / "tests" / "load"))  # the stage's invented bills

Done = subprocess.CompletedProcess[str]
Script = Callable[..., Done]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Ours without what would lead a script to another system."""
    ours = {name: value for name, value in os.environ.items() if name not in FOREIGN and not name.startswith("LEGIS_")}
    return {**ours, "LEGIS_TARGET": "local", "LEGIS_PYTHON": sys.executable, **more}


def run(command: list[str], within: float = 60, **more: str) -> Done:
    """A program with these settings, from the checkout; its status and what it said."""
    return subprocess.run(
        command, cwd=ROOT, env=environment(more), capture_output=True, text=True, timeout=within, check=False
    )


@pytest.fixture
def script(database_url: str, tmp_path: Path) -> Script:
    """`script(name, *arguments, **settings)` on a fresh, migrated database, with folders of the test's own."""
    folders = {"LEGIS_BACKUP_DIR": str(tmp_path / "backups"), "LEGIS_TEXTFILE_DIR": str(tmp_path)}
    settings = {"DATABASE_URL": database_url, "LEGIS_PG_BIN": str(postgres_binaries()), **folders}

    def start(name: str, *arguments: str, **more: str) -> Done:
        return run([str(ROOT / "scripts" / name), *arguments], **{**settings, **more})

    return start


@pytest.fixture
def filled(database_url: str) -> str:
    """URL of the same database, with bills in it."""
    from stage import _fill

    asyncio.run(_fill(database_url, 120))
    return database_url


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    """Folder of the backups."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder
