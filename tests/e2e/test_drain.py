# ruff: noqa: ASYNC110 (other processes set no events of ours)
"""SIGTERM to real processes: who asks is still answered, who waits is let go, what was taken is stored."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.bills.bill_writer import apply
from integration.indexing import indexing, reading
from integration.indexing import until as until_seen
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved, Walk, WindowRef
from legis.streams.checkpoints import SourceCursors, publish_cursors
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.streams.publisher import Publisher
from redis.asyncio import Redis

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DRAIN = 5.0
"""Seconds. Long enough that a busy machine answers some requests in it."""
BUSY = 10
"""Seconds that a busy machine may take for what a quiet one does at once."""


def observed(number: int) -> BillObserved:
    facts = {"type": "PL", "type_code": "PL", "number": number, "year": 2026, "identifier": f"PL {number}/2026"}
    return BillObserved(
        source=Source.CAMARA,
        published_at=NOW,
        window=WindowRef(window_id="drain", walk=Walk.INCREMENTAL, index=number),
        read_seq=number,
        bill=Bill(source=Source.CAMARA, upstream_id=str(number), **facts),
        provenance=Provenance(url="https://example.test", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.DETAIL,
    )


async def until(condition: Any, within: float = 60) -> None:
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.05)


async def status(client: httpx2.AsyncClient, path: str) -> int | None:
    """The status of a reply over a new connection; None when nobody takes one."""
    try:
        return (await client.get(path, headers={"Connection": "close"})).status_code
    except httpx2.TransportError:
        return None


@asynccontextmanager
async def process(
    module: str, port: int, ready: str | None, **environment: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx2.AsyncClient]]:
    """A process of ours, ready, and a client of it; killed at the end when it still runs."""
    settings = {**os.environ, "LOG_LEVEL": "ERROR", **environment}
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", module, env=settings)
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:

            async def is_ready() -> bool:
                return ready is None or await status(client, ready) == 200

            await until(is_ready)
            yield running, client
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url, client_name="test")
    yield client
    await client.aclose()


@pytest.fixture
async def lock(database_url: str) -> AsyncIterator[Any]:
    """A connection that may keep others from the table of bills."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def held_up(lock: Any) -> None:
    """Waits until somebody waits for the table that `lock` holds."""

    async def waited_for() -> bool:
        return bool(await lock.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))

    await until(waited_for)


@pytest.fixture
async def index_folder(database_url: str, tmp_path: Path) -> AsyncIterator[Path]:
    """An index of the database, that somebody keeps."""
    async with indexing(database_url, tmp_path):
        yield tmp_path


def web(database_url: str, redis_url: str, index_folder: Path, port: int, drain: float = DRAIN) -> Any:
    patient = {"DATABASE_STATEMENT_TIMEOUT_SECONDS": "20", "REQUEST_TIMEOUT_SECONDS": "20"}
    there = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "INDEX_FOLDER": str(index_folder)}
    own = {"PORT": str(port), "DRAIN_SECONDS": str(drain)}
    return process("api_gateway.web", port, "/api/health/ready", **patient, **there, **own)


async def _lines(client: httpx2.AsyncClient, got: list[str]) -> float:
    async with client.stream("GET", "/api/v1/changes/stream?after=0") as reply:
        async for line in reply.aiter_lines():
            got.append(line)
    return time.monotonic()


async def test_web_serves_while_it_drains_and_finishes_what_it_took(
    database_url: str, redis_url: str, index_folder: Path, lock: Any, unused_tcp_port: int
) -> None:
    async with web(database_url, redis_url, index_folder, unused_tcp_port) as (running, client):
        told: list[str] = []
        stream = asyncio.create_task(_lines(client, told))
        waiting = asyncio.create_task(client.get("/api/v1/changes?after=0&wait=30"))
        await lock.execute("BEGIN; LOCK TABLE bill IN ACCESS EXCLUSIVE MODE")
        slow = asyncio.create_task(client.get("/api/v1/bills/camara-404"))
        await held_up(lock)

        async def streams() -> bool:
            return bool(told)

        await until(streams)
        assert [task.done() for task in (slow, waiting, stream)] == [False, False, False]

        running.send_signal(signal.SIGTERM)
        began = time.monotonic()
        await asyncio.sleep(0.2)
        unready = await client.get("/api/health/ready")
        fresh = await client.get("/api/v1/changes?after=0")
        assert (unready.status_code, fresh.status_code) == (503, 200), "not ready, and yet it serves"
        assert unready.headers["connection"] == fresh.headers["connection"] == "close"
        assert (await asyncio.wait_for(waiting, BUSY)).status_code == 200
        assert await asyncio.wait_for(stream, BUSY) - began < DRAIN
        assert told[-2] == ": this server is going away, connect again"
        assert 2000 <= int(told[0].removeprefix("retry: ")) <= 4000

        async def closed() -> bool:
            return await status(client, "/api/health/live") is None

        await until(closed, DRAIN + BUSY)
        assert time.monotonic() - began >= DRAIN
        assert not slow.done()
        await lock.execute("ROLLBACK")
        assert (await asyncio.wait_for(slow, BUSY)).status_code == 404, "answered: there is no such bill"
        assert await asyncio.wait_for(running.wait(), BUSY) == 0


