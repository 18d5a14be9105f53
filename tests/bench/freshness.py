"""From publishing a bill to serving it, while readers read: new bills at a fixed rate into the whole corpus.

What was added is taken out again, so that the corpus stays what its label says.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp
import asyncpg
from legis.events import BillObserved, encode
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM
from legis_launcher.ports import free_port
from stage import status, until

from bench.arena import Arena
from bench.client import Tally
from bench.corpus import observed
from bench.pace import Pace
from bench.questions import Questions
from bench.report import Figure, Report, at_most
from bench.turns import Ratio

PART = "freshness"
FIRST_KEY = 900_000_000
TICK = 0.02
READ_SHARE = 0.3
PROBED = 100
PROBE_SECONDS = 0.02
"""One bill in so many is asked for by its id until it is there."""

_LIMIT_SECONDS = 5.0
_ID = re.compile(rb'"bill_id":"[a-z]+-(\d+)"')


@dataclass(slots=True)
class Seen:
    """When each bill was published and when readers first had it; seconds of one monotonic clock."""

    published: dict[int, float] = field(default_factory=dict)
    streamed: dict[int, float] = field(default_factory=dict)
    asked: dict[int, float] = field(default_factory=dict)

    def delays(self, found: dict[int, float]) -> list[float]:
        """Seconds from publishing to `found`, sorted; what never came counts as the longest wait."""
        wanted = self.published if found is self.streamed else {k: v for k, v in self.published.items() if _probed(k)}
        return sorted(found[key] - at if key in found else _LIMIT_SECONDS for key, at in wanted.items())


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """Reads alone, then the same reads with bills coming in."""
    last = arena.bills  # each has one entry of the log; whatever is behind them a run that was cut short has left
    asyncio.run(_take_out(arena.postgres.url("legis"), last))
    _, port = arena.uncached()
    _start_worker(arena)
    targets = [*questions.lists[:200], *questions.details[:200]]
    seconds, reading = pace.event_seconds, _readers(arena, port, targets, pace)
    try:
        quiet = reading(seconds)
        loads: list[Tally] = []
        # rendered beforehand: the publisher shares the machine with what is measured
        window = f"bench-{time.time_ns()}"
        payloads = [encode(_event(key, arena.bills, window)) for key in range(int(pace.event_rate * seconds))]
        reader = threading.Thread(target=lambda: loads.append(reading(seconds)))
        reader.start()
        seen = asyncio.run(_publish_and_watch(arena, port, pace, payloads))
        reader.join(seconds + 60)
    finally:
        arena.end_others()
        asyncio.run(_take_out(arena.postgres.url("legis"), last))
    _tell(report, seen, quiet, loads[0])


def _readers(arena: Arena, port: int, targets: Sequence[str], pace: Pace) -> Callable[[float], Tally]:
    """Readers at a fixed rate, a third of what the API could answer: a machine at work, not one at its end."""
    capacity = arena.client.load(port, targets, min(2.0, pace.event_seconds), connections=4).rate
    rate = max(READ_SHARE * capacity, 1)

    def read(seconds: float) -> Tally:
        return arena.client.load(port, targets, seconds, connections=16, rate=rate)

    return read


def _tell(report: Report, seen: Seen, quiet: Tally, busy: Tally) -> None:
    for name, delays in (("its id", seen.delays(seen.asked)), ("the change stream", seen.delays(seen.streamed))):
        at = delays[min(len(delays) - 1, int(0.99 * len(delays)))] * 1000
        value = Ratio(at, delays[len(delays) // 2] * 1000, delays[-1] * 1000)
        note = f" n={len(delays)}"
        report.add(PART, Figure(f"publish to served by {name}, p99 (p50..worst)", value, "ms", at_most(250), note))
    first, last = min(seen.published.values()), max(seen.published.values())
    rate = len(seen.published) / max(last - first, TICK)
    ratio = busy.quantile(0.99) / max(quiet.quantile(0.99), 1e-9)
    before, during = quiet.quantile(0.99) * 1000, busy.quantile(0.99) * 1000
    told = f" {before:.1f} -> {during:.1f} ms, {quiet.rate:.0f} -> {busy.rate:.0f}/s, bad {quiet.bad} -> {busy.bad}"
    report.add(
        PART,
        Figure("bills published a second", Ratio(rate, rate, rate), "/s"),
        Figure("reads' p99 with bills coming in : quiet", Ratio(ratio, ratio, ratio), "x", at_most(2), told),
    )


def _start_worker(arena: Arena) -> None:
    port = free_port()
    arena.child("worker", "api_gateway.worker", {"WORKER_PORT": str(port)})
    until(lambda: status(f"http://127.0.0.1:{port}/health/ready") == 200, 30, "worker ready")


async def _publish_and_watch(arena: Arena, port: int, pace: Pace, payloads: Sequence[bytes]) -> Seen:
    seen, done, count = Seen(), asyncio.Event(), len(payloads)
    async with (
        asyncio.timeout(pace.event_seconds + 60),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        asyncio.TaskGroup() as group,
    ):
        streaming = group.create_task(_stream(session, seen, count))
        await asyncio.sleep(0.2)
        group.create_task(_publish(arena.redis.url(), payloads, pace.event_rate, seen, done))
        group.create_task(_probe(session, seen, done))
        await done.wait()
        deadline = time.perf_counter() + _LIMIT_SECONDS
        while len(seen.streamed) < count and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        streaming.cancel()
    return seen


def _event(number: int, total: int, window: str) -> BillObserved:
    key = FIRST_KEY + number
    event = observed(number % total + 1, total, upstream_id=str(key), window=window)
    return event.model_copy(update={"read_seq": 2**40 + number})


async def _publish(url: str, payloads: Sequence[bytes], rate: int, seen: Seen, done: asyncio.Event) -> None:
    redis = connect(url, client_name="bench")
    at_once, began = max(1, round(rate * TICK)), time.perf_counter()
    try:
        for tick, start in enumerate(range(0, len(payloads), at_once)):
            if (early := began + tick * at_once / rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            async with redis.pipeline(transaction=False) as pipeline:
                now = time.perf_counter()
                for number in range(start, min(start + at_once, len(payloads))):
                    pipeline.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": payloads[number]})
                    seen.published[FIRST_KEY + number] = now
                await pipeline.execute()
    finally:
        done.set()
        await redis.aclose()


async def _stream(session: aiohttp.ClientSession, seen: Seen, count: int) -> None:
    timeout = aiohttp.ClientTimeout(total=None)
    async with session.get("/api/v1/changes/stream", timeout=timeout) as reply:
        rest = b""
        async for piece in reply.content.iter_any():
            now, text = time.perf_counter(), rest + piece
            whole, _, rest = text.rpartition(b"\n")
            for key in _ID.findall(whole):
                seen.streamed.setdefault(int(key), now)
            if len(seen.streamed) >= count:
                return


async def _probe(session: aiohttp.ClientSession, seen: Seen, done: asyncio.Event) -> None:
    """Asks for the two oldest bills that are due, every `PROBE_SECONDS`: more would be load, not looking."""
    waiting: set[int] = set()
    deadline = float("inf")
    while not done.is_set() or waiting:
        if done.is_set():
            deadline = min(deadline, time.perf_counter() + _LIMIT_SECONDS)
        if time.perf_counter() > deadline:
            return
        waiting = {key for key in seen.published if _probed(key)} - seen.asked.keys()
        await asyncio.gather(*(_ask(session, seen, key) for key in sorted(waiting)[:2]))
        await asyncio.sleep(PROBE_SECONDS)


async def _ask(session: aiohttp.ClientSession, seen: Seen, key: int) -> None:
    source = "senado" if (key - FIRST_KEY + 1) % 5 == 0 else "camara"  # as the corpus has it
    async with session.get(f"/api/v1/bills/{source}-{key}") as reply:
        if reply.status == 200:
            await reply.read()
            seen.asked[key] = time.perf_counter()


def _probed(key: int) -> bool:
    return (key - FIRST_KEY) % PROBED == 0


async def _take_out(url: str, last: int) -> None:
    """Removes what came after a position of the change log."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        async with connection.transaction():
            added = await connection.fetch("DELETE FROM bill_change WHERE seq > $1 RETURNING bill_id", last)
            ids = [row["bill_id"] for row in added]
            for table, column in (("bill", "id"), ("bill_history", "bill_id"), ("bill_counterpart", "bill_id"),
                                  ("bill_counterpart", "counterpart_id")):  # fmt: skip
                await connection.execute(f"DELETE FROM {table} WHERE {column} = ANY($1::text[])", ids)
            await connection.execute("UPDATE change_counter SET last_seq = $1", last)
            await connection.execute("DELETE FROM ingest_window_item WHERE window_id LIKE 'bench-%'")
            await connection.execute("DELETE FROM ingest_window WHERE window_id LIKE 'bench-%'")
        await connection.execute("VACUUM (ANALYZE) bill, bill_change, bill_history, bill_counterpart")
    finally:
        await connection.close()
