"""A backfill reads the next year while the last one is being stored, and counts it only when its turn has come."""

import asyncio
from collections.abc import AsyncGenerator

from integration.ingest.runner import scripted
from integration.ingest.runner.scripted import ScriptedSource, ends, events, move_to, reading, running, until
from legis.errors import RecordRejected as RejectedError
from legis.errors import UpstreamUnavailable
from legis.events import BillObserved, Event, Walk
from legis.ingest.source import ReadContext, Reading, Window
from redis.asyncio import Redis


async def one_bill(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
    yield reading(f"{window.lo}", context)


def read(seen: list[Event]) -> list[str]:
    return [event.bill.upstream_id for event in seen if isinstance(event, BillObserved)]


async def test_the_next_year_is_sent_without_its_end(redis: Redis) -> None:
    source = ScriptedSource({Walk.BACKFILL: one_bill})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis):
        seen = await until(lambda: events(redis), lambda found: read(found) == ["0", "1"])
        await asyncio.sleep(0.3)
        seen = await events(redis)
        assert (read(seen), [end.hi for end in ends(seen)]) == (["0", "1"], [1])

        await move_to(redis, {Walk.BACKFILL: 1})
        seen = await until(lambda: events(redis), lambda found: read(found) == ["0", "1", "2"])
        assert [end.hi for end in ends(seen)] == [1, 2]
        own = {event.window.window_id for event in seen if isinstance(event, BillObserved)}
        assert {end.window_id for end in ends(seen)} < own
    assert [window.lo for window in source.windows] == [0, 1, 2], "each is read once"


async def test_what_was_read_ahead_of_a_lost_window_is_read_again(redis: Redis) -> None:
    source = ScriptedSource({Walk.BACKFILL: one_bill})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis, confirm_timeout=0.2) as board:
        await until(lambda: events(redis), lambda found: read(found) == ["0", "1"])
        await redis.flushdb()
        await move_to(redis, {Walk.BACKFILL: 0})
        await until(lambda: events(redis), lambda found: read(found) == ["0", "1"])
        await move_to(redis, {Walk.BACKFILL: 1})
        seen = await until(lambda: events(redis), lambda found: len(ends(found)) == 2)
    assert [end.hi for end in ends(seen)] == [1, 2]
    assert board.state().windows_failed == 1
    assert [window.lo for window in source.windows][:4] == [0, 1, 0, 1]


async def test_what_was_read_under_another_database_is_read_again(redis: Redis) -> None:
    source = ScriptedSource({Walk.BACKFILL: one_bill})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis):
        await until(lambda: events(redis), lambda found: read(found) == ["0", "1"])
        scripted.EPOCH, before = "0" * 36, scripted.EPOCH
        try:
            await move_to(redis, {Walk.BACKFILL: 1})
        finally:
            scripted.EPOCH = before
        seen = await until(lambda: events(redis), lambda found: len(ends(found)) == 2)
    assert read(seen)[:3] == ["0", "1", "1"]
    assert ends(seen)[1].items == 1


async def test_a_failure_ahead_counts_when_its_turn_has_come(redis: Redis) -> None:
    tries = 0

    async def away_once(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        nonlocal tries
        yield reading(f"{window.lo}", context)
        if window.lo == 1 and (tries := tries + 1) == 1:
            raise UpstreamUnavailable("503", retry_after=0.01)

    source = ScriptedSource({Walk.BACKFILL: away_once})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis) as board:
        await until(lambda: events(redis), lambda found: len(source.windows) == 2)
        await asyncio.sleep(0.2)
        assert board.state().windows_failed == 0, "nothing is waited for yet"
        await move_to(redis, {Walk.BACKFILL: 1})
        await until(lambda: events(redis), lambda found: [end.hi for end in ends(found)] == [1, 2])
        assert board.state().windows_failed == 1


async def test_a_window_ahead_does_not_hide_that_the_one_before_is_lost(redis: Redis) -> None:
    """Entries of the later window are on the stream for as long as the worker likes; the earlier one's are gone."""
    source = ScriptedSource({Walk.BACKFILL: one_bill})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis, confirm_timeout=0.2) as board:
        await until(lambda: events(redis), lambda found: read(found) == ["0", "1"])
        for entry, _ in (await redis.xrange("legis.bills.v1"))[:2]:
            await redis.xdel("legis.bills.v1", entry)

        async def failed() -> int:
            return board.state().windows_failed

        await until(failed, lambda number: number == 1)


async def test_a_service_that_stops_does_not_wait_for_the_year_ahead(redis: Redis) -> None:
    async def hangs(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        yield reading(f"{window.lo}", context)
        if window.lo == 1:
            await asyncio.sleep(3600)

    source = ScriptedSource({Walk.BACKFILL: hangs})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis), asyncio.timeout(60):
        await until(lambda: events(redis), lambda found: len(source.windows) == 2)


async def test_a_loss_ends_the_reading_ahead(redis: Redis) -> None:
    """Else it would go on asking upstream for a window that nobody will take."""
    ended: list[int] = []

    async def hangs(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        yield reading(f"{window.lo}", context)
        if window.lo == 1:
            try:
                await asyncio.sleep(3600)
            finally:
                ended.append(window.lo)

    source = ScriptedSource({Walk.BACKFILL: hangs})
    await move_to(redis, {Walk.BACKFILL: 0})
    async with running(source, redis, confirm_timeout=0.2):
        await until(lambda: events(redis), lambda found: len(source.windows) == 2)
        await redis.flushdb()
        await move_to(redis, {Walk.BACKFILL: 0})

        async def again() -> list[int]:
            return [window.lo for window in source.windows]

        await until(again, lambda found: found[:4] == [0, 1, 0, 1])
        assert ended == [1]
