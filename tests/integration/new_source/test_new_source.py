"""`make new-source` in a copy of the checkout: the copied assembly is green at once, from its upstream to the API."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LEFT = ("__pycache__", "*.egg-info", ".git", ".venv", ".run", ".*_cache", ".hypothesis", "build", "node_modules")
"""What is no part of a checkout."""

ARCHITECTURE = (
    "test_architecture_page", "test_docs_true", "test_imports", "test_modules", "test_rooms", "test_versions",
    "test_vocabularies_page",
)  # fmt: skip
"""Those that hold packages, names, sizes and pages against each other."""

TITLE = "Assembleia Legislativa de São Paulo"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of the repository, as a checkout of its own without history."""
    shutil.copytree(ROOT, tmp_path, ignore=shutil.ignore_patterns(*LEFT), dirs_exist_ok=True)
    if (known := ROOT / ".mypy_cache").is_dir():  # what mypy knows of our packages and others: 1 s instead of 25
        shutil.copytree(known, tmp_path / known.name)
    return tmp_path


def python(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with the packages of the copy instead of the installed ones."""
    sources = [checkout / "shared" / "src", *checkout.glob("services/*/src"), *checkout.glob("tools/*/src")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sources))}
    return subprocess.run(
        [sys.executable, *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def new_source(checkout: Path, name: str, title: str = TITLE) -> subprocess.CompletedProcess[str]:
    return python(checkout, "tests/new_source/new_source.py", "--name", name, "--title", title)


@pytest.mark.timeout(600)
def test_the_copy_is_green_at_once(checkout: Path) -> None:
    made = new_source(checkout, "alesp")
    assert made.returncode == 0, made.stderr
    left = [
        path
        for folder in ("services/ingest-alesp", "tests/integration/ingest_alesp")
        for path in (checkout / folder).rglob("*")
        if "ensaio" in path.name.lower() or (path.is_file() and "ensaio" in path.read_text().lower())
    ]
    assert left == []
    tests = (
        "tests/integration/ingest_alesp",
        "tests/unit/legis/domain/test_source_registry.py",
        "tests/unit/ingest_alike",
        *(f"tests/architecture/{name}.py" for name in ARCHITECTURE),
    )
    ran = python(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert ran.returncode == 0, ran.stdout[-8000:]
    types = python(checkout, "-m", "mypy", "--no-error-summary", "services/ingest-alesp/src")
    assert types.returncode == 0, types.stdout
    style = python(checkout, "-m", "ruff", "check", "services/ingest-alesp", "tests/integration/ingest_alesp", "shared")
    assert style.returncode == 0, style.stdout
    again = new_source(checkout, "alesp")
    assert (again.returncode, again.stderr) == (1, "new-source: there is a source alesp already\n")


def test_a_name_that_cannot_be_an_id_changes_nothing(checkout: Path) -> None:
    before = (checkout / "pyproject.toml").read_text()
    for name, title in (("Alesp", TITLE), ("al-esp", TITLE), ("", TITLE), ("alesp", 'a "title"')):
        assert new_source(checkout, name, title).returncode == 1
        assert (checkout / "pyproject.toml").read_text() == before
        assert not list(checkout.glob("services/ingest-al*"))
