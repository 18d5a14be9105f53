"""Runs many seeds, or replays one: `python -m twin --seeds 10000`, `python -m twin --seed 82`, `--mutants`."""

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from multiprocessing import Pool

from twin.mutants import twin_mutants as mutants
from twin.quiet import quiet
from twin.world import Verdict, run_seed

_SHOWN = 5


def main() -> int:
    """0 when every promise held, or when every mutant was caught."""
    parser = argparse.ArgumentParser(prog="twin")
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int, help="replay one seed and print its log")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--mutants", action="store_true", help="every mutant must be caught within --seeds seeds")
    parser.add_argument("--only", help="one mutant by its name")
    parser.add_argument("--digest", action="store_true", help="print what tells one run of a seed from another")
    arguments = parser.parse_args()
    quiet()
    if arguments.mutants:
        return _mutants(arguments.seeds, arguments.first, arguments.only)
    if arguments.seed is not None:
        verdict = run_seed(arguments.seed)
        print(*verdict.log, sep="\n")
        return _report([verdict], 0.0)
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    if arguments.digest:
        for seed in seeds:
            print(seed, hashlib.sha256(repr(run_seed(seed)).encode()).hexdigest())
        return 0
    began = time.perf_counter()
    with Pool(arguments.jobs, initializer=quiet) as pool:
        return _report(pool.imap_unordered(run_seed, seeds, chunksize=4), began)


def _report(verdicts: Iterable[Verdict], began: float) -> int:
    seeds = events = faults = commits = 0
    virtual = 0.0
    failed: list[int] = []
    for verdict in verdicts:
        seeds += 1
        events += verdict.events
        faults += verdict.faults
        commits += verdict.commits
        virtual += verdict.virtual
        if verdict.violations:
            failed.append(verdict.seed)
            if len(failed) <= _SHOWN:
                print(f"seed {verdict.seed}:", *verdict.violations[:3], sep="\n  ", flush=True)
    seconds = time.perf_counter() - began if began else 0.0
    print(
        f"{seeds} seeds, {events} events, {faults} faults, {commits} commits, {virtual:.0f} virtual seconds, "
        f"{len(failed)} seeds with violations, {seconds:.0f} s"
    )
    if failed:
        print("replay with `make twin SEED=n`:", *sorted(failed)[:20])
    return int(bool(failed))


def _broken(mutant: mutants.Mutant, seeds: Iterable[int]) -> Iterator[Verdict]:
    """Seeds that the mutant breaks, and that are whole without it."""
    for seed in seeds:
        with mutant.applied():
            verdict = run_seed(seed)
        if verdict.violations and not run_seed(seed).violations:
            yield verdict


def _mutants(seeds: int, first: int, only: str | None) -> int:
    survived = []
    chosen = [mutant for mutant in mutants.ALL if only in (None, mutant.name)]
    if not chosen:
        raise SystemExit(f"there is no mutant {only!r}")
    for mutant in chosen:
        verdict = next((v for v in _broken(mutant, range(first, first + seeds))), None)
        if verdict is None:
            survived.append(mutant.name)
            print(f"SURVIVED {seeds} seeds  {mutant.name}", flush=True)
        else:
            print(f"caught by seed {verdict.seed:<5} {mutant.name}: {verdict.violations[0][:110]}", flush=True)
    print(f"{len(chosen)} mutants, {len(survived)} survived")
    return int(bool(survived))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets is part of a seed
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "twin", *sys.argv[1:]])
    sys.exit(main())
