"""What readers get while the database, Redis or a source is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.store.bill_writer import apply
from api_gateway.store.removal import mark_removed
from integration.indexing import indexing, until
from legis.domain.vocabulary import Source
from legis.events import BreakerSnapshot, ServiceState
from legis.streams.names import service_state_key
from redis.asyncio import Redis

Client = httpx2.AsyncClient


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in range(1, 21)])


@pytest.fixture(scope="module")
async def redis(module_redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(module_redis_url)
    yield client
    await client.aclose()


async def eventually(ask: Any, wanted: Any, within: float = 15) -> None:
    last = None
    try:
        async with asyncio.timeout(within):
            while True:
                last = await ask()
                if wanted(last):
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within {within} s; last seen: {last!r}") from None


async def health(client: Client) -> tuple[int, str]:
    reply = await client.get("/api/health")
    return reply.status_code, reply.json()["status"]


async def test_without_a_database_and_with_nothing_kept_it_is_unavailable(serve: Any) -> None:
    nowhere = "postgresql://postgres@127.0.0.1:9/nothing"
    async with serve(database_url=nowhere) as client:
        await eventually(lambda: health(client), lambda seen: seen == (503, "unavailable"), 5)
        for path in ("/api/v1/bills/camara-1", "/api/v1/changes", "/api/v1/resolve?q=PL+1/2024"):
            reply = await client.get(path)
            assert reply.status_code == 503
            assert reply.headers["content-type"] == "application/problem+json"
            assert int(reply.headers["retry-after"]) >= 1
            assert reply.headers["access-control-allow-origin"] == "*"
        listed = await client.get("/api/v1/bills")
        assert len(listed.json()["data"]) == 20, "lists need no database"
        assert {one["state"] for one in listed.json()["meta"]["freshness"]} == {"UNKNOWN"}
        assert (await client.get("/api/health/live")).status_code == 200
        assert (await client.get("/api/health/ready")).status_code == 503
        assert (await client.get("/api/v1/sources")).status_code == 200
        metrics = await client.get("/api/metrics")
        assert metrics.json()["circuit_breakers"]["camara"]["state"] == "unknown"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where that database and its index are."""

    url: str
    index_folder: str
    _admin: str
    _name: str

    async def goes_away(self) -> None:
        admin = await asyncpg.connect(self._admin)
        await admin.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", self._name)
        await admin.close()

    async def comes_back(self) -> None:
        admin = await asyncpg.connect(self._admin)
        await admin.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")
        await admin.close()


@pytest.fixture
async def leaving(
    postgres_server: Any, migrated_template: str, make_bill: Any, observation: Any, tmp_path: Path
) -> AsyncIterator[Leaving]:
    """A database of its own that can be made to go away and come back, with a source that is fresh, and its index."""
    name = "web_goes_away"
    postgres_server.create_database(name, template=migrated_template)
    url = postgres_server.url(name)
    async with asyncpg.create_pool(url, min_size=0, max_size=1) as pool:
        await apply(pool, [observation(make_bill(number)) for number in (1, 2, 3)], confirm_seconds=0)
        await pool.execute("INSERT INTO source_cursor VALUES ('camara', 'INCREMENTAL', 5, 9, now())")
    async with indexing(url, tmp_path):
        yield Leaving(url, str(tmp_path), postgres_server.url("postgres"), name)
    postgres_server.drop_database(name)


@asynccontextmanager
async def over(serve: Any, leaving: Leaving) -> AsyncIterator[Client]:
    there = {"database_url": leaving.url, "index_folder": leaving.index_folder, "response_cache_entries": 10}
    async with serve(**there, database_acquire_timeout_seconds=2) as client:
        await until(lambda: client.app.state.resources.index.state, "the index is open")
        yield client


async def test_kept_replies_serve_while_the_database_is_away(serve: Any, leaving: Leaving) -> None:
    async with over(serve, leaving) as client:
        good = await client.get("/api/v1/bills/camara-1")
        assert good.status_code == 200
        await eventually(lambda: health(client), lambda seen: seen[0] == 200)
        await leaving.goes_away()
        await asyncio.sleep(1.1)  # until the copy may no longer pass for current

        async def ask() -> httpx2.Response:
            reply: httpx2.Response = await client.get("/api/v1/bills/camara-1")
            return reply

        await eventually(ask, lambda reply: "x-data-age" in reply.headers)
        stale = await ask()
        assert stale.status_code == 200
        assert stale.json()["data"] == good.json()["data"]
        assert int(stale.headers["x-data-age"]) >= 1
        assert stale.headers["warning"].startswith("110 ")
        assert (await client.get("/api/v1/bills/camara-2")).status_code == 503
        await eventually(lambda: client.get("/api/health/ready"), lambda reply: reply.status_code == 503)
        assert await health(client) == (503, "unavailable")
        assert (await client.get("/api/health")).json()["cached_replies"] == 1
        await leaving.comes_back()
        await eventually(ask, lambda reply: "x-data-age" not in reply.headers, 5)


