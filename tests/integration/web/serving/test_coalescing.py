"""Equal requests at one time cost the store one statement; none of them gets an older answer than it would alone.

A detail is asked for, since lists ask the index, which nothing can hold up.
"""

import asyncio
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

ADDRESS = "/api/v1/bills/camara-3"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'legis-web%' AND wait_event_type = 'Lock'"


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in range(1, 6)])


async def until_waiting(connection: Any, count: int) -> None:
    async with asyncio.timeout(60):
        while await connection.fetchval(WAITING) != count:
            await connection.execute("SELECT pg_stat_clear_snapshot()")
            await asyncio.sleep(0.02)


async def until_steady(client: httpx2.AsyncClient) -> None:
    """Waits until the index is open and somebody tells of changes: either is a change, after which replies that were
    begun before are made again.
    """
    resources = client.app.state.resources  # type: ignore[attr-defined]
    async with asyncio.timeout(60):
        while resources.index.state is None or resources.data_version.current is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def replies(client: httpx2.AsyncClient) -> dict[str, float]:
    text = (await client.get("/metrics")).text
    rows = [line.split() for line in text.splitlines() if line.startswith("legis_replies_total{")]
    return {name.split('"')[1]: float(value) for name, value in rows}


async def test_equal_requests_share_one_statement(serve: Any, connection: Any) -> None:
    async with serve(response_cache_entries=10, admission_slots=8) as client:
        await until_steady(client)
        before = await replies(client)
        async with connection.transaction():
            await connection.execute("LOCK TABLE bill IN ACCESS EXCLUSIVE MODE")
            asked = [asyncio.create_task(client.get(ADDRESS)) for _ in range(8)]
            await until_waiting(connection, 1)
            await asyncio.sleep(1)  # so that the other seven have come, on a busy machine too
            assert await connection.fetchval(WAITING) == 1, "the other seven wait for the first, not for the store"
        got = await asyncio.gather(*asked)
        after = await replies(client)
    assert {reply.status_code for reply in got} == {200}
    assert len({reply.content for reply in got}) == 1
    assert len({reply.headers["x-request-id"] for reply in got}) == 8
    assert after["made"] - before["made"] == 1
    assert after["shared"] - before["shared"] == 7


async def test_a_reply_begun_before_a_commit_is_not_shared_with_who_came_after_it(
    serve: Any, connection: Any, module_redis_url: str
) -> None:
    async with serve(response_cache_entries=10, admission_slots=8) as client:
        generation = client.app.state.resources.data_version
        await until_steady(client)
        before = await replies(client)
        async with connection.transaction():
            await connection.execute("LOCK TABLE bill IN ACCESS EXCLUSIVE MODE")
            early = asyncio.create_task(client.get(ADDRESS))
            await until_waiting(connection, 1)
            seen = generation.current
            async with Redis.from_url(module_redis_url) as redis, asyncio.timeout(60):
                await redis.publish("legis:generation", await redis.incr("legis:generation"))
                while generation.current in (seen, None):  # noqa: ASYNC110 — nothing else tells of it
                    await asyncio.sleep(0.02)
            late = asyncio.create_task(client.get(ADDRESS))
            await asyncio.sleep(0.2)
        assert {reply.status_code for reply in await asyncio.gather(early, late)} == {200}
        after = await replies(client)
    assert after["made"] - before["made"] == 2
    assert after["shared"] == before["shared"]


async def test_whoever_waits_for_a_client_that_left_asks_for_itself(serve: Any, connection: Any) -> None:
    async with serve(response_cache_entries=10, admission_slots=8) as client:
        await until_steady(client)
        async with connection.transaction():
            await connection.execute("LOCK TABLE bill IN ACCESS EXCLUSIVE MODE")
            reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
            writer.write(f"GET {ADDRESS} HTTP/1.1\r\nHost: legis\r\n\r\n".encode())
            await until_waiting(connection, 1)
            others = [asyncio.create_task(client.get(ADDRESS)) for _ in range(4)]
            await asyncio.sleep(0.2)
            writer.transport.abort()
            await asyncio.sleep(0.3)
            await until_waiting(connection, 1)  # one of the four has taken over
        assert [reply.status_code for reply in await asyncio.gather(*others)] == [200] * 4
        assert not await reader.read()
