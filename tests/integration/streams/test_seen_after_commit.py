"""What is remembered as stored is stored: the memory is written after the commit, and only of what the store took."""

from typing import Any

from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import StoreUnavailable
from legis.streams.publisher import Publisher
from legis.streams.seen import read_seen

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
        assert (await read_seen(redis, Source.CAMARA, epoch, *FIELD)).fingerprints == [None]
        await pool.execute("ALTER TABLE bill_away RENAME TO bill")

        async def remembered() -> bool:
            return (await read_seen(redis, Source.CAMARA, epoch, *FIELD)).fingerprints == ["mark-1"]

        await eventually(remembered)
    assert await pool.fetchval("SELECT count(*) FROM bill") == 1
