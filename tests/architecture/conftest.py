"""Fixtures that show the repository to its own tests."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = tuple(
    sorted(f"{path.parent.relative_to(ROOT).as_posix()}/src/" for path in ROOT.glob("*/pyproject.toml"))
    + sorted(f"{path.parent.relative_to(ROOT).as_posix()}/src/" for path in ROOT.glob("*/*/pyproject.toml"))
)
"""The code of every package: those that are there, so that a new one is looked at too."""

GENERATED = {"api_types.py"}
"""Modules that a generator writes: as long as what they are made from."""


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Every file that is, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
        return sorted(path for path in (ROOT / name for name in names) if path.is_file())
    inside = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())  # an unpacked archive: no git
    return sorted(ROOT / path for path in inside if not set(path.parts) & {".venv", ".run", "__pycache__", ".git"})


@pytest.fixture(scope="session")
def modules(files: list[Path]) -> list[Path]:
    """Every module of our packages."""
    ours = [path for path in files if path.suffix == ".py" and str(path.relative_to(ROOT)).startswith(SOURCES)]
    return [path for path in ours if path.name not in GENERATED]


@pytest.fixture(scope="session")
def tests(files: list[Path]) -> list[Path]:
    """Every module of the tests and harnesses."""
    return [path for path in files if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")]


@pytest.fixture(scope="session")
def pages(files: list[Path]) -> list[Path]:
    """Every page of documentation."""
    return [path for path in files if path.suffix == ".md"]
