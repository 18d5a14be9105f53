"""What is remembered as stored is stored: the memory is written after the commit, and only of what the store took."""

from typing import Any

from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import StoreUnavailable
from legis.streams.names import BILLS_STREAM, marks_key
from legis.streams.publisher import Publisher
from legis.streams.stored_marks import read_marks

FIELD = (["1"], ReadingPart.DETAIL)


async def test_nothing_is_remembered_while_the_store_is_away(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    epoch = str(await pool.fetchval("SELECT epoch FROM store_epoch"))
    await pool.execute("ALTER TABLE bill RENAME TO bill_away")
    async with worker() as running:
        tries: list[StoreUnavailable] = []
        handle = running.handler.handle

        async def noting(batch: Any) -> Any:
            try:
                return await handle(batch)
            except StoreUnavailable as error:
                tries.append(error)
                raise

        running.handler.handle = noting
        await Publisher(redis, capacity=100).publish([(events.bill(1), None)])

        async def tried() -> bool:
            return len(tries) >= 2

        await eventually(tried)
        assert (await read_marks(redis, Source.CAMARA, epoch, *FIELD)).fingerprints == [None]
        await pool.execute("ALTER TABLE bill_away RENAME TO bill")

        async def remembered() -> bool:
            return (await read_marks(redis, Source.CAMARA, epoch, *FIELD)).fingerprints == ["mark-1"]

        await eventually(remembered)
    assert await pool.fetchval("SELECT count(*) FROM bill") == 1


async def test_a_change_whose_memory_was_lost_voids_what_was_remembered_before_it(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    """Delivered again, it is overtaken by a reading that changed nothing, and yet what stood before it is gone."""
    epoch = str(await pool.fetchval("SELECT epoch FROM store_epoch"))
    publisher = Publisher(redis, capacity=100)
    changed = events.bill(2, title="B")
    same = events.bill(3, title="B").model_copy(update={"part": ReadingPart.BULK, "marks": {ReadingPart.BULK: "b"}})

    async def fingerprints(part: ReadingPart) -> Any:
        return (await read_marks(redis, Source.CAMARA, epoch, ["1"], part)).fingerprints

    async def drained() -> bool:
        return bool(await redis.xlen(BILLS_STREAM) == 0)

    async with worker():
        await publisher.publish([(events.bill(1, title="A"), None)])
        await eventually(drained)
        kept = await redis.dump(marks_key(Source.CAMARA, epoch))
        await publisher.publish([(changed, None)])
        await eventually(drained)
        await redis.restore(marks_key(Source.CAMARA, epoch), 0, kept, replace=True)  # it never got there
        assert await fingerprints(ReadingPart.DETAIL) == ["mark-1"]
        await publisher.publish([(same, None)])
        await eventually(drained)
        await publisher.publish([(changed, None)])
        await eventually(drained)
    assert await fingerprints(ReadingPart.DETAIL) == [None]
    assert await fingerprints(ReadingPart.BULK) == ["b"]
    assert await pool.fetchval("SELECT max(version) FROM bill") == 2
