"""Runs schemathesis' own command: examples, coverage, fuzzing, and chains of requests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from contract.api_check.filled_records import STORED
from contract.api_check.fuzz_client import FuzzClient

STREAM = "streamChanges"
"""The operation that has no end, and is asked apart."""

_EXCLUDED = {
    "positive_data_acceptance": "a cursor, a label or a date must be a real one, which no schema can say: 400 is right",
    "negative_data_rejection": "numbers and dates are read from text: what a schema calls wrong may be a right text",
}
"""Checks that cannot hold here, and why."""

WORKERS = "1"
"""Threads that ask. Making requests holds the interpreter's lock, so that two are no quicker; and two that compile at
once can fail in Python 3.11 (gh-106905).
"""

_HOOKS = Path(__file__).with_name("request_hooks.py")


def run_schemathesis(
    base: str, client: FuzzClient, examples: int, seed: int, *, seconds: float, succeeded: Path
) -> int:
    """The exit code: 0 where every reply is as described; 1 too where it did not end in time. The stream has no end and
    is asked apart. Appends to the file `succeeded` the operations that had a success, whose schemas were checked.
    """
    command = [
        str(Path(sys.executable).with_name("st")), "--no-color", "run", f"{base}/openapi.json",
        "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--exclude-checks", ",".join(_EXCLUDED),
        "--max-examples", str(examples), "--seed", str(seed), "--exclude-operation-id", STREAM,
        "--header", f"X-API-Key: {client.key}",
        "--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "60", "--workers", WORKERS,
    ]  # fmt: skip
    told = {
        "LEGIS_STORED": json.dumps({**STORED, "subscription_id": client.subscriptions}),
        "LEGIS_SUCCEEDED": str(succeeded),
    }
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(_HOOKS), **told}
    try:
        return subprocess.run(command, env=environment, timeout=seconds, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"api-check: not done after {seconds:.0f} s; ask for fewer examples, or give it more minutes")
        return 1


def never_succeeded(document: dict[str, Any], succeeded: set[str]) -> list[str]:
    """Operations without a success among all requests: nothing checked what the document says of their replies."""
    described = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    return sorted(described - succeeded - {STREAM})
