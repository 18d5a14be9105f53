"""What readers get while the database, Redis or a source is away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.store.reconciliation.removal import mark_removed
from integration.states import well
from integration.web.asking import eventually, health
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


async def test_a_long_poll_outlives_a_moment_without_connections(serve: Any, store: Any, make_bill: Any) -> None:
    async with serve(database_pool_size=1, database_acquire_timeout_seconds=0.2) as client:
        first = await eventually(lambda: client.get("/api/v1/changes?limit=1"), lambda reply: reply.status_code == 200)
        head = first.json()["page"]["head"]
        poll = asyncio.create_task(client.get(f"/api/v1/changes?after={head}&wait=20"))
        resources = client.app.state.resources
        await eventually(lambda: asyncio.sleep(0, resources.waiters.taken), bool)
        lenders = (resources.database._planned, resources.database._fixed)
        taken = [await lender._take() for lender in lenders]
        await asyncio.sleep(2.5)  # it looks each second, and is refused a connection each time
        waited_on = not poll.done()
        for lender, connection in zip(lenders, taken, strict=True):
            await lender._release(connection)
        await store([make_bill(901)])
        reply = await poll
    assert waited_on
    assert reply.status_code == 200
    assert [entry["bill_id"] for entry in reply.json()["data"]] == ["camara-901"]


async def test_a_kept_reply_is_used_for_as_long_as_nothing_changes(serve: Any, store: Any, make_bill: Any) -> None:
    async with serve(response_cache_entries=100) as client:
        board = client.app.state.resources.status_monitor
        await eventually(lambda: asyncio.sleep(0, board.snapshot.status), lambda status: status is not None)
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
    await redis.set(service_state_key("ingest-camara"), well(Source.CAMARA).model_dump_json(), ex=30)
    async with serve() as client:

        async def states() -> dict[str, str]:
            meta = (await client.get("/api/v1/bills?limit=1")).json()["meta"]
            return {one["source"]: one["state"] for one in meta["freshness"]}

        await eventually(states, lambda seen: seen == {"camara": "FRESH", "senado": "STALE"})
        meta = (await client.get("/api/v1/bills?limit=1")).json()["meta"]
        assert (await client.get("/api/v1/sources")).json()["data"][0]["lag_seconds"] >= 10
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
