"""Two cells of `make matrix`: the system goes on without its database, and with a Redis that resets connections."""

import subprocess
import sys
from pathlib import Path

import pytest

MATRIX = Path(__file__).parents[1] / "load" / "matrix.py"


@pytest.mark.timeout(900)
def test_what_is_promised_without_a_database_and_with_a_redis_that_resets() -> None:
    command = [sys.executable, str(MATRIX), "--short", "--only", "postgres/down,redis/reset_peer"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=380, check=False)
    assert done.stdout.splitlines()[-1:] == ["matrix: 2 of 2"], done.stdout + done.stderr
    assert done.returncode == 0
