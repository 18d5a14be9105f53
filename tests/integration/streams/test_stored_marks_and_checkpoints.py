"""The memories in Redis beside the stream: what is stored, and how far each walk is."""

from typing import Any

from legis.domain.vocabulary import ReadingPart, Source
from legis.events import Walk
from legis.streams.checkpoints import SourceCursors, publish_cursors, read_cursors
from legis.streams.names import cursor_key, marks_key
from legis.streams.stored_marks import StoredReading, forget_other_epochs, read_marks, write_marks

DETAIL, VOTES, BULK = ReadingPart.DETAIL, ReadingPart.VOTES, ReadingPart.BULK


async def remembered(
    redis: Any, part: ReadingPart, *keys: str, epoch: str = "e1", source: Source = Source.CAMARA
) -> Any:
    return (await read_marks(redis, source, epoch, keys, part)).fingerprints


def stored(key: str, seq: int, changed: bool = False, **marks: str) -> StoredReading:
    return StoredReading(Source.CAMARA, key, seq, {ReadingPart[name]: mark for name, mark in marks.items()}, changed)


async def test_seen_is_kept_by_source_epoch_and_part(redis: Any) -> None:
    await write_marks(redis, "e1", [
        stored("1", 1, DETAIL="old"),
        stored("1", 2, DETAIL="new"),
        StoredReading(Source.SENADO, "1", 3, {DETAIL: "other"}),
    ])  # fmt: skip
    assert await remembered(redis, DETAIL, "1", "2") == ["new", None]
    assert await remembered(redis, VOTES, "1") == [None]
    assert await remembered(redis, DETAIL, "1", source=Source.SENADO) == ["other"]
    assert await remembered(redis, DETAIL, "1", epoch="e2") == [None]
    assert await remembered(redis, DETAIL) == []
    await write_marks(redis, "e1", [])
    await write_marks(redis, "e1", [stored("1", 4)])


async def test_a_mark_is_void_once_another_part_has_changed_the_bill(redis: Any) -> None:
    """Else a detail that is again what it was would be left out, and what the file said of the bill would stay."""
    await write_marks(redis, "e1", [stored("1", 10, DETAIL="a"), stored("2", 10, DETAIL="a")])
    await write_marks(redis, "e1", [stored("1", 11, BULK="b", changed=True), stored("2", 11, BULK="b")])
    assert await remembered(redis, DETAIL, "1", "2") == [None, "a"]
    assert await remembered(redis, BULK, "1", "2") == ["b", "b"]
    await write_marks(redis, "e1", [stored("1", 12, DETAIL="a", changed=True)])
    assert await remembered(redis, DETAIL, "1") == ["a"]
    assert await remembered(redis, BULK, "1") == [None]


async def test_workers_may_remember_in_another_order_than_they_have_stored_in(redis: Any) -> None:
    await write_marks(redis, "e1", [stored("1", 11, BULK="b", changed=True)])
    await write_marks(redis, "e1", [stored("1", 10, DETAIL="a", changed=True)])
    assert await remembered(redis, DETAIL, "1") == [None]
    assert await remembered(redis, BULK, "1") == ["b"]


async def test_a_memory_of_another_run_of_the_server_is_void(redis: Any) -> None:
    """What a server brings back after its end may be older than what PostgreSQL has taken meanwhile."""
    await write_marks(redis, "e1", [stored("1", 1, DETAIL="before")])
    key = marks_key(Source.CAMARA, "e1")
    await redis.hset(key, "#run", "the run before this one")
    assert await remembered(redis, DETAIL, "1", "2") == [None, None]
    await write_marks(redis, "e1", [stored("2", 2, DETAIL="after")])
    assert await remembered(redis, DETAIL, "1", "2") == [None, "after"]
    assert await redis.hlen(key) == 2
    assert 0 < await redis.ttl(key) <= 60 * 86_400


async def test_cursors_are_replaced_whole(redis: Any) -> None:
    assert await read_cursors(redis, Source.CAMARA) is None
    first = SourceCursors("e1", 5, {Walk.BACKFILL: -2020, Walk.INCREMENTAL: 7})
    await publish_cursors(redis, {Source.CAMARA: first, Source.SENADO: SourceCursors("e1", 0, {})})
    assert await read_cursors(redis, Source.CAMARA) == first
    assert await read_cursors(redis, Source.SENADO) == SourceCursors("e1", 0, {})
    second = SourceCursors("e2", 6, {Walk.VOTES: 1})
    await publish_cursors(redis, {Source.CAMARA: second})
    assert await read_cursors(redis, Source.CAMARA) == second
    await redis.hset(cursor_key(Source.CAMARA), "SOME_LATER_WALK", 3)
    assert await read_cursors(redis, Source.CAMARA) == second, "a walk that this version does not know is left out"


async def test_marks_of_other_epochs_are_forgotten(redis: Any) -> None:
    for epoch in ("old", "older", "e1"):
        await write_marks(redis, epoch, [
            stored("1", 1, DETAIL=epoch),
            StoredReading(Source.SENADO, "1", 1, {DETAIL: epoch}),
        ])  # fmt: skip
    await redis.mset({f"limit:{n}": n for n in range(3000)} | {"legis:generation": 1})
    assert await forget_other_epochs(redis, "e1") == 4
    assert await redis.keys("legis:seen:*old*") == []
    assert await remembered(redis, DETAIL, "1") == ["e1"]
    assert await remembered(redis, DETAIL, "1", source=Source.SENADO) == ["e1"]
    assert await redis.dbsize() == 3003, "nothing else is touched"
    await write_marks(redis, "old", [stored("2", 2, DETAIL="late")])  # by a worker that has not heard of it yet
    assert await forget_other_epochs(redis, "e1") == 1
    assert await forget_other_epochs(redis, "e1") == 0
