"""The public API on a real socket over a real database and its index, and bills put there by the real writer."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
import uvicorn
from api_gateway.settings import WebSettings
from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.record_state.observed_votings import votings_of
from api_gateway.store.records.record_writer import RecordBatch, store_records
from api_gateway.web.app import create_app
from fastapi import FastAPI
from integration import bills
from integration.indexing import caught_up, indexing
from integration.store.records.record_readings import reading
from integration.store.records.record_readings import store as store_records_of
from legis.domain.bill import Bill
from legis.domain.records.any_record import AnyRecord
from legis.domain.vocabulary import ReadingPart
from legis.service.http_protocol import HttpProtocol
from redis.asyncio import Redis

Serve = Callable[..., AbstractAsyncContextManager[httpx2.AsyncClient]]
Store = Callable[..., Awaitable[None]]
Settle = Callable[[], Awaitable[None]]
MakeBill = Callable[..., Bill]
PutRecords = Callable[..., Awaitable[None]]
_readings = itertools.count(1_000_000)
_serving: list[FastAPI] = []
"""The apps that serve now."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves the test runner's signal handlers alone."""
        yield


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """The app on a free port; its address."""
    config = uvicorn.Config(
        app, port=0, http=HttpProtocol, log_config=None, lifespan="on", server_header=False, proxy_headers=False
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(60):
            while not server.started:
                assert not task.done(), "the server ended before it served"
                await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 60)


def settings_for(**given: Any) -> WebSettings:
    """Settings that no busy test machine runs into; nothing is cached unless a test asks for it."""
    patient = {
        "rate_limit_per_minute": 1,
        "rate_limit_burst": 1_000_000,
        "response_cache_entries": 0,
        "database_acquire_timeout_seconds": 10,
        "database_statement_timeout_seconds": 20,
        "request_timeout_seconds": 30,
    }
    return WebSettings(**{**patient, **given})


@asynccontextmanager
async def serving(settings: WebSettings) -> AsyncIterator[httpx2.AsyncClient]:
    """The API with these settings; the client's `app` attribute is the app."""
    app = create_app(settings)
    async with listening(app) as url, httpx2.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
        client.app = app  # type: ignore[attr-defined]
        _serving.append(app)
        try:
            yield client
        finally:
            _serving.remove(app)


@pytest.fixture(scope="module")
async def index_folder(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """The folder of the index of the module's database, which an indexer of its own keeps."""
    folder = tmp_path_factory.mktemp("index")
    async with indexing(module_database_url, folder):
        yield folder


@pytest.fixture(scope="module")
def settle(connection: Any, index_folder: Path) -> Settle:
    """`await settle()` returns when every API over the module's index has all that is in the database."""

    async def wait() -> None:
        for app in _serving:
            if app.state.resources.settings.index_folder == str(index_folder):
                await caught_up(app.state.resources.index, connection)

    return wait


@pytest.fixture(scope="module")
def serve(module_database_url: str, module_redis_url: str, index_folder: Path, settle: Settle) -> Serve:
    """`async with serve(setting=value) as client`: the API over the module's database and index."""
    there = {
        "database_url": module_database_url, "redis_url": module_redis_url, "index_folder": str(index_folder)
    }  # fmt: skip

    @asynccontextmanager
    async def serve(**changed: Any) -> AsyncIterator[httpx2.AsyncClient]:
        async with serving(settings_for(**{**there, **changed})) as client:
            await settle()
            yield client

    return serve


@pytest.fixture(scope="module")
async def api(serve: Serve) -> AsyncIterator[httpx2.AsyncClient]:
    """The API, shared by the module."""
    async with serve() as client:
        yield client


@pytest.fixture(scope="module")
async def write(module_database_url: str, module_redis_url: str) -> AsyncIterator[Store]:
    """`await write(bills)` stores observations in order and announces it, as the worker does."""
    pool = await asyncpg.create_pool(module_database_url, min_size=0, max_size=2)
    redis = Redis.from_url(module_redis_url)

    async def put(found: Sequence[Bill], part: ReadingPart = ReadingPart.DETAIL) -> None:
        items = [bills.observed(bill, part) for bill in found]
        await apply(pool, items, confirm_seconds=0)
        await store_records(pool, RecordBatch([voting for item in items for voting in votings_of(item)]))
        await redis.incr("legis:generation")
        await redis.publish("legis:generation", "1")

    yield put
    await redis.aclose()
    await pool.close()


@pytest.fixture(scope="module")
def store(write: Store, settle: Settle) -> Store:
    """The same, and then the lists have them."""

    async def put(found: Sequence[Bill], part: ReadingPart = ReadingPart.DETAIL) -> None:
        await write(found, part)
        await settle()

    return put


@pytest.fixture(scope="module")
async def put(module_database_url: str) -> AsyncIterator[PutRecords]:
    """`await put(record, …)` stores one reading of each legislator, organization or voting, in order."""
    pool = await asyncpg.create_pool(module_database_url, min_size=0, max_size=2)

    async def put_records(*records: AnyRecord) -> None:
        await store_records_of(pool, *(reading(record, next(_readings)) for record in records))

    yield put_records
    await pool.close()


@pytest.fixture(scope="module")
async def connection(module_database_url: str) -> AsyncIterator[Any]:
    """A connection of the test's own to the module's database."""
    opened = await asyncpg.connect(module_database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def observation() -> Callable[[Bill], ObservedItem]:
    """`observation(bill)`: one that is later than all before it."""
    return bills.observed


@pytest.fixture(scope="session")
def make_bill() -> MakeBill:
    """`make_bill(7, type_code="PEC", authors=[("Ana", "PT", "SP")])`: a whole bill with plain values."""
    return bills.make_bill
