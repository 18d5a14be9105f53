"""From publishing a bill to serving it, while readers read: new bills at a fixed rate into the whole corpus.

Worker, indexer and a web process of their own, on a copy of the index. What was added is taken out again after the
indexer has ended, so that corpus and index stay what their labels say.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence

from legis.events import encode
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from stage import status, until

from bench.pace import Pace
from bench.reading.engine import exact
from bench.reading.questions import Questions
from bench.report import Figure, Report, at_most
from bench.system import cpu
from bench.system.arena import SAMPLED, Arena
from bench.system.client import Tally
from bench.system.corpus_index import working_copy
from bench.system.put_back import put_back
from bench.turns import Ratio
from bench.writing.watching import TICK, Seen, new_bill, publish_and_watch

PART = "freshness"
READ_SHARE = 0.3


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """Reads alone, then the same reads with bills coming in."""
    last, url = arena.bills, arena.postgres.url("legis")  # each bill has one entry of the log
    with working_copy(arena.index) as folder:
        environment = {"OTEL_TRACES_SAMPLER_ARG": SAMPLED, "RESPONSE_CACHE_ENTRIES": "0", "INDEX_FOLDER": str(folder)}
        web, port = arena.web(**environment)
        writing = {"worker": _start_worker(arena), "indexer": arena.following(folder)}
        targets = [*questions.lists[:200], *questions.details[:200]]
        seconds, reading = pace.event_seconds, _readers(arena, port, targets, pace)
        try:
            quiet = reading(seconds)
            loads: list[Tally] = []
            # rendered beforehand: the publisher shares the machine with what is measured
            window = f"bench-{time.time_ns()}"
            payloads = [encode(new_bill(key, last, window)) for key in range(int(pace.event_rate * seconds))]
            reader = threading.Thread(target=lambda: loads.append(reading(seconds)))
            before = {name: cpu.seconds(child.pid or 0) for name, child in writing.items()}
            reader.start()
            seen = asyncio.run(publish_and_watch(arena.redis.url(), port, payloads, pace.event_rate, seconds))
            reader.join(seconds + 60)
            used = {name: cpu.seconds(child.pid or 0) - before[name] for name, child in writing.items()}
        finally:
            _end(arena, [*writing.values(), web])
            asyncio.run(put_back(url, last))
    _tell(report, seen, quiet, loads[0])
    report.add(
        PART,
        *(Figure(f"{name}'s processor time a bill", exact(value / len(payloads) * 1e6), "µs")
          for name, value in used.items()),
    )  # fmt: skip


def _readers(arena: Arena, port: int, targets: Sequence[str], pace: Pace) -> Callable[[float], Tally]:
    """Readers at a fixed rate, a third of what the API could answer: a machine at work, not one at its end."""
    capacity = arena.client.load(port, targets, min(2.0, pace.event_seconds), connections=4).rate
    rate = max(READ_SHARE * capacity, 1)

    def read(seconds: float) -> Tally:
        return arena.client.load(port, targets, seconds, connections=16, rate=rate)

    return read


def _tell(report: Report, seen: Seen, quiet: Tally, busy: Tally) -> None:
    for name, delays, bound in (
        ("its id", seen.delays(seen.asked), 250),
        ("the change stream", seen.delays(seen.streamed), 250),
        ("a list", seen.delays(seen.listed), 500),
    ):
        at = delays[min(len(delays) - 1, int(0.99 * len(delays)))] * 1000
        value = Ratio(at, delays[len(delays) // 2] * 1000, delays[-1] * 1000)
        note = f" (p50..worst) n={len(delays)}"
        report.add(PART, Figure(f"publish to served by {name}, p99", value, "ms", at_most(bound), note))
    first, last = min(seen.published.values()), max(seen.published.values())
    rate = len(seen.published) / max(last - first, TICK)
    ratio = busy.quantile(0.99) / max(quiet.quantile(0.99), 1e-9)
    before, during = quiet.quantile(0.99) * 1000, busy.quantile(0.99) * 1000
    told = f" {before:.1f} -> {during:.1f} ms, {quiet.rate:.0f} -> {busy.rate:.0f}/s, bad {quiet.bad} -> {busy.bad}"
    report.add(
        PART,
        Figure("bills published a second", exact(rate), "/s"),
        Figure("reads' p99 with bills coming in : quiet", exact(ratio), "x", at_most(2), told),
    )


def _start_worker(arena: Arena) -> Child:
    port = free_port()
    child = arena.child("worker", "api_gateway.worker", {"WORKER_PORT": str(port)})
    until(lambda: status(f"http://127.0.0.1:{port}/health/ready") == 200, 30, "worker ready")
    return child


def _end(arena: Arena, children: Sequence[Child]) -> None:
    for child in children:
        if child in arena.children:
            arena.end(child)
