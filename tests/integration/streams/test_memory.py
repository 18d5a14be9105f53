"""The memories in Redis beside the stream: what is stored, and how far each walk is."""

from typing import Any

from legis.domain.vocabulary import ReadingPart, Source
from legis.events import Walk
from legis.streams.cursors import SourceCursors, publish_cursors, read_cursors
from legis.streams.names import cursor_key
from legis.streams.seen import SeenEntry, read_seen, seen_field, write_seen


async def test_seen_is_kept_by_source_epoch_and_part(redis: Any) -> None:
    detail, votes = ReadingPart.DETAIL, ReadingPart.VOTES
    await write_seen(redis, "e1", [
        SeenEntry(Source.CAMARA, "1", detail, "old"),
        SeenEntry(Source.CAMARA, "1", detail, "new"),
        SeenEntry(Source.SENADO, "1", detail, "other"),
    ])  # fmt: skip
    keys = [seen_field("1", detail), seen_field("1", votes), seen_field("2", detail)]
    assert await read_seen(redis, Source.CAMARA, "e1", keys) == ["new", None, None]
    assert await read_seen(redis, Source.SENADO, "e1", keys) == ["other", None, None]
    assert await read_seen(redis, Source.CAMARA, "e2", keys) == [None, None, None]
    assert await read_seen(redis, Source.CAMARA, "e1", []) == []
    await write_seen(redis, "e1", [])


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