async def test_a_second_signal_ends_web_at_once(
    database_url: str, redis_url: str, index_folder: Path, lock: Any, unused_tcp_port: int
) -> None:
    async with web(database_url, redis_url, index_folder, unused_tcp_port, drain=30) as (running, client):
        await lock.execute("BEGIN; LOCK TABLE bill IN ACCESS EXCLUSIVE MODE")
        slow = asyncio.create_task(client.get("/api/v1/bills/camara-404"))
        await held_up(lock)
        running.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)  # nothing is to happen in this time
        assert running.returncode is None
        running.send_signal(signal.SIGTERM)
        await asyncio.wait_for(running.wait(), BUSY)
        slow.cancel()
        await asyncio.wait([slow])


async def test_a_worker_stopped_in_the_middle_of_a_batch_loses_nothing(
    database_url: str, redis_url: str, redis: Redis, lock: Any, unused_tcp_port_factory: Any
) -> None:
    there = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "WORKER_BATCH_SIZE": "50"}

    async def worker_with(port: int) -> Any:
        return process("api_gateway.worker", port, "/health/ready", WORKER_PORT=str(port), **there)

    async with await worker_with(unused_tcp_port_factory()) as (running, _client):

        async def reads() -> bool:
            return bool(await redis.exists(BILLS_STREAM)) and len(await redis.xinfo_groups(BILLS_STREAM)) == 1

        await until(reads)
        await lock.execute("BEGIN; LOCK TABLE bill IN ACCESS EXCLUSIVE MODE")
        await Publisher(redis, capacity=1000).publish([(observed(n), None) for n in range(1, 401)])

        async def taken() -> bool:
            pending: Any = await redis.xpending(BILLS_STREAM, STORE_GROUP)
            return int(pending["pending"]) > 0

        await until(taken)
        await asyncio.sleep(random.uniform(0.1, 0.5))
        running.send_signal(signal.SIGTERM)
        await asyncio.sleep(1)
        assert running.returncode is None, "it waits for what it has in hand"
        await lock.execute("ROLLBACK")
        assert await asyncio.wait_for(running.wait(), 2 * BUSY) == 0
    stored = await lock.fetchval("SELECT count(*) FROM bill")
    assert 0 < stored < 400
    assert stored + await redis.xlen(BILLS_STREAM) == 400
    assert await redis.xinfo_consumers(BILLS_STREAM, STORE_GROUP) == [], "nothing hangs on it, so it left the group"
    async with await worker_with(unused_tcp_port_factory()):

        async def all_stored() -> bool:
            return bool(await lock.fetchval("SELECT count(*) FROM bill") == 400)

        await until(all_stored)
    assert await lock.fetchval("SELECT count(*) FROM dead_letter") == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_an_indexer_that_ends_whenever_loses_nothing(
    database_url: str, tmp_path: Path, lock: Any, unused_tcp_port_factory: Any, how: signal.Signals
) -> None:
    async def indexer() -> Any:
        port = unused_tcp_port_factory()
        there = {"DATABASE_URL": database_url, "INDEX_FOLDER": str(tmp_path), "INDEXER_PORT": str(port)}
        return process("api_gateway.indexer", port, "/health/ready", **there)

    async with reading(tmp_path) as index, asyncpg.create_pool(database_url, min_size=0, max_size=1) as pool:
        async with await indexer() as (running, _client):
            for number in range(1, 40):
                await apply(pool, [ObservedItem(observed(number))], confirm_seconds=0)
                if number == 30:
                    running.send_signal(how)
            code = await asyncio.wait_for(running.wait(), BUSY)
            assert code == (0 if how is signal.SIGTERM else -signal.SIGKILL)
        async with await indexer():
            head = await lock.fetchval("SELECT last_seq FROM change_counter")
            await until_seen(
                lambda: index.state is not None and index.state.position.seq == head, "the head of the log"
            )
            assert index.state is not None
            assert index.state.searcher.num_docs == 39 + 1, "each bill once, and the position"
            assert len(list(tmp_path.glob("schema-*/build-*.sums.json"))) == 1


async def test_ingest_does_not_wait_for_a_chamber_that_does_not_answer(
    redis_url: str, redis: Redis, unused_tcp_port: int
) -> None:
    asked = asyncio.Event()
    held: list[asyncio.StreamWriter] = []

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        asked.set()

    chamber = await asyncio.start_server(hang, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{chamber.sockets[0].getsockname()[1]}"
    await publish_cursors(redis, {Source.SENADO: SourceCursors("epoch", 0, {})})
    environment = {"REDIS_URL": redis_url, "SENADO_BASE_URL": address, "SENADO_PORT": str(unused_tcp_port)}
    async with process("ingest_senado", unused_tcp_port, "/health/live", **environment) as (running, _client):
        await asyncio.wait_for(asked.wait(), 60)
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), BUSY) == 0, "long before the 120 s that a list may take"
    for writer in held:
        writer.close()
    chamber.close()