async def test_lists_go_on_while_the_database_is_away_and_never_pass_for_fresh(serve: Any, leaving: Leaving) -> None:
    async with over(serve, leaving) as client:

        async def told() -> tuple[int, str, str]:
            reply = await client.get("/api/v1/bills?type=PL&count=exact&facets=type")
            assert reply.status_code == 200, reply.text
            assert reply.json()["page"]["count"]["value"] == 3
            meta = reply.json()["meta"]
            return len(reply.json()["data"]), meta["freshness"][0]["state"], meta.get("notice", "")

        await eventually(told, lambda seen: seen == (3, "FRESH", ""))
        before = datetime.now(UTC)
        await leaving.goes_away()
        await eventually(told, lambda seen: seen[1] == "STALE")
        for _ in range(20):  # and so it stays
            bills, state, notice = await told()
            assert (bills, state) == (3, "STALE")
            since = datetime.fromisoformat(notice.split("since ")[1].split()[0].rstrip(".,:"))
            assert before - timedelta(seconds=1) <= since <= datetime.now(UTC)
            await asyncio.sleep(0.1)
        for path in ("/api/v1/bills/suggest?q=mat", "/api/v1/bills/camara-1/similar", "/api/v1/stats"):
            assert (await client.get(path)).status_code == 200, path
        assert (await client.get("/api/v1/bills?min_seq=3")).status_code == 200
        assert (await client.get("/api/v1/sources")).json()["data"][0]["state"] == "STALE"
        assert await health(client) == (503, "unavailable")
        await leaving.comes_back()
        await eventually(told, lambda seen: seen == (3, "FRESH", ""))


async def test_a_request_ends_at_its_deadline(serve: Any) -> None:
    async with serve(request_timeout_seconds=0.0001) as client:
        reply = await client.get("/api/v1/bills")
        assert reply.status_code == 503
        assert reply.json()["title"] == "Took too long"
        assert reply.headers["retry-after"] == "1"
        assert reply.headers["access-control-allow-origin"] == "*"


async def test_a_slow_statement_is_stopped_and_said(serve: Any, connection: Any) -> None:
    async with serve(database_statement_timeout_seconds=0.5) as client, connection.transaction():
        await connection.execute("LOCK TABLE bill_change IN ACCESS EXCLUSIVE MODE")
        reply = await client.get("/api/v1/changes")
        assert reply.status_code == 503
        assert "too long" in reply.json()["detail"]


async def test_when_all_connections_are_taken_requests_are_shed_at_once(serve: Any) -> None:
    async with serve(database_pool_size=1, database_acquire_timeout_seconds=0.3) as client:
        await eventually(lambda: client.get("/api/v1/bills/camara-1"), lambda reply: reply.status_code == 200)
        database = client.app.state.resources.database
        lenders = (database._planned, database._fixed)
        taken = [await lender._take() for lender in lenders]
        replies = await asyncio.gather(*(client.get(f"/api/v1/bills/camara-{n}") for n in range(1, 21)))
        listed = await client.get("/api/v1/bills")
        for lender, connection in zip(lenders, taken, strict=True):
            await lender._release(connection)
        assert {reply.status_code for reply in replies} == {503}
        assert all(int(reply.headers["retry-after"]) >= 1 for reply in replies)
        assert listed.status_code == 200, "lists take no connection"
        await eventually(lambda: client.get("/api/v1/bills/camara-1"), lambda reply: reply.status_code == 200)


