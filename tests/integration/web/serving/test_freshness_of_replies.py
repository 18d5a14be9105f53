"""A kept reply is never more than a second behind the store, however the news of a commit travels."""

import asyncio
import time
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.store.bills.bill_writer import apply
from redis.asyncio import Redis

ADDRESSES = ["/api/v1/bills/camara-1", "/api/v1/bills?limit=5", "/api/v1/changes?limit=100"]
LIMIT_SECONDS = 1.0


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in range(1, 6)])


async def old_replies(client: httpx2.AsyncClient, address: str, news: str, committed: float) -> list[float]:
    """Asks until the news is there; how long after the commit each request was sent that did not show it."""
    old = []
    while (sent := time.monotonic()) < committed + 10:
        if news in (await client.get(address)).text:
            return old
        old.append(sent - committed)
        await asyncio.sleep(0.02)
    raise AssertionError(f"{address} never showed {news}")


@pytest.mark.parametrize("told", ["announced", "counted", "redis away"])
async def test_no_reply_is_more_than_a_second_behind(
    serve: Any, make_bill: Any, module_database_url: str, module_redis_url: str, observation: Any, told: str
) -> None:
    there = {"redis_url": "redis://127.0.0.1:9/0"} if told == "redis away" else {}
    async with (
        serve(response_cache_entries=100, **there) as client,
        Redis.from_url(module_redis_url) as redis,
        asyncpg.create_pool(module_database_url, min_size=0, max_size=1) as pool,
    ):
        for turn in range(3):
            await asyncio.gather(*(client.get(address) for address in ADDRESSES))
            news = f"Altera a lei pela vez {turn} ({told})"
            await apply(pool, [observation(make_bill(1, title=news))], confirm_seconds=0)
            committed = time.monotonic()
            if told == "announced":
                await redis.publish("legis:generation", await redis.incr("legis:generation"))
            elif told == "counted":
                await redis.incr("legis:generation")
            found = await asyncio.gather(*(old_replies(client, one, news, committed) for one in ADDRESSES))
            latest = max((sent for one in found for sent in one), default=0.0)
            assert latest < LIMIT_SECONDS
    assert len(client.app.state.resources.cache) >= len(ADDRESSES), "they came from what is kept"
