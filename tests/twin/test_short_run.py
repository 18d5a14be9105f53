"""Some seeds of the twin on every run of the tests: seconds, where `make twin` takes minutes.

They run in processes of their own, as `make twin` runs them: what a seed does there it does here.
"""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
SEEDS = 30


def twin(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "twin", "--jobs", "1", *arguments],
        cwd=TESTS, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, timeout=280,
    )  # fmt: skip


def test_no_seed_breaks_a_promise() -> None:
    run = twin("--seeds", str(SEEDS))
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{SEEDS} seeds" in run.stdout
    assert "0 seeds with violations" in run.stdout


def test_a_seed_always_runs_the_same() -> None:
    """Alone or after others, in this process or that: otherwise a failure could not be replayed."""
    alone, among = twin("--seeds", "1", "--first", "7", "--digest"), twin("--seeds", "3", "--first", "5", "--digest")
    assert alone.stdout.splitlines()[0] == among.stdout.splitlines()[2], among.stdout
    assert alone.stdout.splitlines()[0].startswith("7 ")


def test_a_defect_is_noticed() -> None:
    run = twin("--mutants", "--only", "window closed without counting", "--seeds", "60")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "caught by seed" in run.stdout