async def test_a_kept_reply_is_used_for_as_long_as_nothing_changes(serve: Any, store: Any, make_bill: Any) -> None:
    async with serve(response_cache_entries=100) as client:
        board = client.app.state.resources.board
        await eventually(lambda: asyncio.sleep(0, board.picture.status), lambda status: status is not None)
        await store([make_bill(900)])
        kept, key = client.app.state.resources.cache, ("/api/v1/bills", b"ids=camara-900")

        async def fresh() -> bool:
            await client.get("/api/v1/bills?ids=camara-900")
            return kept.usable(key) is not None

        for _ in range(3):  # a machine that stands still for a second may rightly distrust a copy
            await eventually(fresh, bool)
            reply = kept.usable(key)
            await asyncio.sleep(1.5)  # longer than a copy lives while nobody tells whether the store has changed
            if reply is not None and kept.usable(key) is reply:
                return
        raise AssertionError("an unchanged store must let the same copy be used")


async def test_freshness_is_told_and_staleness_too(serve: Any, connection: Any, redis: Redis) -> None:
    now = datetime.now(UTC)
    sql = (
        "INSERT INTO source_cursor VALUES ($1, 'INCREMENTAL', 5, 9, $2)"
        " ON CONFLICT (source, walk) DO UPDATE SET updated_at = excluded.updated_at"
    )
    await connection.execute(sql, "camara", now - timedelta(seconds=10))
    await connection.execute(sql, "senado", now - timedelta(hours=5))
    async with serve() as client:

        async def states() -> dict[str, str]:
            meta = (await client.get("/api/v1/bills?limit=1")).json()["meta"]
            return {one["source"]: one["state"] for one in meta["freshness"]}

        await eventually(states, lambda seen: seen == {"camara": "FRESH", "senado": "STALE"})
        meta = (await client.get("/api/v1/bills?limit=1")).json()["meta"]
        assert meta["freshness"][0]["lag_seconds"] >= 10
        assert meta["freshness"][0]["last_success_at"].endswith("Z")
        assert "senado" in meta["notice"]
        etag = (await client.get("/api/v1/bills?limit=1")).headers["etag"]
        await redis.set(service_state_key("ingest-camara"), _state(now).model_dump_json(), ex=30)
        await eventually(states, lambda seen: seen["camara"] == "STALE")
        changed = await client.get("/api/v1/bills?limit=1", headers={"If-None-Match": etag})
        assert changed.status_code == 200
        assert await health(client) == (200, "degraded")
        metrics = (await client.get("/api/metrics")).json()
        breaker = metrics["circuit_breakers"]["camara"]
        assert breaker["state"] == "open"
        assert breaker["failures"] == 7
        assert breaker["reset_timeout"] == 60
        assert breaker["opened_at"].endswith("Z")
        assert {"rate_per_second", "error_rate", "p95_seconds"} == set(metrics["requests"])
        assert metrics["queue"] == {"backlog": 0, "pending": 0}
        (camara, senado) = (await client.get("/api/v1/sources")).json()["data"]
        assert camara["breaker"]["state"] == "open"
        assert camara["records_read"] == 11
        assert senado["checkpoints"][0]["walk"] == "INCREMENTAL"
        assert senado["dead_letters_open"] == 0


def _state(now: datetime) -> ServiceState:
    breaker = BreakerSnapshot(state="open", failures=7, opened_at=now, reset_timeout=60, retry_after=30)
    return ServiceState(
        service="ingest-camara",
        source=Source.CAMARA,
        updated_at=now,
        breaker=breaker,
        retry_budget=1.0,
        records_read=11,
    )


async def test_stats_count_everything(serve: Any) -> None:
    async with serve() as client:
        stats = (await client.get("/api/v1/stats")).json()["data"]
        total = stats["total"]
        assert total >= 20
        for name in ("type", "status", "year", "chamber", "month"):
            assert sum(pair["count"] for pair in stats[name]) == total, name
        assert stats["month"][0]["value"] == "2024-02"


async def test_removed_bills_are_shown_only_by_name(serve: Any, module_database_url: str) -> None:
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=1) as pool:
        await mark_removed(pool, ["camara-20"])
    async with serve() as client:
        listed = [bill["id"] for bill in (await client.get("/api/v1/bills?limit=100")).json()["data"]]
        assert "camara-20" not in listed
        named = (await client.get("/api/v1/bills?ids=camara-20")).json()["data"]
        assert [bill["id"] for bill in named] == ["camara-20"]
        assert (await client.get("/api/v1/bills/camara-20")).status_code == 200


async def test_prometheus_counts_by_route(serve: Any) -> None:
    async with serve() as client:
        await client.get("/api/v1/bills/camara-1")
        text = (await client.get("/metrics")).text
        assert 'handler="/api/v1/bills/{bill_id}"' in text
        assert "legis_pool_wait_seconds" in text
