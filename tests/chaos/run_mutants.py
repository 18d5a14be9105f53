"""`make chaos-mutants`: breaks the product in every known way and tells whether the harness noticed.

killed            an invariant failed, or a directed test did
masked by design  nothing failed, and the protocol is made to forgive it
survived          nothing failed: an invariant is decoration
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mutants import MUTANTS, Mutant
from run import Options, run_once

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 30.0
"""Time to become well again before a mutant counts as never converging."""


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
        return f"{self.name:<20} {self.verdict:<17} {' '.join(self.by)}{seed}  {self.said}".rstrip()


def try_mutant(name: str, seeds: list[int], duration: float) -> Verdict:
    """Random trouble first, without overlap; then the tests made for it."""
    mutant = MUTANTS[name]
    for seed in seeds:
        options = Options(
            duration=duration,
            patches=f"no_overlap,{name}",
            gap=0.6,
            only=mutant.only,
            limit=LIMIT_SECONDS,
            years=mutant.years,
        )
        result = run_once(seed, options)
        if result.folder:
            shutil.rmtree(result.folder, ignore_errors=True)
        # what is noticed by an invariant that has nothing to do with it is noise, and no reason to be content
        if not result.violations.keys().isdisjoint(mutant.caught_by):
            noticed = sorted(result.violations, key=lambda invariant: (invariant not in mutant.caught_by, invariant))
            said = result.violations[noticed[0]][0]
            return Verdict(name, "killed", tuple(noticed), seed, said[:140])
    if mutant.directed and (failed := _directed(name, mutant)):
        return Verdict(name, "killed", ("directed",), None, failed)
    if mutant.forgiven:
        return Verdict(name, "masked by design", (), None, mutant.forgiven)
    return Verdict(name, "survived")


def _directed(name: str, mutant: Mutant) -> str:
    """The first test that fails, or nothing."""
    environment = {**os.environ, "CHAOS_MUTANT": name, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "mutant_plugin", "--timeout", "40", *mutant.directed]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0].removeprefix("FAILED ") if done.returncode == 1 and lines else ""


def main() -> int:
    """Tries every mutant, or those named; status 1 when one survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="MUTANT", help=", ".join(MUTANTS))
    parser.add_argument("--seeds", type=int, default=2, help="seeds of random trouble for each")
    parser.add_argument("--duration", type=float, default=20.0)
    parser.add_argument("--report", type=Path, default=Path("build/chaos-mutants.json"))
    asked = parser.parse_args()
    verdicts: list[Verdict] = []
    for name in asked.names or MUTANTS:
        verdicts.append(try_mutant(name, list(range(1, asked.seeds + 1)), asked.duration))
        print(verdicts[-1], flush=True)
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    asked.report.write_text(json.dumps([str(verdict) for verdict in verdicts], indent=1) + "\n")
    counts = {kind: sum(v.verdict == kind for v in verdicts) for kind in ("killed", "masked by design", "survived")}
    print(", ".join(f"{number} {kind}" for kind, number in counts.items()))
    return 1 if counts["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
