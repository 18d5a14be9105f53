"""Clients on an empty Redis, builders of events, and a worker that is taken apart and put together by tests."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.worker import housekeeping
from api_gateway.worker.batch_handler import Handler, Waits
from api_gateway.worker.consume_loop import WorkerLoop
from api_gateway.worker.republish import CursorRepublisher
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved, RecordRejected, Walk, WindowEnded, WindowRef
from legis.streams.connection import connect
from legis.streams.consumer import StreamConsumer, consumer_name
from redis.asyncio import Redis

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Events:
    """Makes events of one window; items are numbered as they are made."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def bill(
        self, seq: int, upstream_id: str = "1", *, window: str = "w1", index: int | None = None, **claims: Any
    ) -> BillObserved:
        facts = {"type": "PL", "type_code": "PL", "number": 1, "year": 2024, "identifier": "PL 1/2024"} | claims
        return BillObserved(
            source=Source.CAMARA,
            published_at=NOW,
            window=self._ref(window, index),
            read_seq=seq,
            bill=Bill(source=Source.CAMARA, upstream_id=upstream_id, **facts),
            provenance=Provenance(
                url="https://example.test", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"
            ),
            part=ReadingPart.DETAIL,
            marks={ReadingPart.DETAIL: f"mark-{seq}"},
        )

    def rejected(self, *, window: str = "w1", index: int | None = None) -> RecordRejected:
        return RecordRejected(
            source=Source.CAMARA, published_at=NOW, window=self._ref(window, index), upstream_id="7", url=None,
            error="no title", raw="{}",
        )  # fmt: skip

    def end(
        self,
        items: int,
        *,
        window: str = "w1",
        lo: int = 10,
        hi: int = 20,
        walk: Walk = Walk.INCREMENTAL,
        seq: int = 99,
    ) -> WindowEnded:
        return WindowEnded(
            source=Source.CAMARA,
            published_at=NOW,
            window_id=window,
            walk=walk,
            lo=lo,
            hi=hi,
            items=items,
            max_read_seq=seq,
        )

    def _ref(self, window: str, index: int | None) -> WindowRef:
        if index is None:
            index = self._index.get(window, 0)
            self._index[window] = index + 1
        return WindowRef(window_id=window, walk=Walk.INCREMENTAL, index=index)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest_asyncio.fixture(loop_scope="session")
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url, client_name="test")
    yield client
    await client.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def pool(database_url: str) -> AsyncIterator[Any]:
    opened = await open_pool(StoreSettings(database_url=database_url), name="test", statement_timeout=10)
    yield opened
    await opened.close()


@dataclass
class RunningWorker:
    """The worker's parts, running until `stop`."""

    consumer: StreamConsumer
    handler: Handler
    stop: asyncio.Event


StartWorker = Callable[..., AbstractAsyncContextManager[RunningWorker]]


@pytest.fixture
def worker(pool: Any, redis: Redis) -> StartWorker:
    """`async with worker():` runs one, with short waits."""

    @asynccontextmanager
    async def start(
        *, count: int = 50, reclaim_idle: float = 0.3, max_deliveries: int = 5
    ) -> AsyncIterator[RunningWorker]:
        cursors = CursorRepublisher(pool, redis)
        consumer = StreamConsumer(
            redis, name=consumer_name("test"), count=count, block_milliseconds=50, reclaim_idle=reclaim_idle
        )
        handler = Handler(pool, redis, consumer, cursors, max_deliveries=max_deliveries, waits=Waits(60, 600))
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(WorkerLoop(consumer, handler).run(stop))
            tasks.create_task(housekeeping.repeat_every(0.1, cursors.publish, stop))
            try:
                yield RunningWorker(consumer, handler, stop)
            finally:
                stop.set()

    return start


@pytest.fixture
def eventually() -> Callable[[Callable[[], Awaitable[Any]]], Awaitable[None]]:
    """`await eventually(check)`: until an async check is true; fails after a minute."""

    async def wait(check: Callable[[], Awaitable[Any]]) -> None:
        for _ in itertools.repeat(None, 1200):
            if await check():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("did not happen within a minute")

    return wait
