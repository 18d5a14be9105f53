"""When the memory of stored readings is believed."""

import asyncio
from collections.abc import AsyncGenerator

from integration.ingest.runner.scripted import EPOCH, ScriptedSource, ends, events, move_to, reading, running, until
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordRejected as RejectedError
from legis.errors import UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import ReadContext, Reading, Window
from legis.streams.names import BILLS_STREAM
from legis.streams.stored_marks import StoredReading, write_marks
from redis.asyncio import Redis


async def test_the_memory_of_stored_readings_holds_only_under_the_databases_epoch(redis: Redis) -> None:
    answers: list[str | None] = []

    async def asks(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        await context.prefetch(["1", "2"], ReadingPart.DETAIL)
        answers.extend((context.seen("1", ReadingPart.DETAIL), context.seen("2", ReadingPart.DETAIL)))
        yield reading("1", context)

    await write_marks(redis, EPOCH, [StoredReading(Source.CAMARA, "1", 5, {ReadingPart.DETAIL: "stored"})])
    await write_marks(redis, "another", [StoredReading(Source.CAMARA, "2", 5, {ReadingPart.DETAIL: "void"})])
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: asks}), redis):
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert answers == ["stored", None]


async def test_the_memory_is_not_believed_while_readings_of_before_are_still_on_their_way(redis: Redis) -> None:
    """They may change what is stored: left out as known, the older state would then stay in their place."""
    answers: list[str | None] = []
    left_behind = await redis.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": "{}"})

    async def asks(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        for look in range(3):
            if look == 1:
                await redis.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": "of this process"})
                await redis.xdel(BILLS_STREAM, left_behind)
            await context.prefetch(["1"], ReadingPart.DETAIL)
            answers.append(context.seen("1", ReadingPart.DETAIL))
        if len(answers) == 3:
            raise UpstreamUnavailable("503", retry_after=0.05)  # what this window has published is in doubt now
        await redis.delete(BILLS_STREAM)
        yield reading("1", context)

    await write_marks(redis, EPOCH, [StoredReading(Source.CAMARA, "1", 5, {ReadingPart.DETAIL: "stored"})])
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: asks}), redis):
        await until(lambda: redis.xlen(BILLS_STREAM), lambda found: found == 2)

    assert answers == [None, "stored", "stored", None, None, None]


async def test_what_the_other_lane_has_on_the_way_is_not_believed_to_be_as_it_was(redis: Redis) -> None:
    """The source goes from A to B and back: one lane sends B, and the other must send A though A is remembered."""
    answers: list[str | None] = []
    asked, sent = asyncio.Event(), asyncio.Event()

    async def sends(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        await asked.wait()
        yield reading("1", context, "B")
        sent.set()

    async def asks(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        await context.prefetch(["1", "2"], ReadingPart.DETAIL)
        answers.append(context.seen("1", ReadingPart.DETAIL))
        asked.set()
        await sent.wait()
        answers.append(context.seen("1", ReadingPart.DETAIL))
        await context.prefetch(["1", "2"], ReadingPart.DETAIL)
        answers.extend((context.seen("1", ReadingPart.DETAIL), context.seen("2", ReadingPart.DETAIL)))
        await until(lambda: redis.xlen(BILLS_STREAM), lambda found: found > 0)
        await redis.delete(BILLS_STREAM)  # what a worker leaves when it is done
        await context.prefetch(["1"], ReadingPart.DETAIL)
        answers.append(context.seen("1", ReadingPart.DETAIL))
        yield reading("3", context)

    marks = {ReadingPart.DETAIL: "A"}
    await write_marks(redis, EPOCH, [StoredReading(Source.CAMARA, key, 5, marks) for key in ("1", "2")])
    await move_to(redis, {Walk.INCREMENTAL: 2, Walk.BACKFILL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: asks, Walk.BACKFILL: sends}), redis):
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert answers == ["A", None, None, "A", "A"]
