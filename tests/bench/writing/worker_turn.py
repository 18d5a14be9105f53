"""One turn of one worker: what it takes off a full stream, and what that costs."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from legis.domain.vocabulary import Source
from legis.events import Walk, WindowEnded
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.postgres_server import PostgresServer
from stage import until
from worker_throughput import fill

from bench.system import cpu
from bench.system.arena import Arena
from bench.system.corpus import NOW

LIMIT_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Written:
    """One turn: bills a second, and microseconds of processor a bill in each process."""

    rate: float
    worker_us: float
    postgres_us: float
    redis_us: float


def fill_stream(arena: Arena, payloads: Sequence[bytes], window: str = "bench") -> None:
    """Puts everything on the stream before a worker starts, so that only the worker is measured."""
    count = len(payloads)
    end = WindowEnded(
        source=Source.CAMARA, published_at=NOW, window_id=window, walk=Walk.BACKFILL, lo=-9999, hi=1, items=count,
        max_read_seq=count,
    )  # fmt: skip
    asyncio.run(fill(arena.redis.url(), list(payloads), end))


def turn(arena: Arena, start: Callable[[], Child], postgres: PostgresServer) -> Written:
    """Starts a worker before a full stream, and waits until it is empty."""
    full = _length(arena)
    child = start()
    try:
        until(lambda: _length(arena) < full, 30, "the worker reads")
        used = meter(arena, postgres)
        began, first, before = time.perf_counter(), _length(arena), (*used(), cpu.seconds(child.pid or 0))
        until(lambda: _length(arena) == 0, LIMIT_SECONDS, "the stream is empty")
        seconds = time.perf_counter() - began
        after = (*used(), cpu.seconds(child.pid or 0))
    finally:
        if child in arena.children:
            arena.end(child)
        else:
            child.stop(10)
    in_postgres, redis, worker = ((b - a) / first * 1e6 for a, b in zip(before, after, strict=True))
    return Written(first / seconds, worker, in_postgres, redis)


def meter(arena: Arena, postgres: PostgresServer) -> Callable[[], tuple[float, float]]:
    """Processor seconds of PostgreSQL with its backends, and of Redis."""
    server, redis = postgres.child.pid or 0, arena.redis.child.pid or 0
    return lambda: (cpu.family_seconds(server), cpu.seconds(redis))


def _length(arena: Arena) -> int:
    return int(arena.redis.execute("XLEN", "legis.bills.v1").removeprefix(":"))
