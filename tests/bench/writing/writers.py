"""The way in: what one worker takes off the stream, against COPY of the same rows, and into the corpus; a whole line.

The worker's turn and COPY's turn each begin with an empty database and end with the same rows in it. What comes into
the corpus is taken out again after each turn.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from legis.events import encode

from bench.pace import Pace
from bench.reading.questions import Questions
from bench.report import Figure, Report, at_least
from bench.system import empty_databases
from bench.system.arena import PATHS, Arena
from bench.system.corpus import observed
from bench.system.put_back import put_back
from bench.turns import Ratio
from bench.writing.watching import new_bill
from bench.writing.whole_line import run_line
from bench.writing.worker_turn import LIMIT_SECONDS, Written, fill_stream, meter, turn

PART = "writers"


def run(arena: Arena, _questions: Questions, report: Report, pace: Pace) -> None:
    """Worker against COPY, the profile, the whole line; the worker into the corpus."""
    payloads = [encode(observed(n, pace.stream_bills)) for n in range(1, pace.stream_bills + 1)]
    rows = arena.home / "rows.bin"
    workers, copies = [], []
    with empty_databases.template(arena):
        for _ in range(pace.turns):
            with empty_databases.database(arena) as url:
                workers.append(_worker_turn(arena, url, payloads))
                stored = asyncio.run(_copy_out(url, rows))
            with empty_databases.database(arena) as url:
                copies.append(_copy_turn(arena, url, rows, stored))
        rows.unlink()
        _tell(report, workers, copies)
        with empty_databases.database(arena) as url:
            _profile(arena, url, payloads[: min(len(payloads), 4000)], report)
        run_line(arena, report, pace)
    _into_the_corpus(arena, report, pace)


def _worker_turn(arena: Arena, url: str, payloads: Sequence[bytes]) -> Written:
    fill_stream(arena, payloads)
    environment = {"DATABASE_URL": url, "WORKER_PORT": "0"}
    return turn(arena, lambda: arena.child("worker", "api_gateway.worker", environment), arena.postgres)


def _into_the_corpus(arena: Arena, report: Report, pace: Pace) -> None:
    """The same many new bills into all that are there; `worker_before_after` compares it with another commit."""
    payloads = [encode(new_bill(n, arena.bills, "bench")) for n in range(pace.stream_bills)]
    found = []
    for _ in range(pace.turns):
        arena.redis.execute("FLUSHALL")
        found.append(_worker_turn(arena, arena.postgres.url("legis"), payloads))
        asyncio.run(put_back(arena.postgres.url("legis"), arena.bills))
    report.add(
        PART,
        Figure("one worker into the whole corpus", Ratio.of([one.rate for one in found]), "/s"),
        Figure("the same, worker's processor time a bill", Ratio.of([one.worker_us for one in found]), "µs"),
        Figure("the same, PostgreSQL's processor time a bill", Ratio.of([one.postgres_us for one in found]), "µs"),
    )


def _copy_turn(arena: Arena, url: str, rows: Path, stored: int) -> Written:
    used = meter(arena, arena.postgres)
    before, began = used(), time.perf_counter()
    asyncio.run(_copy_in(url, rows))
    seconds = time.perf_counter() - began
    return Written(stored / seconds, 0.0, (used()[0] - before[0]) / stored * 1e6, 0.0)


def _tell(report: Report, workers: Sequence[Written], copies: Sequence[Written]) -> None:
    print(f"  {'subject':<34}{'bills/s':>11}{'worker µs':>11}{'postgres µs':>12}{'redis µs':>10}")
    for name, found in (("worker, from a full stream", workers), ("COPY of the same rows", copies)):
        middle = sorted(found, key=lambda one: one.rate)[len(found) // 2]
        print(
            f"  {name:<34}{middle.rate:>11.0f}{middle.worker_us:>11.0f}{middle.postgres_us:>12.0f}"
            f"{middle.redis_us:>10.0f}"
        )
        report.subjects.setdefault(PART, {})[name] = {
            "bills_per_second": middle.rate, "worker_us": middle.worker_us, "postgres_us": middle.postgres_us,
            "redis_us": middle.redis_us,
        }  # fmt: skip
    ratios = [a.rate / b.rate for a, b in zip(workers, copies, strict=True)]
    report.add(
        PART,
        Figure("stream to table, one worker", Ratio.of([one.rate for one in workers]), "/s", at_least(3000)),
        Figure("worker's own processor time", Ratio.of([one.worker_us for one in workers]), "µs"),
        Figure("stream to table : COPY into the same indexes", Ratio.of(ratios), "x", at_least(0.25)),
    )


def _profile(arena: Arena, url: str, payloads: Sequence[bytes], report: Report) -> None:
    fill_stream(arena, payloads)
    command = [sys.executable, "-m", "bench.writing.profiled_worker", url, arena.redis.url()]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
        env={**os.environ, "PYTHONPATH": PATHS},
    )
    told = json.loads(done.stdout.splitlines()[-1])
    report.notes["worker profile"] = told
    print("  where the worker's processor time goes (under a profiler, which makes calls look more expensive):")
    for name, share in told["packages"].items():
        print(f"    {share:6.1%}  {name}")


async def _copy_out(url: str, rows: Path) -> int:
    connection = await asyncpg.connect(url)
    try:
        told = await connection.copy_from_table("bill", output=rows, format="binary")
        return int(told.split()[1])
    finally:
        await connection.close()


async def _copy_in(url: str, rows: Path) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.copy_to_table("bill", source=rows, format="binary")
    finally:
        await connection.close()
