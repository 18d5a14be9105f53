"""`/sources` says how each source stands and why, and `/sources/{id}/history` how it stood."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.web.responses.reply_schemas import Metrics
from api_gateway.web.responses.source_schemas import SourceDaysList
from integration.states import well
from integration.web.asking import eventually
from legis.domain.vocabulary import Source
from legis.events import BackfillLeft
from legis.streams.names import service_state_key
from redis.asyncio import Redis


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(1)])


@pytest.fixture(scope="module")
async def redis(module_redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(module_redis_url)
    yield client
    await client.aclose()


@pytest.fixture
async def read_lately(connection: Any) -> None:
    await connection.execute("DELETE FROM source_cursor")
    for source in Source:
        await connection.execute("INSERT INTO source_cursor VALUES ($1, 'INCREMENTAL', 5, 9, now())", source.value)


async def said(redis: Redis, **more: Any) -> None:
    for source in Source:
        state = well(source).model_copy(update=more)
        await redis.set(service_state_key(f"ingest-{source.value}"), state.model_dump_json(), ex=60)


async def camara(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/v1/sources")).json()["data"][0]
    return found


async def test_what_is_missing_is_told_everywhere(serve: Any, connection: Any, redis: Redis, read_lately: None) -> None:
    await said(redis)
    async with serve() as client:
        await eventually(lambda: camara(client), lambda seen: seen["state"] == "FRESH")
        etag = (await client.get("/api/v1/bills?limit=1")).headers["etag"]
        await connection.execute("INSERT INTO year_not_read VALUES ('camara', 1998, '404', 1, 1, now(), now())")
        await said(redis, backfill=BackfillLeft(years=3, seconds=600))
        found = await eventually(lambda: camara(client), lambda seen: len(seen["reasons"]) == 2)
        assert found["state"] == "PARTIAL"
        assert found["reasons"] == ["BACKFILL_RUNNING", "YEARS_NOT_READ"]
        assert found["details"][1] == {"code": "YEARS_NOT_READ", "detail": "1998"}
        assert found["years_not_read"] == [1998]
        assert found["backfill"] == {"years": 3, "seconds": 600}
        listed = await client.get("/api/v1/bills?limit=1", headers={"If-None-Match": etag})
        assert listed.status_code == 200, "what readers hold may not be complete"
        meta = listed.json()["meta"]
        assert [one["state"] for one in meta["freshness"]] == ["PARTIAL", "PARTIAL"]
        assert meta["freshness"][0]["reasons"] == ["BACKFILL_RUNNING", "YEARS_NOT_READ"]
        assert "not complete" in meta["notice"]
        health = await client.get("/api/health")
        assert (health.status_code, health.json()["status"]) == (200, "ok"), "the service itself is well"
        await connection.execute("DELETE FROM year_not_read")


async def test_each_kind_of_records_is_told(serve: Any, connection: Any, redis: Redis, read_lately: None) -> None:
    await said(redis)
    await connection.execute("INSERT INTO source_cursor VALUES ('camara', 'AGENDA', 5, 9, now() - interval '3 hours')")
    await connection.execute("INSERT INTO source_cursor VALUES ('camara', 'PEOPLE', 5, 9, now() - interval '3 hours')")
    async with serve() as client:
        found = await eventually(lambda: camara(client), lambda seen: len(seen["records"]) == 3)
        event, *people = found["records"]
        assert (event["kind"], event["walk"], event["is_behind"]) == ("EVENT", "AGENDA", True)
        due = datetime.fromisoformat(event["complete_at"]) + timedelta(hours=2)
        assert datetime.fromisoformat(event["behind_since"]) == due
        assert [(one["kind"], one["is_behind"], one["behind_since"]) for one in people] == [
            ("LEGISLATOR", False, None),
            ("ORGANIZATION", False, None),
        ]
        assert found["reasons"] == ["RECORDS_BEHIND"]
        assert found["details"][0]["detail"].startswith("EVENT (AGENDA): ")


async def test_a_block_says_until_when(serve: Any, redis: Redis, read_lately: None) -> None:
    until = datetime.now(UTC) + timedelta(minutes=10)
    await said(redis, blocked_until=until, blocked_reason="https://upstream/1 answered 403")
    async with serve() as client:
        found = await eventually(lambda: camara(client), lambda seen: seen["state"] == "BLOCKED")
        assert datetime.fromisoformat(found["blocked_until"]) == until
        assert "answered 403" in found["details"][0]["detail"]
        metrics = (await client.get("/api/metrics")).json()
        assert metrics["sources"]["camara"]["state"] == "BLOCKED"
        await eventually(lambda: client.get("/api/health"), lambda reply: reply.json()["status"] == "degraded")
    await said(redis)


async def test_the_history_pages_from_the_newest_on(serve: Any, connection: Any) -> None:
    await connection.execute("DELETE FROM source_state_change")
    for number in range(25):
        states = ("FRESH", "BLOCKED") if number % 2 else ("BLOCKED", "FRESH")
        await connection.execute(
            "INSERT INTO source_state_change (source, from_state, to_state, reason, at) VALUES ($1, $2, $3, $4, $5)",
            "camara" if number else "senado", *states, f"change {number}", datetime.now(UTC),
        )  # fmt: skip
    async with serve() as client:
        path, seen = "/api/v1/sources/camara/history?limit=10", []
        while path:
            reply = await client.get(path)
            assert reply.status_code == 200, reply.text
            seen += reply.json()["data"]
            path = reply.json()["page"]["next"]
        assert [one["reason"] for one in seen] == [f"change {number}" for number in range(24, 0, -1)]
        assert set(seen[0]) == {"from", "to", "reason", "at"}
        assert (seen[0]["from"], seen[0]["to"]) == ("BLOCKED", "FRESH")
        assert len((await client.get("/api/v1/sources/senado/history")).json()["data"]) == 1


async def test_a_page_stays_where_it_was_while_changes_are_added(serve: Any, connection: Any) -> None:
    async with serve() as client:
        first = (await client.get("/api/v1/sources/camara/history?limit=5")).json()
        await connection.execute(
            "INSERT INTO source_state_change (source, to_state, reason, at) VALUES ('camara', 'STALE', 'new', now())"
        )
        second = (await client.get(first["page"]["next"])).json()
        told = [one["reason"] for one in (*first["data"], *second["data"])]
        assert told == [f"change {number}" for number in range(24, 14, -1)]


@pytest.mark.parametrize("path", ["/api/v1/sources/alesp/history", "/api/v1/sources/x%00/history"])
async def test_a_source_that_is_none_is_not_found(serve: Any, path: str) -> None:
    async with serve() as client:
        assert (await client.get(path)).status_code == 404
        wrong = await client.get("/api/v1/sources/camara/history?cursor=abc")
        assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (400, "cursor")


async def test_days_are_the_history_summed_up(serve: Any, connection: Any) -> None:
    await connection.execute("DELETE FROM source_state_change")
    for state, hours in (("FRESH", 72), ("BLOCKED", 60), ("FRESH", 50)):
        await connection.execute(
            "INSERT INTO source_state_change (source, to_state, reason, at) VALUES ($1, $2, '', $3)",
            "camara", state, datetime.now(UTC) - timedelta(hours=hours),
        )  # fmt: skip
    async with serve() as client:
        reply = await client.get("/api/v1/sources/days")
        camara_days, senado_days = SourceDaysList.model_validate(reply.json()).data
        assert [len(one.days) for one in (camara_days, senado_days)] == [90, 90]
        assert sum(day.seconds for day in camara_days.days) == pytest.approx(72 * 3600, abs=60)
        assert sum(day.seconds_current for day in camara_days.days) == pytest.approx(62 * 3600, abs=60)
        assert "BLOCKED" in [day.state for day in camara_days.days]
        assert {day.state for day in senado_days.days} == {None}, "what is not recorded is not called good"


async def test_an_etag_of_days_moves_only_with_its_content(serve: Any, connection: Any) -> None:
    await connection.execute("DELETE FROM source_state_change")
    await connection.execute(
        "INSERT INTO source_state_change (source, to_state, reason, at) VALUES ('camara', 'FRESH', '', $1)",
        datetime.now(UTC) - timedelta(hours=30),
    )
    async with serve() as client:
        seen: dict[str, str] = {}
        for _ in range(100):
            reply = await client.get("/api/v1/sources/days")
            content = reply.json()
            for one in content["meta"]["freshness"]:
                del one["last_success_at"]  # when a source was last read is no content
            seen.setdefault(reply.headers["etag"], str(content))
            await asyncio.sleep(0.05)
        assert len(set(seen.values())) == len(seen), "an ETag moved, and its content did not"
        assert len(seen) <= 4, "a minute may begin in these five seconds, and a state change"


async def test_the_index_is_compared_with_the_log(serve: Any) -> None:
    async with serve() as client:
        reply = await eventually(
            lambda: client.get("/api/metrics"), lambda reply: reply.json()["index"]["head"] and is_served(reply.json())
        )
        found = Metrics.model_validate(reply.json())
        assert found.index["behind"] == max(0, (found.index["head"] or 0) - (found.index["seq"] or 0))


def is_served(metrics: dict[str, Any]) -> bool:
    return metrics["health"] in ("ok", "degraded") and metrics["index"]["seq"] is not None
