"""Consuming against a real server: nothing is lost whoever dies, and a killer message harms only itself."""

import asyncio
from typing import Any

from legis.streams.consumer import Delivery, StreamConsumer, consumer_name
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.streams.publisher import Publisher
from legis.telemetry.metrics import GROUP_RECREATED


def make(redis: Any, **options: Any) -> StreamConsumer:
    given: dict[str, Any] = {"name": consumer_name("test"), "count": 10, "block_milliseconds": 20, "reclaim_idle": 0.15}
    return StreamConsumer(redis, **(given | options))


async def publish(redis: Any, events: Any, count: int) -> list[str]:
    return await Publisher(redis, capacity=1000).publish([(events.bill(n), None) for n in range(count)])


async def collect(consumer: StreamConsumer, wanted: int, *, finish: bool = True) -> list[Delivery]:
    """Reads until `wanted` different entries came, finishing each batch or dying with the last one in hand."""
    stop, got = asyncio.Event(), []
    async with asyncio.timeout(60):
        async for batch in consumer.batches(stop):
            got += batch
            if finish:
                await consumer.done([delivery.id for delivery in batch])
            if len({delivery.id for delivery in got}) >= wanted:
                break
    return got


async def pending(redis: Any) -> int:
    return int((await redis.xpending(BILLS_STREAM, STORE_GROUP))["pending"])


async def test_entries_before_the_group_are_read_and_finished_ones_are_gone(redis: Any, events: Any) -> None:
    ids = await publish(redis, events, 25)
    got = await collect(make(redis), 25)
    assert [delivery.id for delivery in got] == ids
    assert {delivery.deliveries for delivery in got} == {1}
    assert await redis.xlen(BILLS_STREAM) == 0
    assert await pending(redis) == 0


async def test_a_dead_consumers_entries_are_taken_over(redis: Any, events: Any) -> None:
    ids = await publish(redis, events, 10)
    await collect(make(redis), 10, finish=False)
    got = await collect(make(redis), 10)
    assert sorted(delivery.id for delivery in got) == sorted(ids)
    assert {delivery.deliveries for delivery in got} == {2}


async def test_entries_in_work_are_left_alone_while_kept(redis: Any, events: Any) -> None:
    await publish(redis, events, 3)
    slow, other = make(redis, reclaim_idle=1.0), make(redis, reclaim_idle=1.0)
    held = await collect(slow, 3, finish=False)
    stop, taken = asyncio.Event(), []

    async def steal() -> None:
        async for batch in other.batches(stop):
            taken.extend(batch)

    thief = asyncio.create_task(steal())
    for _ in range(50):  # 2.5 s in all; a busy machine may keep late, but not by most of a second
        await slow.keep(held)
        await asyncio.sleep(0.05)
    assert taken == []
    stop.set()
    await thief
    await slow.done([delivery.id for delivery in held])
    assert await pending(redis) == 0


async def test_giving_back_undoes_the_count(redis: Any, events: Any) -> None:
    await publish(redis, events, 2)
    for _ in range(6):
        consumer = make(redis, reclaim_idle=0.05)
        held = await collect(consumer, 2, finish=False)
        assert {delivery.deliveries for delivery in held} == {1}
        await consumer.give_back(held)
        await asyncio.sleep(0.06)


async def test_only_the_killers_own_count_rises(redis: Any, events: Any) -> None:
    ids = await publish(redis, events, 8)
    killer = ids[3]
    finished: set[str] = set()
    for _ in range(40):
        consumer = make(redis, reclaim_idle=0.05)
        stop = asyncio.Event()
        async with asyncio.timeout(60):
            async for batch in consumer.batches(stop):
                if any(delivery.id == killer for delivery in batch):
                    worst = max(delivery.deliveries for delivery in batch)
                    break  # dies with the whole batch in hand
                assert max(delivery.deliveries for delivery in batch) <= 3
                await consumer.done([delivery.id for delivery in batch])
                finished |= {delivery.id for delivery in batch}
        if worst > 5:
            break
        await asyncio.sleep(0.06)
    assert worst == 6
    assert finished | {killer} >= set(ids[:4])
    rest = await collect(make(redis, reclaim_idle=0.05), 8 - len(finished))
    assert all(delivery.deliveries <= 3 for delivery in rest if delivery.id != killer)


async def test_what_was_not_finished_comes_again_to_the_same_consumer(redis: Any, events: Any) -> None:
    await publish(redis, events, 2)
    consumer, stop, counts = make(redis, reclaim_idle=600), asyncio.Event(), []
    async with asyncio.timeout(60):
        async for batch in consumer.batches(stop):
            counts.append([delivery.deliveries for delivery in batch])
            if len(counts) == 2:
                await consumer.done([delivery.id for delivery in batch])
                break
    assert counts == [[1, 1], [2, 2]]


async def test_the_group_comes_back_after_flushall(redis: Any, events: Any, eventually: Any) -> None:
    before = GROUP_RECREATED._value.get()
    consumer, stop, got = make(redis), asyncio.Event(), []

    async def read() -> None:
        async for batch in consumer.batches(stop):
            await consumer.done([delivery.id for delivery in batch])
            got.extend(batch)

    reader = asyncio.create_task(read())
    await publish(redis, events, 3)
    await asyncio.sleep(0.2)
    await redis.flushdb()
    ids = await publish(redis, events, 4)  # before the consumer notices: a group from $ would miss these

    async def all_came() -> bool:
        return len(got) >= 7

    await eventually(all_came)
    stop.set()
    await reader
    assert [delivery.id for delivery in got[3:]] == ids
    assert GROUP_RECREATED._value.get() > before


async def test_leaving_keeps_a_consumer_that_still_holds_entries(redis: Any, events: Any) -> None:
    await publish(redis, events, 1)
    holding, idle = make(redis, name="holding"), make(redis, name="idle")
    await collect(holding, 1, finish=False)
    stop = asyncio.Event()

    async def look() -> None:
        async for _ in idle.batches(stop):
            pass

    task = asyncio.create_task(look())
    await asyncio.sleep(0.1)
    stop.set()
    await task
    await holding.leave()
    await idle.leave()
    names = {row["name"].decode() for row in await redis.xinfo_consumers(BILLS_STREAM, STORE_GROUP)}
    assert names == {"holding"}


async def test_a_message_that_was_deleted_meanwhile_is_dropped(redis: Any, events: Any) -> None:
    ids = await publish(redis, events, 3)
    await collect(make(redis), 3, finish=False)
    await redis.xdel(BILLS_STREAM, ids[1])
    got = await collect(make(redis), 2)
    assert sorted(delivery.id for delivery in got) == sorted([ids[0], ids[2]])
    assert await pending(redis) == 0


async def test_an_entry_without_payload_is_delivered_as_empty(redis: Any) -> None:
    await redis.xadd(BILLS_STREAM, {"what": "is this"})
    got = await collect(make(redis), 1)
    assert got[0].payload == b""
    assert got[0].traceparent is None
