"""Runs schemathesis' own command: examples, coverage, fuzzing, and chains of requests."""

import os
import subprocess
import sys
from pathlib import Path

_EXCLUDED = {
    "positive_data_acceptance": "a cursor, a label or a date must be a real one, which no schema can say: 400 is right",
    "negative_data_rejection": "numbers and dates are read from text: what a schema calls wrong may be a right text",
}
"""Checks that cannot hold here, and why."""

_HOOKS = Path(__file__).with_name("request_hooks.py")


def run_schemathesis(base: str, key: str, examples: int, seed: int, *, seconds: float) -> int:
    """The exit code: 0 where every reply is as described; 1 too where it did not end in time. The stream has no end and
    is asked apart.
    """
    command = [
        str(Path(sys.executable).with_name("st")), "--no-color", "run", f"{base}/openapi.json",
        "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--exclude-checks", ",".join(_EXCLUDED),
        "--max-examples", str(examples), "--seed", str(seed), "--exclude-operation-id", "streamChanges",
        "--header", f"X-API-Key: {key}",
        "--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "60", "--workers", "2",
    ]  # fmt: skip
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(_HOOKS)}
    try:
        return subprocess.run(command, env=environment, timeout=seconds, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"api-check: not done after {seconds:.0f} s; ask for fewer examples, or give it more minutes")
        return 1
