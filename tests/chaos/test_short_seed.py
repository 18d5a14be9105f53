"""One short seed of `make chaos`: kills, crashes and upstream faults, and nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SEED = 6
SECONDS = 10
"""Of faults, of nearly every kind; start and end take about ten seconds more."""


@pytest.mark.timeout(150)  # for a machine that is busy; a run that never becomes well again ends by itself before
def test_a_short_seed_passes(tmp_path: Path) -> None:
    report = tmp_path / "chaos.json"
    asked = {"--seed": SEED, "--duration": SECONDS, "--bills": 120, "--report": report}
    command = [sys.executable, "-m", "chaos", *(str(word) for pair in asked.items() for word in pair)]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    result = json.loads(report.read_text())["results"][0]
    assert result["faults"] >= 10
    assert len(result["log"]) == result["faults"], "not every fault was made"
    assert result["facts"]["looks"] >= 5, "the continuous invariants were hardly looked at"
    assert result["facts"]["moves"] >= 20, "hardly a bill moved"
    assert result["convergence"] is not None
