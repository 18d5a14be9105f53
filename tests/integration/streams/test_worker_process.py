"""The worker as operators run it: a process with health, metrics and a clean end."""

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from legis.domain.vocabulary import Source
from legis.streams.checkpoints import read_cursors
from legis.streams.names import BILLS_STREAM, STORE_GROUP, marks_key
from legis.streams.publisher import Publisher


@asynccontextmanager
async def process(port: int, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api_gateway.worker",
        env={**os.environ, "WORKER_PORT": str(port), **environment}, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def get(port: int, path: str) -> str | None:
    def fetch() -> str | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as reply:
                return str(reply.read().decode())
        except OSError:
            return None

    return await asyncio.to_thread(fetch)


async def test_it_stores_reports_and_ends(
    redis: Any, redis_url: str, database_url: str, pool: Any, events: Any, eventually: Any, unused_tcp_port: int,
    tmp_path: Path,
) -> None:  # fmt: skip
    spans = tmp_path / "spans.jsonl"
    await redis.hset(marks_key(Source.SENADO, "of the database before"), "1|DETAIL", "1 mark")
    trace = "12" * 16
    async with process(
        unused_tcp_port, REDIS_URL=redis_url, DATABASE_URL=database_url, LEGIS_TRACE_FILE=str(spans)
    ) as running:
        messages = [(events.bill(n, str(n)), f"00-{trace}-{'ab' * 8}-01") for n in range(1, 6)]
        await Publisher(redis, capacity=100).publish([*messages, (events.end(5), None)])

        async def moved() -> bool:
            cursors = await read_cursors(redis, Source.CAMARA)
            return cursors is not None and bool(cursors.positions)

        await eventually(moved)

        async def forgotten() -> bool:
            return not await redis.exists(marks_key(Source.SENADO, "of the database before"))

        await eventually(forgotten)

        async def healthy() -> bool:
            body = await get(unused_tcp_port, "/health")
            return body is not None and json.loads(body)["status"] == "ok"

        await eventually(healthy)
        metrics = await get(unused_tcp_port, "/metrics")
        assert metrics is not None
        assert 'legis_worker_events_total{outcome="inserted",source="camara"} 5.0' in metrics
        assert 'legis_changes_total{kind="CREATED",source="camara"} 5.0' in metrics
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), 60) == 0
    assert await pool.fetchval("SELECT count(*) FROM bill") == 5
    assert await redis.xinfo_consumers(BILLS_STREAM, STORE_GROUP) == []
    written = [json.loads(line) for line in spans.read_text().splitlines()]
    assert sum(span["name"] == "store bill" and trace in json.dumps(span) for span in written) == 5
    processed = [span for span in written if span["name"] == "process bills"]
    assert processed
    assert not [span for span in written if span["name"] not in ("store bill", "process bills")], "polls leave no spans"


async def test_it_starts_with_everything_away(unused_tcp_port: int, closed_port: int, eventually: Any) -> None:
    nowhere = f"127.0.0.1:{closed_port}"
    away = {"REDIS_URL": f"redis://{nowhere}/0", "DATABASE_URL": f"postgresql://postgres@{nowhere}/x"}
    async with process(unused_tcp_port, **away) as running:

        async def degraded() -> bool:
            body = await get(unused_tcp_port, "/health")
            return body is not None and json.loads(body)["status"] == "degraded"

        await eventually(degraded)
        assert running.returncode is None
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), 60) == 0
