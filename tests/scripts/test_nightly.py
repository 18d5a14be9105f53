"""`make nightly`: every target is run, and the table says which failed, took too long, or could not be run here."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = """\
good:
	@echo "good: 5 of 5"
bad:
	@echo "bad: 1 lost"; exit 1
slow:
	@sleep 300
missing:
	@echo "no engine"; exit 3
"""


def nightly(folder: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    (folder / "Makefile").write_text(TARGETS)
    command = [sys.executable, str(ROOT / "deploy/nightly.py"), str(folder / "logs"), *targets]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)


def test_the_table_says_what_became_of_each(tmp_path: Path) -> None:
    done = nightly(tmp_path, "good", "bad", "slow:0.02", "missing", "unknown")
    assert done.returncode == 1
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line and ":" not in line.split()[0]}
    assert "passed" in rows["good"]
    assert rows["good"].endswith("good: 5 of 5")
    assert "failed" in rows["bad"]
    assert "too long" in rows["slow"]
    assert "not run" in rows["missing"]
    assert "failed" in rows["unknown"]
    assert done.stdout.splitlines()[-1] == "nightly: 1 passed, 2 failed, 1 too long, 1 not run"
    assert (tmp_path / "logs" / "bad.log").read_text().startswith("bad: 1 lost")


def test_what_cannot_be_run_here_is_no_failure(tmp_path: Path) -> None:
    assert nightly(tmp_path, "good", "missing").returncode == 0


@pytest.mark.parametrize(
    ("said", "status", "wanted"),
    [
        ("requests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries exceeded", 1, 3),
        ("Found 1 known vulnerability in 1 package", 1, 1),
        ("No known vulnerabilities found", 0, 0),
    ],
)
def test_an_audit_without_its_database_is_not_run(tmp_path: Path, said: str, status: int, wanted: int) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {status}\n")
    program.chmod(0o755)
    command = [sys.executable, str(ROOT / "deploy/supply-chain/audit.py"), str(program), "--strict"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == wanted
    assert ("audit: not run" in done.stdout) == (wanted == 3)


def test_what_it_lists_exists_and_nothing_long_is_left_out() -> None:
    named = _listed().split()
    targets = [one.partition(":")[0] for one in named]
    assert {"gameday", "browser-test", "cluster-test", "chaos", "twin", "matrix", "ops-check"} <= set(targets)
    assert {"bench", "search-fuzz", "notify-load", "export-bench", "backfill-recordings"} <= set(targets)
    assert len(targets) == len(set(targets))
    assert all(float(one.partition(":")[2]) > 0 for one in named)
    dry = subprocess.run(
        ["make", "--dry-run", *targets], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert dry.returncode == 0, dry.stderr


def _listed() -> str:
    """The value of NIGHTLY, as make has it."""
    command = ["make", "--no-print-directory", "--eval", "listed: ; @echo $(NIGHTLY)", "listed"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True).stdout
