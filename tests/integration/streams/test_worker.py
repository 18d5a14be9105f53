"""The worker on real PostgreSQL and a real stream: once stored, once counted, whatever happens in between."""

import asyncio
from typing import Any, cast

import orjson
import pytest
import structlog
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.changes.change_partitions import keep_partitions_ahead
from api_gateway.store.windows.checkpoint_reader import load_cursors
from api_gateway.worker import batch_handler as handler_module
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import Walk
from legis.streams.checkpoints import read_cursors
from legis.streams.consumer import StreamConsumer
from legis.streams.names import BILLS_STREAM, DATA_VERSION_CHANNEL, DATA_VERSION_KEY, STORE_GROUP
from legis.streams.publisher import Publisher
from legis.streams.stored_marks import read_marks

TRACE_ID = "ab" * 16
TRACE = f"00-{TRACE_ID}-{'cd' * 8}-01"


async def publish(redis: Any, *events: Any, trace: str | None = None) -> None:
    await Publisher(redis, capacity=10_000).publish([(event, trace) for event in events])


def drained(redis: Any) -> Any:
    async def check() -> bool:
        return not await redis.xlen(BILLS_STREAM)

    return check


async def delivered(redis: Any) -> list[dict[str, Any]]:
    """The messages that the group's consumers hold, oldest first; none while no worker has made the group."""
    if not await redis.xinfo_groups(BILLS_STREAM):
        return []
    return cast(
        "list[dict[str, Any]]", await redis.xpending_range(BILLS_STREAM, STORE_GROUP, min="-", max="+", count=10)
    )


async def count(pool: Any, table: str) -> int:
    return int(await pool.fetchval(f"SELECT count(*) FROM {table}"))


async def test_a_window_goes_all_the_way(redis: Any, pool: Any, events: Any, worker: Any, eventually: Any) -> None:
    listener = redis.pubsub()
    await listener.subscribe(DATA_VERSION_CHANNEL)
    await publish(redis, *(events.bill(n, str(n)) for n in range(1, 31)), events.rejected(), trace=TRACE)
    await publish(redis, events.end(31))
    async with worker():

        async def confirmed() -> bool:
            cursors = await read_cursors(redis, Source.CAMARA)
            return cursors is not None and cursors.positions.get(Walk.INCREMENTAL) == 20

        await eventually(confirmed)
        await eventually(drained(redis))
    assert await count(pool, "bill") == 30
    assert await count(pool, "dead_letter") == 1
    assert (await redis.xpending(BILLS_STREAM, STORE_GROUP))["pending"] == 0
    assert {r["trace_id"] for r in await pool.fetch("SELECT trace_id FROM bill_change")} == {TRACE_ID}
    cursors = await read_cursors(redis, Source.CAMARA)
    assert cursors is not None
    assert cursors.max_read_seq == 99
    seen = await read_marks(redis, Source.CAMARA, cursors.epoch, ["5", "77"], ReadingPart.DETAIL)
    assert seen.fingerprints == ["mark-5", None]
    generation = int(await redis.get(DATA_VERSION_KEY))
    assert generation >= 1
    announced = await listener.get_message(ignore_subscribe_messages=True, timeout=2)
    while announced is None:
        announced = await listener.get_message(ignore_subscribe_messages=True, timeout=2)
    assert 1 <= int(announced["data"]) <= generation
    await listener.aclose()
    assert await redis.xinfo_consumers(BILLS_STREAM, STORE_GROUP) == [], "a worker that ends leaves the group"


async def test_sources_never_read_get_a_checkpoint_too(redis: Any, worker: Any, eventually: Any) -> None:
    async with worker():

        async def there() -> bool:
            return all([await read_cursors(redis, source) for source in Source])

        await eventually(there)
    cursors = await read_cursors(redis, Source.SENADO)
    assert cursors is not None
    assert (cursors.max_read_seq, cursors.positions) == (0, {})


