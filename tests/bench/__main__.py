"""Runs the benchmark: `python -m bench --bills 100000 [--only reads,queries]`; see docs/performance.md."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.old_planner import SOURCE
from bench.pace import SHORTEST, Pace
from bench.reading import questions as asking
from bench.reading.questions import Questions
from bench.report import Report
from bench.system.arena import DATA, ROOT, Arena
from bench.system.corpus_index import opened

RESULT = ROOT / "build/bench.json"
Part = Callable[[Arena, Questions, Report, Pace], None]


def parts() -> dict[str, Part]:
    """All parts in the order in which they run; the ones that write come last."""
    from bench import memory
    from bench.reading import index_figures, observability, proxied, queries, reads, rivalry
    from bench.writing import freshness, records, writers

    return {
        "index": index_figures.run,
        "queries": queries.run,
        "reads": reads.run,
        "nginx": proxied.run,
        "rivals": rivalry.run,
        "observability": observability.run,
        "freshness": freshness.run,
        "writers": writers.run,
        "records": records.run,
        "memory": memory.run,
    }


def measure(bills: int, only: Sequence[str], pace: Pace, *, data: Path = DATA, result: Path = RESULT) -> Report:
    """Runs the parts that are wanted, all of them where none is named, and writes what they found."""
    report, arena = Report(bills), Arena(bills, data)
    try:
        arena.open()
        report.notes["seeding seconds"] = arena.seeded
        print(f"before: {SOURCE}; not measured again")
        asked = asking.draw(arena.postgres.url("legis"), bills, opened(arena.index))
        for name, part in parts().items():
            if not only or name in only:
                began = time.monotonic()
                print(f"\n{name}", flush=True)
                part(arena, asked, report, pace)
                report.write(result)
                print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    finally:
        arena.close()
    print(f"\n{report.summary()}")
    return report


def main(arguments: Sequence[str]) -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--bills", type=int, default=100_000, help="size of the corpus")
    parser.add_argument("--only", default="", help=f"comma-separated parts: {', '.join(parts())}")
    parser.add_argument("--turns", type=int, default=5, help="turns of each subject")
    parser.add_argument("--seconds", type=float, default=2.0, help="seconds of one turn")
    parser.add_argument("--memory-bills", type=int, default=0, help="bills of the run that watches memory")
    parser.add_argument("--simulated-bills", type=int, default=Pace().simulated_bills, help="bills of the whole line")
    parser.add_argument("--data", type=Path, default=DATA, help="where seeded databases are kept")
    parser.add_argument("--result", type=Path, default=RESULT, help="where the figures are written")
    parser.add_argument("--shortest", action="store_true", help="only see whether everything runs")
    told = parser.parse_args(arguments)
    only = [name for name in told.only.split(",") if name]
    if unknown := set(only) - parts().keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    pace = SHORTEST
    if not told.shortest:
        pace = Pace(told.turns, told.seconds, simulated_bills=told.simulated_bills, memory_bills=told.memory_bills)
    measure(told.bills, only, pace, data=told.data, result=told.result)


if __name__ == "__main__":
    main(sys.argv[1:])
