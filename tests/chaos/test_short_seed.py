"""One short seed of `make chaos`: kills, crashes and upstream faults, and nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHAOS = Path(__file__).parents[1] / "chaos" / "run.py"
SEED = "3"


@pytest.mark.timeout(150)
def test_a_short_seed_passes(tmp_path: Path) -> None:
    report = tmp_path / "chaos.json"
    command = [
        sys.executable,
        str(CHAOS),
        "--seed",
        SEED,
        "--duration",
        "12",
        "--bills",
        "120",
        "--report",
        str(report),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=140, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    result = json.loads(report.read_text())["results"][0]
    assert result["faults"] >= 10
    assert result["facts"]["looks"] >= 10, "the continuous invariants were hardly looked at"
    assert result["convergence"] is not None
