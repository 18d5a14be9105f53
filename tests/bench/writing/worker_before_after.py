"""One worker into the whole corpus: of another commit and of this one, in turns on one machine with the same events.

The other commit is a work tree with its own `.venv` and its own corpus, seeded by its own benchmark:

    git worktree add --detach ../before 6dd412a
    make -C ../before install
    (cd ../before/tests && PYTHONPATH=.:load ../.venv/bin/python -c \
        'from bench.arena import Arena; arena = Arena(1200000); arena.open(); arena.close()')
    cd tests && PYTHONPATH=.:load ../.venv/bin/python -m bench.writing.worker_before_after \
        --before ../../before --bills 1200000

Both databases are served at the same time; the one that waits costs memory alone. Every turn begins with an empty
Redis, a full stream and a checkpoint, and ends with the new bills taken out again. The first turn of each is not
counted. The third subject has an indexer that follows meanwhile: what finding bills costs now, and was in the worker's
own transaction before.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from legis.events import encode
from legis_launcher.plan import nice_of
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.postgres_server import PostgresServer
from stage import KEPT

from bench.report import Figure, Report, at_least
from bench.system.arena import DATA, Arena
from bench.system.corpus_index import working_copy
from bench.system.put_back import put_back
from bench.turns import Ratio
from bench.writing.watching import new_bill
from bench.writing.worker_turn import Written, fill_stream, turn

PART = "worker, before and after"
TIMES = 2
"""How much faster than the other commit's worker this one's is to be."""

BEFORE, AFTER, FOLLOWED = "before", "after", "after, with an indexer"


class Comparison:
    """The two databases and their workers; this commit's are the arena's."""

    def __init__(self, arena: Arena, before: PostgresServer, python: Path, payloads: Sequence[bytes]) -> None:
        self._arena = arena
        self._before = before
        self._python = python
        self._payloads = payloads
        self.found: dict[str, list[Written]] = {BEFORE: [], AFTER: [], FOLLOWED: []}

    def run(self, turns: int) -> None:
        """Every subject once a turn, every other turn backwards; once more beforehand."""
        subjects: dict[str, Callable[[], Written]] = {BEFORE: self._old, AFTER: self._new, FOLLOWED: self._followed}
        for number in range(turns + 1):
            names = list(subjects)
            for name in names if number % 2 == 0 else reversed(names):
                written = subjects[name]()
                print(f"  {name}: {written.rate:.0f} bills/s, worker {written.worker_us:.0f} µs,"
                      f" PostgreSQL {written.postgres_us:.0f} µs a bill" + ("" if number else " (not counted)"),
                      flush=True)  # fmt: skip
                if number:
                    self.found[name].append(written)

    def _old(self) -> Written:
        return self._measured(self._before, self._old_worker)

    def _new(self) -> Written:
        return self._measured(self._arena.postgres, self._new_worker)

    def _followed(self) -> Written:
        """The indexer ends before the log goes back."""
        with working_copy(self._arena.index) as folder:
            indexer = self._arena.following(folder)
            return self._measured(self._arena.postgres, self._new_worker, lambda: self._arena.end(indexer))

    def _measured(
        self, postgres: PostgresServer, worker: Callable[[], Child], after: Callable[[], None] = lambda: None
    ) -> Written:
        self._arena.redis.execute("FLUSHALL")
        fill_stream(self._arena, self._payloads)
        postgres.execute("CHECKPOINT", within=600)
        try:
            return turn(self._arena, worker, postgres)
        finally:
            after()
            asyncio.run(put_back(postgres.url("legis"), self._arena.bills))

    def _new_worker(self) -> Child:
        return self._arena.child("worker", "api_gateway.worker", {"WORKER_PORT": "0"})

    def _old_worker(self) -> Child:
        """Of the other tree, with nothing of our environment but what a process needs to run. Its priority is ours."""
        inherited = {key: os.environ[key] for key in KEPT if key in os.environ and key != "VIRTUAL_ENV"}
        told = {"DATABASE_URL": self._before.url("legis"), "REDIS_URL": self._arena.redis.url(), "WORKER_PORT": "0"}
        command = [str(self._python), "-m", "api_gateway.worker"]
        log = self._arena.folder / "worker-before.log"
        child = Child("worker-before", command, log, {**inherited, **told})
        child.nice = nice_of("worker")
        child.start()
        return child


def measure(arena: Arena, tree: Path, data: Path, turns: int, bills: int) -> Report:
    """Opens both corpora and compares; SystemExit where the other one is not there."""
    python = tree / ".venv/bin/python"
    if not python.exists() or not (data / "postgres/cluster").exists():
        raise SystemExit(f"there is no {python}, or no corpus of {arena.bills} bills in {data}: see the module's docs")
    report, before = Report(arena.bills), PostgresServer()
    try:
        arena.open()
        before.start(data / "postgres", durable=True)
        asyncio.run(put_back(before.url("legis"), arena.bills))
        payloads = [encode(new_bill(n, arena.bills, "bench")) for n in range(bills)]
        comparison = Comparison(arena, before, python, payloads)
        comparison.run(turns)
    finally:
        before.stop("fast", within=120)
        arena.close()
    _tell(report, comparison.found)
    return report


def _tell(report: Report, found: dict[str, list[Written]]) -> None:
    for name, written in found.items():
        report.add(
            PART,
            Figure(f"{name}: one worker into the whole corpus", Ratio.of([one.rate for one in written]), "/s"),
            Figure(f"{name}: worker's processor time a bill", Ratio.of([one.worker_us for one in written]), "µs"),
            Figure(f"{name}: PostgreSQL's processor time a bill", Ratio.of([one.postgres_us for one in written]), "µs"),
        )
    for name, target in ((AFTER, at_least(TIMES)), (FOLLOWED, None)):
        ratios = [a.rate / b.rate for a, b in zip(found[name], found[BEFORE], strict=True)]
        report.add(PART, Figure(f"one worker into the whole corpus, {name} : before", Ratio.of(ratios), "x", target))


def main(arguments: Sequence[str]) -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.writing.worker_before_after", description=__doc__)
    parser.add_argument("--before", type=Path, required=True, help="work tree of the other commit, installed")
    parser.add_argument("--before-data", type=Path, help="its seeded corpus; build/bench-data/BILLS in it by default")
    parser.add_argument("--bills", type=int, default=1_200_000, help="size of both corpora")
    parser.add_argument("--new-bills", type=int, default=10_000, help="bills that come in, in each turn")
    parser.add_argument("--turns", type=int, default=3, help="turns that count")
    parser.add_argument("--data", type=Path, default=DATA, help="where this commit's corpora are kept")
    told = parser.parse_args(arguments)
    tree = told.before.resolve()
    data = told.before_data or tree / "build/bench-data" / str(told.bills)
    measure(Arena(told.bills, told.data.resolve()), tree, data.resolve(), told.turns, told.new_bills)


if __name__ == "__main__":
    main(sys.argv[1:])
