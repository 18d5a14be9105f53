"""A malformed setting stops each process at start: exit status 2, one line, naming the setting."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.timeout(900)  # seconds of work, however long a busy machine takes for it

CASES = [
    ("api_gateway.web", "PORT", "banana"),
    ("api_gateway.web", "DATASET", "pretend"),
    ("api_gateway.worker", "WORKER_PORT", "banana"),
    ("api_gateway.worker", "WORKER_BATCH_SIZE", "0"),
    ("api_gateway.migrations", "MIGRATION_LOCK_TIMEOUT_SECONDS", "soon"),
    ("ingest_camara", "POLL_INTERVAL_SECONDS", "-1"),
    ("ingest_camara", "CAMARA_PORT", "banana"),
    ("ingest_senado", "POLL_INTERVAL_SECONDS", "-1"),
    ("ingest_senado", "SENADO_PORT", "banana"),
]


STARTS = """
import importlib, json, os, runpy, signal, sys

folder, cases = sys.argv[1], json.loads(sys.argv[2])
for module in {module for module, _, _ in cases}:
    importlib.import_module(f"{module}.__main__")
    del sys.modules[f"{module}.__main__"]
for number, (module, setting, value) in enumerate(cases):
    if not os.fork():
        signal.alarm(300)
        os.dup2(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY), 2)
        os.environ[setting], sys.argv = value, [module]
        runpy.run_module(module, run_name="__main__")
        sys.exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""
"""Runs `python -m module` for each case in a process of its own. They are forked from one that has imported all
modules, since the imports of each take seconds.
"""


class Ended(NamedTuple):
    """Exit status of a process, and what it wrote to its standard error."""

    status: int
    said: str


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Ended]:
    """How each case ended."""
    folder = tmp_path_factory.mktemp("starts")
    done = subprocess.run(
        [sys.executable, "-c", STARTS, str(folder), json.dumps(CASES)],
        capture_output=True, text=True, timeout=800, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    statuses = map(int, done.stdout.split())
    return {
        case: Ended(status, (folder / str(number)).read_text())
        for number, (case, status) in enumerate(zip(CASES, statuses, strict=True))
    }


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_the_process_ends_with_one_line_naming_the_setting(
    ended: dict[tuple[str, str, str], Ended], case: tuple[str, str, str]
) -> None:
    _, setting, value = case
    status, said = ended[case]
    assert status == 2, said
    assert len(said.splitlines()) == 1
    assert setting in said
    assert value in said


@pytest.mark.parametrize(("setting", "value"), [("PORT", "banana"), ("LEGIS_UPSTREAM", "perhaps")])
def test_the_launcher_says_so_before_it_starts_anything(setting: str, value: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(tmp_path / "run")],
        env={**os.environ, setting: value}, capture_output=True, text=True, timeout=800, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"setting {setting}" in done.stdout + done.stderr
    assert not (tmp_path / "run" / "data" / "postgres").exists()
