"""Publishing against a real server: all or none, within the capacity, or a clear refusal."""

import asyncio
import time
from typing import Any

import pytest
from legis.domain.vocabulary import Source
from legis.errors import StreamUnavailable
from legis.events import decode
from legis.streams.checkpoints import read_cursors
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM, cursor_key, read_seq_key
from legis.streams.publisher import Publisher

TRACE = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-03"


async def test_fields_are_readable_and_in_order(redis: Any, events: Any) -> None:
    sent = [events.bill(1), events.rejected(), events.end(2)]
    ids = await Publisher(redis, capacity=100).publish([(sent[0], TRACE), (sent[1], None), (sent[2], None)])
    entries = await redis.xrange(BILLS_STREAM)
    assert [entry[0].decode() for entry in entries] == ids
    assert [entry[1][b"kind"] for entry in entries] == [b"bill_observed", b"record_rejected", b"window_ended"]
    assert entries[0][1][b"traceparent"].decode() == TRACE
    assert b"traceparent" not in entries[1][1]
    assert [decode(entry[1][b"payload"]) for entry in entries] == sent


async def test_the_greatest_read_sequence_is_noted_with_what_is_added(redis: Any, events: Any) -> None:
    publisher = Publisher(redis, capacity=3, max_wait=0)
    key = read_seq_key(Source.CAMARA)
    await publisher.publish([(events.rejected(), None)])
    assert await redis.get(key) is None, "a record that could not be read has none"
    await publisher.publish([(events.bill(1_795_000_000_000_003), None), (events.bill(1_795_000_000_000_001), None)])
    assert await redis.get(key) == b"1795000000000003"
    with pytest.raises(StreamUnavailable):
        await publisher.publish([(events.bill(1_795_000_000_000_009), None)])
    assert await redis.get(key) == b"1795000000000003", "nothing was added"
    await redis.delete(BILLS_STREAM)
    await publisher.publish([(events.bill(1_795_000_000_000_002), None)])
    assert await redis.get(key) == b"1795000000000003", "an older event comes again"
    await redis.hset(cursor_key(Source.CAMARA), mapping={"epoch": "e1", "max_read_seq": 5})
    cursors = await read_cursors(redis, Source.CAMARA)
    assert cursors is not None
    assert cursors.max_read_seq == 1_795_000_000_000_003


async def test_a_full_stream_makes_everybody_wait_and_never_drops(redis: Any, events: Any) -> None:
    publishers = [Publisher(redis, capacity=30) for _ in range(4)]

    async def send(publisher: Publisher) -> None:
        for _ in range(5):
            await publisher.publish([(events.bill(1), None)] * 7)

    async def drain() -> int:
        taken, most = 0, 0
        while taken < 4 * 5 * 7:
            entries = await redis.xrange(BILLS_STREAM, count=10)
            most = max(most, await redis.xlen(BILLS_STREAM))
            if entries:
                taken += await redis.xdel(BILLS_STREAM, *(entry[0] for entry in entries))
            await asyncio.sleep(0.01)
        return most

    async with asyncio.TaskGroup() as tasks:
        drained = tasks.create_task(drain())
        for publisher in publishers:
            tasks.create_task(send(publisher))
    assert drained.result() <= 30


async def test_more_than_the_capacity_goes_in_steps(redis: Any, events: Any) -> None:
    publisher = Publisher(redis, capacity=10, max_wait=5)
    task = asyncio.create_task(publisher.publish([(events.bill(n), None) for n in range(25)]))
    seen: list[bytes] = []
    while len(seen) < 25:
        for entry, fields in await redis.xrange(BILLS_STREAM):
            seen.append(fields[b"payload"])
            await redis.xdel(BILLS_STREAM, entry)
        await asyncio.sleep(0.01)
    assert len(await task) == 25
    assert [decode(payload).read_seq for payload in seen] == list(range(25))  # type: ignore[union-attr]


async def test_a_stream_that_stays_full_is_unavailable(redis: Any, events: Any) -> None:
    publisher = Publisher(redis, capacity=2, max_wait=0.3)
    await publisher.publish([(events.bill(1), None)] * 2)
    began = time.monotonic()
    with pytest.raises(StreamUnavailable, match="full"):
        await publisher.publish([(events.bill(2), None)])
    assert time.monotonic() - began < 3
    assert await redis.xlen(BILLS_STREAM) == 2


async def test_redis_away_is_unavailable_at_once(events: Any, closed_port: int) -> None:
    async with connect(f"redis://127.0.0.1:{closed_port}/0", client_name="test", socket_timeout=0.5) as nobody:
        began = time.monotonic()
        with pytest.raises(StreamUnavailable):
            await Publisher(nobody, capacity=10).publish([(events.bill(1), None)])
        assert time.monotonic() - began < 2, "no hidden retries"
