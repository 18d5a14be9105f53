"""`make chaos` runs seeds one after another and says what each of them broke.

cd tests; python -m chaos --seeds 20 --duration 60        seeds 1 to 20
cd tests; python -m chaos --seed 7 --duration 60          seed 7 again, the same faults at the same moments
"""

import argparse
import sys
from pathlib import Path

from chaos import report
from chaos.run import Options, run_safely

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Runs the seeds; status 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds, from --first on")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int, help="this one seed")
    parser.add_argument("--duration", type=float, default=60.0, help="seconds of faults")
    parser.add_argument("--bills", type=int, default=200)
    parser.add_argument("--overlap", choices=("0", "default", "both"), default="both", help="both: seeds take turns")
    parser.add_argument("--mutant", default="none", help="a name out of chaos_mutants.py, for one's own amusement")
    parser.add_argument("--keep", action="store_true", help="keep the logs of seeds that passed, too")
    parser.add_argument("--report", type=Path, default=ROOT / "build/chaos.json")
    asked = parser.parse_args()
    seeds = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    results = []
    for seed in seeds:
        without = asked.overlap == "0" or (asked.overlap == "both" and seed % 2 == 1)
        patches = ",".join((["no_overlap"] if without else []) + [asked.mutant])
        options = Options(duration=asked.duration, bills=asked.bills, patches=patches, keep=asked.keep)
        results.append(run_safely(seed, options))
        again = f"--duration {asked.duration:g} --bills {asked.bills} --overlap {asked.overlap}"
        report.show(results[-1], whole=asked.seed is not None or not results[-1].passed, again=again)
    report.summarise(results, asked.report)
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