async def test_unreadable_messages_are_parked_at_once(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    later = orjson.loads(orjson.dumps({"kind": "bill_observed", "version": 2, "source": "camara"}))
    later["window"] = {"window_id": "w1", "walk": "INCREMENTAL", "index": 0}
    for payload in (b"{", b"\xff\x00", b"[" * 100_000, orjson.dumps(later), b'{"kind":"else","source":"senado"}'):
        await redis.xadd(BILLS_STREAM, {"payload": payload})
    await redis.xadd(BILLS_STREAM, {"no": "payload"})
    await publish(redis, events.bill(1, "1", index=1), events.end(2))
    async with worker():
        await eventually(drained(redis))
    rows = await pool.fetch("SELECT source, stage, payload FROM dead_letter ORDER BY source, id")
    assert len(rows) == 6
    assert {row["stage"] for row in rows} == {"decode"}
    assert sorted({row["source"] for row in rows}) == ["camara", "senado", "unknown"]
    assert await count(pool, "bill") == 1
    position = await pool.fetchval("SELECT position FROM source_cursor")
    assert position == 20, "a message of a later version still counts in its window"


async def test_a_killer_message_is_parked_and_its_neighbours_are_stored(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that no rule foresees, in every handling of one message."""
    honest = apply

    async def explode(pool: Any, observed: Any, letters: Any = (), **options: Any) -> Any:
        if any(item.event.bill.upstream_id == "3" for item in observed):
            raise MemoryError("boom")
        return await honest(pool, observed, letters, **options)

    monkeypatch.setattr(handler_module, "apply", explode)
    monkeypatch.setattr("api_gateway.worker.consume_loop._FIRST_WAIT", 0.01)
    await publish(redis, *(events.bill(n, str(n)) for n in range(1, 8)), events.end(7))
    async with worker(reclaim_idle=0.1):
        await eventually(drained(redis))
    rows = await pool.fetch("SELECT stage, upstream_id FROM dead_letter")
    assert [tuple(row) for row in rows] == [("killer", "3")]
    assert await count(pool, "bill") == 6
    assert await pool.fetchval("SELECT position FROM source_cursor") == 20


async def test_killed_before_the_window_is_noted_and_the_stream_lost(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No bill is ever stored under a read sequence that ingest could not be told of afterwards."""
    await publish(redis, *(events.bill(n, str(n)) for n in range(1, 11)), events.end(10))

    async def die(*_: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(handler_module, "close_windows", die)
    async with worker():

        async def committed() -> bool:
            return await count(pool, "bill") == 10

        await eventually(committed)
    await redis.flushdb()
    assert (await load_cursors(pool))[Source.CAMARA].max_read_seq == 10


async def test_killed_between_commit_and_acknowledgement(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(redis, *(events.bill(n, str(n)) for n in range(1, 11)), events.end(10))

    async def die(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(StreamConsumer, "done", die)
        async with worker():

            async def committed() -> bool:
                return await count(pool, "bill") == 10

            await eventually(committed)
    before = await pool.fetch("SELECT * FROM bill ORDER BY id")
    assert await redis.xlen(BILLS_STREAM) == 11
    async with worker(reclaim_idle=0.1):
        await eventually(drained(redis))
    after = await pool.fetch("SELECT * FROM bill ORDER BY id")
    assert [dict(row) for row in after] == [dict(row) for row in before]
    assert await count(pool, "bill_change") == 10
    assert await count(pool, "ingest_window_item") == 0


async def test_replaying_a_stream_twice_changes_nothing(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    log = [events.bill(n, str(n % 7), title=f"t{n % 3}") for n in range(1, 60)]
    for _ in range(3):
        await publish(redis, *log)
        async with worker(count=13):
            await eventually(drained(redis))
        changes = await pool.fetch("SELECT seq, bill_id, version FROM bill_change ORDER BY seq")
        first = locals().setdefault("first", changes)
        assert changes == first


async def test_flushall_costs_nothing_that_is_published_again(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    log = [events.bill(n, str(n)) for n in range(1, 41)]
    async with worker(count=5):
        await publish(redis, *log[:20])
        await asyncio.sleep(0.05)
        await redis.flushdb()

        async def cursors_are_back() -> bool:
            return await read_cursors(redis, Source.CAMARA) is not None

        await eventually(cursors_are_back)
        await publish(redis, *log, events.end(40))

        async def all_stored() -> bool:
            return bool(await pool.fetchval("SELECT position FROM source_cursor") == 20)

        await eventually(all_stored)
        await eventually(drained(redis))
    assert await count(pool, "bill") == 40
    assert await count(pool, "bill_change") == 40


async def test_a_store_that_is_away_is_waited_for(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api_gateway.worker.consume_loop.LONGEST_WAIT_SECONDS", 0.2)
    await pool.execute("ALTER TABLE bill RENAME TO bill_away")
    async with worker(reclaim_idle=60) as first, worker(reclaim_idle=60) as second:
        first.consumer.keep_seconds = second.consumer.keep_seconds = 0.02
        await publish(redis, events.bill(1), events.end(1))
        held = -1

        async def kept_since_delivered() -> bool:
            """The idle time of a message goes back when its holder renews the claim, and only then."""
            nonlocal held
            rows = await delivered(redis)
            before, held = held, max((row["time_since_delivered"] for row in rows), default=-1)
            return held < before

        for _ in range(3):
            await eventually(kept_since_delivered)
        assert await redis.xlen(BILLS_STREAM) == 2, "nothing is acknowledged"
        rows = await delivered(redis)
        assert max(row["times_delivered"] for row in rows) == 1, "waiting is no fault of the messages"
        await pool.execute("ALTER TABLE bill_away RENAME TO bill")
        await eventually(drained(redis))
    assert await count(pool, "bill") == 1
    assert await count(pool, "dead_letter") == 0


async def test_a_missing_partition_stops_the_worker_until_it_is_there(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL calls it a wrong value: it must park nothing."""
    monkeypatch.setattr("api_gateway.worker.consume_loop.LONGEST_WAIT_SECONDS", 0.2)
    last = await pool.fetchval("SELECT max(end_seq) - 1 FROM change_partition")
    await pool.execute("UPDATE change_counter SET last_seq = $1", last)
    await publish(redis, events.bill(1, "1"), events.bill(2, "2"), events.end(2))
    with structlog.testing.capture_logs() as said:
        async with worker():

            async def refused() -> bool:
                return sum(line["event"] == "store_unavailable" for line in said) >= 2

            await eventually(refused)
            assert await redis.xlen(BILLS_STREAM) == 3, "nothing is acknowledged"
            await keep_partitions_ahead(pool, 1000)
            await eventually(drained(redis))
    error = next(line["error"] for line in said if line["event"] == "store_unavailable")
    assert 'no partition of relation "bill_change"' in error
    assert "ChangePartitionMissing.md" in error
    assert [row["seq"] for row in await pool.fetch("SELECT seq FROM bill_change ORDER BY seq")] == [last + 1, last + 2]
    assert await count(pool, "dead_letter") == 0


async def test_stopping_while_the_store_is_away_gives_the_batch_back(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    await pool.execute("ALTER TABLE bill RENAME TO bill_away")
    await publish(redis, events.bill(1))
    for _ in range(2):
        async with worker(reclaim_idle=0.05):

            async def taken() -> bool:
                rows = await delivered(redis)
                return bool(rows) and rows[0]["times_delivered"] == 1

            await eventually(taken)
    rows = await delivered(redis)
    assert rows[0]["times_delivered"] == 0
    await pool.execute("ALTER TABLE bill_away RENAME TO bill")
    async with worker(reclaim_idle=0.05):
        await eventually(drained(redis))


async def test_two_workers_share_a_stream(redis: Any, pool: Any, events: Any, worker: Any, eventually: Any) -> None:
    log = [events.bill(n, str(n % 50), title=f"t{n}") for n in range(1, 301)]
    await publish(redis, *log, events.end(300))
    async with worker(count=20), worker(count=20):
        await eventually(drained(redis))
    changes = await pool.fetch("SELECT seq, bill_id, version, read_seq FROM bill_change ORDER BY seq")
    assert [row["seq"] for row in changes] == list(range(1, len(changes) + 1))
    final = {row["upstream_id"]: row["read_seq"] for row in await pool.fetch("SELECT upstream_id, read_seq FROM bill")}
    assert final == {str(n % 50): n for n in range(251, 301)}
    assert await pool.fetchval("SELECT position FROM source_cursor") == 20
