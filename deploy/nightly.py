"""Runs the long checks one after the other and prints one table: `nightly.py LOG_FOLDER TARGET[:MINUTES]…`.

Each TARGET is a target of the Makefile, with a time limit (60 minutes unless it is named). Its whole output is in the
log folder. One that ends with status 3 was not run, for want of something on this machine: a Docker engine, for
example; the table says so, and it is no failure. Exit status 1 where a target failed or took too long.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

MINUTES = 60.0
NOT_RUN = 3
SHOWN = 90


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a target, and the last line that it printed."""

    target: str
    verdict: str
    seconds: float
    last: str


def ran(target: str, minutes: float, folder: Path) -> Outcome:
    """Runs one target in a process group of its own, which is ended with it."""
    log, began = folder / f"{target}.log", time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "--no-print-directory", target], stdout=output, stderr=output, start_new_session=True
        )
        try:
            status = process.wait(minutes * 60)
            verdict = "passed" if status == 0 else "failed"
        except subprocess.TimeoutExpired:
            verdict = "too long"
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(60)
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith("make")]
    if verdict == "failed" and any(line.endswith(f"Error {NOT_RUN}") for line in lines):
        verdict = "not run"
    return Outcome(target, verdict, time.monotonic() - began, own[-1] if own else "")


def table(outcomes: list[Outcome]) -> str:
    """One row for each target."""
    rows = [f"{'target':20} {'verdict':8} {'minutes':>7}  last line"]
    rows += [f"{one.target:20} {one.verdict:8} {one.seconds / 60:7.1f}  {one.last[:SHOWN]}" for one in outcomes]
    counts = {
        verdict: sum(one.verdict == verdict for one in outcomes)
        for verdict in ("passed", "failed", "too long", "not run")
    }
    return "\n".join([*rows, "nightly: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())])


def main(arguments: list[str]) -> int:
    """Exit status 0 when nothing failed."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for one in arguments[1:]:
        target, _, minutes = one.partition(":")
        outcomes.append(ran(target, float(minutes or MINUTES), folder))
        sys.stdout.write(f"{target}: {outcomes[-1].verdict} ({folder / f'{target}.log'})\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{table(outcomes)}\n")
    return 0 if all(one.verdict in ("passed", "not run") for one in outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
