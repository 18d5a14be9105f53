"""`make chaos-mutants`: breaks the product in every known way and tells whether the harness noticed.

killed    an invariant named for the mutant failed, or a test named for it did
survived  nothing failed: an invariant is decoration
blunt     the same trouble, or the same tests, fail without the mutant too: that it failed with it says nothing
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chaos.mutants.chaos_mutants import MUTANTS, Mutant
from chaos.report import Result
from chaos.run import Options, run_safely

ROOT = Path(__file__).parents[3]
LIMIT_SECONDS = 15.0
"""Time to become well again before a mutant counts as never converging."""

CONTROL_LIMIT_SECONDS = 60.0
GAP = 0.6
TEST_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant. `by` names invariants or directed tests, `seed` is None where the latter did it."""

    name: str
    verdict: str
    by: tuple[str, ...] = ()
    seed: int | None = None
    said: str = ""

    def __str__(self) -> str:
        seed = f" seed {self.seed}" if self.seed is not None else ""
        return f"{self.name:<20} {self.verdict:<9} {' '.join(self.by)}{seed}  {self.said}".rstrip()


class Bench:
    """Tries mutants, each beside a control: the same trouble and the same tests without it, tried once each."""

    def __init__(self, seeds: list[int], duration: float) -> None:
        self._seeds = seeds
        self._duration = duration
        self._controls: dict[tuple[object, ...], str] = {}

    def try_mutant(self, name: str) -> Verdict:
        """Random trouble first, without overlap; then the tests made for it."""
        mutant = MUTANTS[name]
        for seed in self._seeds if mutant.caught_by else ():
            result = self._run(seed, name, mutant, LIMIT_SECONDS)
            # what is noticed by an invariant that has nothing to do with it is noise, and no reason to be content
            noticed = sorted(result.violations.keys() & set(mutant.caught_by))
            if noticed:
                if wrong := self._control(seed, mutant):
                    return Verdict(name, "blunt", (), seed, wrong)
                return Verdict(name, "killed", tuple(noticed), seed, result.violations[noticed[0]][0][:140])
        if mutant.directed and (failed := failing_test(mutant.directed, name)):
            if failing_test(mutant.directed):
                return Verdict(name, "blunt", (), None, f"{failed} fails without it too")
            return Verdict(name, "killed", ("directed",), None, failed)
        return Verdict(name, "survived")

    def _control(self, seed: int, mutant: Mutant) -> str:
        """What went wrong in the same trouble without the mutant; nothing, it is to be hoped."""
        kind = (seed, mutant.only, mutant.years, mutant.bills)
        if kind not in self._controls:
            result = self._run(seed, "none", mutant, CONTROL_LIMIT_SECONDS)
            self._controls[kind] = "" if result.passed else f"without it too: {result.violations}"[:300]
        return self._controls[kind]

    def _run(self, seed: int, patch: str, mutant: Mutant, limit: float) -> Result:
        options = Options(
            duration=self._duration,
            bills=mutant.bills,
            patches=f"no_overlap,{patch}",
            gap=GAP,
            only=mutant.only,
            limit=limit,
            years=mutant.years,
            until=frozenset() if patch == "none" else frozenset(mutant.caught_by),
        )
        result = run_safely(seed, options)
        if result.folder:
            shutil.rmtree(result.folder, ignore_errors=True)
        return result


def failing_test(tests: Iterable[str], mutant: str = "none") -> str:
    """The first of the tests that fails, or nothing."""
    environment = {**os.environ, "CHAOS_MUTANT": mutant, "PYTHONPATH": str(ROOT / "tests")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "chaos.mutants.mutant_plugin",
        "--timeout",
        "40",
        *tests,
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TEST_SECONDS, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0].removeprefix("FAILED ") if done.returncode == 1 and lines else ""


def main() -> int:
    """Tries every mutant, or those named; status 1 unless all were killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="MUTANT", help=", ".join(MUTANTS))
    parser.add_argument("--seeds", type=int, default=2, help="seeds of random trouble for each")
    parser.add_argument("--duration", type=float, default=12.0)
    parser.add_argument("--report", type=Path, default=ROOT / "build/chaos-mutants.json")
    asked = parser.parse_args()
    bench = Bench(list(range(1, asked.seeds + 1)), asked.duration)
    verdicts: list[Verdict] = []
    for name in asked.names or MUTANTS:
        began = time.monotonic()
        verdicts.append(bench.try_mutant(name))
        print(f"{time.monotonic() - began:5.0f} s  {verdicts[-1]}", flush=True)
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    asked.report.write_text(json.dumps([str(verdict) for verdict in verdicts], indent=1) + "\n")
    counts = {kind: sum(v.verdict == kind for v in verdicts) for kind in ("killed", "survived", "blunt")}
    print(", ".join(f"{number} {kind}" for kind, number in counts.items()))
    return 0 if counts["killed"] == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
