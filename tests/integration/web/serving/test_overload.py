"""More requests than places: the rest is refused at once, kept replies still come, and who leaves stops costing."""

import asyncio
import time
from typing import Any

import pytest
from integration.waiting import until


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in range(1, 21)])


async def comes(client: Any, address: str) -> bool:
    """Whether a kept reply is sent while there is no place. Its age is not known while announcements are late."""
    while client.app.state.resources.admission.full:
        if (await client.get(address)).status_code == 200:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_what_has_no_place_is_refused_at_once_and_what_is_kept_is_served(serve: Any, connection: Any) -> None:
    few = {"admission_slots": 1, "admission_queue": 1, "admission_wait_seconds": 5, "response_cache_entries": 10}
    async with serve(**few) as client:
        await until(lambda: client.app.state.resources.data_version.current is not None)
        kept = await client.get("/api/v1/bills?limit=2")
        assert kept.status_code == 200
        async with connection.transaction():
            await connection.execute("LOCK TABLE bill_change IN ACCESS EXCLUSIVE MODE")
            held = [asyncio.create_task(client.get(f"/api/v1/changes?limit={n}")) for n in (1, 2)]
            await until(lambda: client.app.state.resources.admission.full)
            began = time.perf_counter()
            shed = [await client.get(f"/api/v1/bills?limit={n}") for n in range(3, 13)]
            assert time.perf_counter() - began < few["admission_wait_seconds"], "not one of them waited for a place"
            assert {reply.status_code for reply in shed} == {503}
            for reply in shed:
                assert 1 <= int(reply.headers["retry-after"]) <= 3
                assert reply.headers["content-type"] == "application/problem+json"
                assert reply.headers["access-control-allow-origin"] == "*"
                assert reply.headers["x-request-id"]
            assert await comes(client, "/api/v1/bills?limit=2")
            assert (await client.get("/api/health/live")).status_code == 200
            figures = (await client.get("/metrics")).text
            assert 'http_requests_total{handler="/api/v1/bills",method="GET",status="503"}' in figures, (
                "a refusal is an error too"
            )
        assert {reply.status_code for reply in await asyncio.gather(*held)} == {200}
        assert not client.app.state.resources.admission.full
        assert client.app.state.resources.admission.waiting == 0


async def test_a_refusal_costs_no_call_of_redis_and_none_of_the_limit(serve: Any, connection: Any) -> None:
    """It is told in the language that is preferred, under the trace id that its header has."""
    few = {"admission_slots": 1, "admission_queue": 1, "admission_wait_seconds": 5, "rate_limit_burst": 10}
    async with serve(**few) as client:
        resources = client.app.state.resources
        async with connection.transaction():
            await connection.execute("LOCK TABLE bill_change IN ACCESS EXCLUSIVE MODE")
            held = [asyncio.create_task(client.get(f"/api/v1/changes?limit={n}")) for n in (1, 2)]
            await until(lambda: resources.admission.full)
            counted = await resources.gate.client.info("commandstats")
            shed = [await client.get("/api/v1/bills?limit=3", headers={"Accept-Language": "pt"}) for _ in range(20)]
            asked = await resources.gate.client.info("commandstats")
            head = await client.head("/api/v1/bills?limit=3")
            english = await client.get("/api/v1/bills?limit=3")
        await asyncio.gather(*held)
    assert {reply.status_code for reply in shed} == {503}
    assert asked["cmdstat_evalsha"]["calls"] == counted["cmdstat_evalsha"]["calls"]
    for reply in shed:
        assert (reply.json()["title"], reply.headers["content-language"]) == ("Sobrecarregado", "pt-BR")
        assert reply.json()["trace_id"] == reply.headers["traceparent"].split("-")[1]
        assert "ratelimit" not in reply.headers
    assert len({reply.json()["trace_id"] for reply in shed}) == len(shed)
    assert (head.status_code, head.content) == (503, b"")
    assert head.headers["content-length"] == str(len(english.content))
    assert english.json()["title"] == "Too busy"


async def test_a_client_that_leaves_frees_its_place_and_its_statement(serve: Any, connection: Any) -> None:
    async with serve(admission_slots=1, admission_queue=1) as client, connection.transaction():
        await connection.execute("LOCK TABLE bill_history IN ACCESS EXCLUSIVE MODE")
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET /api/v1/bills/camara-1/actions HTTP/1.1\r\nHost: legis\r\n\r\n")
        await writer.drain()
        ours = "application_name = 'legis-web' AND wait_event_type = 'Lock'"
        waiting = f"SELECT count(*) FROM pg_stat_activity WHERE {ours}"
        async with asyncio.timeout(10):
            while not await connection.fetchval(waiting):
                await connection.execute("SELECT pg_stat_clear_snapshot()")
                await asyncio.sleep(0.02)
        writer.transport.abort()
        async with asyncio.timeout(3):
            while await connection.fetchval(waiting):
                await connection.execute("SELECT pg_stat_clear_snapshot()")
                await asyncio.sleep(0.02)
        assert (await client.get("/api/v1/bills?limit=4")).status_code == 200
        assert not await reader.read()


async def test_a_page_of_changes_takes_a_place_though_its_reader_is_ready_to_wait(serve: Any, connection: Any) -> None:
    """It holds none while it waits. Last here: it uses up the limit that the test of refusals needs."""
    few = {"admission_slots": 1, "admission_queue": 1, "admission_wait_seconds": 5}
    async with serve(**few) as client:
        admission, waiters = client.app.state.resources.admission, client.app.state.resources.waiters
        async with connection.transaction():
            await connection.execute("LOCK TABLE bill_change IN ACCESS EXCLUSIVE MODE")
            held = [asyncio.create_task(client.get(f"/api/v1/changes?wait=0&limit={n}")) for n in (1, 2)]
            await until(lambda: admission.full)
            assert (await client.get("/api/v1/changes?wait=0&limit=3")).status_code == 503
        assert {reply.status_code for reply in await asyncio.gather(*held)} == {200}
        head = (await client.get("/api/v1/changes")).json()["page"]["head"]
        waiting = asyncio.create_task(client.get(f"/api/v1/changes?wait=3&after={head}"))
        await until(lambda: waiters.taken == 1)
        assert [(await client.get(f"/api/v1/bills?limit={n}")).status_code for n in range(1, 6)] == [200] * 5
        assert (await waiting).json()["data"] == []
