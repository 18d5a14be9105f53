"""Whether a process holds more the more bills there are: all of them while a corpus comes in."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from legis.events import BillObserved, RecordObserved, encode
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM

from bench.pace import Pace
from bench.reading.engine import exact
from bench.reading.questions import LIST, Questions
from bench.report import Figure, Report, at_most
from bench.system import cpu, empty_databases
from bench.system.arena import Arena
from bench.system.corpus import observed

PART = "memory"
WARM_SHARE = 1 / 12
"""Where memory is first looked at: 100 000 of 1 200 000 bills."""

GROWING = ("web, page cache", "indexer, page cache", "indexer, own")
"""The page cache holds the index, which grows; the indexer's buffers fill up to `INDEX_WRITER_MEGABYTES`."""

_ON_THE_STREAM = 5000
_AT_ONCE = 250
_STEPS = 12
_LIMIT_SECONDS = 3600.0


def run(arena: Arena, _questions: Questions, report: Report, pace: Pace) -> None:
    """Sends as many bills as the corpus has through a worker, while a web process answers, and looks at memory."""
    bills = pace.memory_bills or arena.bills
    with empty_databases.template(arena), empty_databases.database(arena) as url:
        worker = arena.child("worker", "api_gateway.worker", {"DATABASE_URL": url, "WORKER_PORT": "0"})
        folder = arena.folder / "index"
        indexer = arena.following(folder, DATABASE_URL=url)
        web, port = arena.web(DATABASE_URL=url, INDEX_FOLDER=str(folder))
        pids = {"worker": worker.pid or 0, "redis": arena.redis.child.pid or 0}
        mapping = {"web": web.pid or 0, "indexer": indexer.pid or 0}

        def look() -> dict[str, float]:
            arena.client.load(port, [f"{LIST}?limit=100", f"{LIST}?q=saude"], 0.2, connections=4)
            found = {name: cpu.resident_mib(pid) for name, pid in pids.items()}
            postgres = arena.postgres.child.pid or 0
            for name, pid in mapping.items():
                told = cpu.memory(pid)
                found |= {f"{name}, own": told.own_mib, f"{name}, page cache": told.mapped_mib}
            found |= {"postgres, unshared": cpu.family_private_mib(postgres)}
            return {**found, "postgres, largest connection": _largest_connection(postgres)}

        try:
            seen = asyncio.run(feed(arena.redis.url(), bills, look, lambda number: observed(number, bills)))
        finally:
            for child in (worker, web, indexer):
                arena.end(child)
    report.notes["memory MiB"] = [{"bills": at, **found} for at, found in seen]
    first, last = seen[0], seen[-1]
    for name, mib in last[1].items():
        ratio = mib / max(first[1][name], 1e-9)
        target = None if name in GROWING else at_most(1.1)
        note = f" {first[1][name]:.0f} -> {mib:.0f} MiB, {first[0]} -> {last[0]} bills"
        report.add(
            PART,
            Figure(f"memory of {name}, at the end : at a twelfth", exact(ratio), "x", target, note),
        )


def _tell(bills: int, found: dict[str, float]) -> None:
    """One look, as it is made: a whole run takes an hour."""
    print(f"  {bills:9}  " + ", ".join(f"{name} {mib:.0f} MiB" for name, mib in found.items()), flush=True)


def _largest_connection(postgres: int) -> float:
    """The most memory that a server process of one connection holds unshared, in MiB.

    Beside the sum of all, which also rises with every connection that is opened and while vacuum runs.
    """
    serving = [pid for pid in cpu.children(postgres) if _serves_a_client(pid)]
    return max(map(cpu.family_private_mib, serving), default=0.0)


def _serves_a_client(pid: int) -> bool:
    try:
        title = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return False
    return b"127.0.0.1(" in title or b"[local]" in title


async def feed(
    url: str, bills: int, look: Callable[[], dict[str, float]], event: Callable[[int], BillObserved | RecordObserved]
) -> list[tuple[int, dict[str, float]]]:
    """Keeps the stream short and never empty; looks at memory when a twelfth is stored, and at every twelfth on.
    `event` makes the event of a number from 1 on.
    """
    redis = connect(url, client_name="bench")
    seen: list[tuple[int, dict[str, float]]] = []
    step = max(int(bills * WARM_SHARE), 1)
    due, deadline = step, time.monotonic() + _LIMIT_SECONDS
    try:
        sent = 0
        while True:
            if time.monotonic() > deadline:
                raise SystemExit(f"memory: {sent} of {bills} bills were sent within {_LIMIT_SECONDS:g} s")
            waiting = await redis.xlen(BILLS_STREAM)
            if sent - waiting >= min(due, bills) and len(seen) < _STEPS:
                seen.append((sent - waiting, await asyncio.to_thread(look)))
                _tell(*seen[-1])
                due += step
            if sent == bills and not waiting:
                return seen
            if waiting > _ON_THE_STREAM or sent == bills:
                await asyncio.sleep(0.05)
                continue
            async with redis.pipeline(transaction=False) as pipeline:
                for number in range(sent + 1, min(sent + _AT_ONCE, bills) + 1):
                    one = event(number)
                    pipeline.xadd(BILLS_STREAM, {"kind": one.kind, "payload": encode(one)})
                await pipeline.execute()
            sent = min(sent + _AT_ONCE, bills)
    finally:
        await redis.aclose()
