"""A Redis that refuses what takes memory (`maxmemory` reached, `noeviction`): what is on the stream is still stored,
marked and acknowledged, which is what gives room again.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import StreamUnavailable
from legis.streams.names import BILLS_STREAM, DATA_VERSION_CHANNEL, DATA_VERSION_KEY, STORE_GROUP
from legis.streams.publisher import Publisher
from legis.streams.stored_marks import read_marks
from redis.exceptions import OutOfMemoryError


@asynccontextmanager
async def _full(redis: Any) -> AsyncIterator[None]:
    assert (await redis.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"
    await redis.config_set("maxmemory", 1)  # less than the empty server uses: no acknowledgement gives room
    try:
        with pytest.raises(OutOfMemoryError):
            await redis.set("anything", 1)
        yield
    finally:
        await redis.config_set("maxmemory", 0)


@pytest.fixture
def full(redis: Any) -> AbstractAsyncContextManager[None]:
    """`async with full:` inside, Redis refuses what takes memory."""
    return _full(redis)


async def publish(redis: Any, *events: Any) -> None:
    await Publisher(redis, capacity=100).publish([(event, None) for event in events])


async def test_what_is_stored_while_redis_is_full_is_acknowledged(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, full: Any
) -> None:
    listener = redis.pubsub()
    await listener.subscribe(DATA_VERSION_CHANNEL)
    await publish(redis, *(events.bill(n, str(n)) for n in range(1, 11)), events.end(10))
    await redis.xgroup_create(BILLS_STREAM, STORE_GROUP, id="0")
    async with full, worker(count=4, reclaim_idle=0.05, max_deliveries=1):  # begins while there is no room

        async def acknowledged() -> bool:
            return not await redis.xlen(BILLS_STREAM)

        await eventually(acknowledged)
    assert await pool.fetchval("SELECT count(*) FROM bill") == 10
    assert await pool.fetchval("SELECT count(*) FROM dead_letter") == 0
    assert await pool.fetchval("SELECT position FROM source_cursor") == 20
    assert (await redis.xpending(BILLS_STREAM, STORE_GROUP))["pending"] == 0
    epoch = str(await pool.fetchval("SELECT epoch FROM store_epoch"))
    marks = await read_marks(redis, Source.CAMARA, epoch, ["1", "10"], ReadingPart.DETAIL)
    assert marks.fingerprints == ["mark-1", "mark-10"]

    async def announced() -> bool:
        message = await listener.get_message(ignore_subscribe_messages=True, timeout=1)
        return message is not None and int(message["data"]) <= int(await redis.get(DATA_VERSION_KEY))

    await eventually(announced)
    await listener.aclose()


async def test_a_reading_that_changes_a_bill_while_redis_is_full_voids_older_marks(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, full: Any
) -> None:
    """A → B → A: the A of another part, marked before, must be published again."""
    bulk = {"part": ReadingPart.BULK, "marks": {ReadingPart.BULK: "a"}}
    epoch = str(await pool.fetchval("SELECT epoch FROM store_epoch"))

    async def fingerprints() -> list[str | None]:
        found = [await read_marks(redis, Source.CAMARA, epoch, ["1"], part) for part in ReadingPart]
        return [mark for one in found for mark in one.fingerprints if mark]

    async def acknowledged() -> bool:
        return not await redis.xlen(BILLS_STREAM)

    async with worker(max_deliveries=1):
        await publish(redis, events.bill(1, title="A").model_copy(update=bulk))
        await eventually(acknowledged)
        assert await fingerprints() == ["a"]
    await publish(redis, events.bill(2, title="B"))
    async with full, worker(max_deliveries=1):
        await eventually(acknowledged)
    assert await fingerprints() == ["mark-2"]


async def test_nothing_is_published_while_redis_is_full(redis: Any, events: Any, full: Any) -> None:
    async with full:
        with pytest.raises(StreamUnavailable, match="maxmemory"):
            await publish(redis, events.bill(1))
        assert await redis.keys() == []
    await publish(redis, events.bill(1))
    assert await redis.xlen(BILLS_STREAM) == 1
