"""What it takes until a window counts as stored."""

import asyncio
from collections.abc import AsyncGenerator

from integration.ingest.runner.scripted import (
    ScriptedSource,
    ends,
    events,
    move_to,
    reading,
    running,
    two_and_a_bad_one,
    until,
)
from legis.errors import RecordRejected as RejectedError
from legis.errors import UpstreamUnavailable
from legis.events import BillObserved, RecordRejected, Walk, WindowEnded
from legis.ingest.source import ReadContext, Reading, Window
from redis.asyncio import Redis


async def test_a_window_is_published_in_order_and_closed_with_its_count(redis: Redis) -> None:
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    first, bad, second, end = seen
    assert isinstance(first, BillObserved)
    assert isinstance(second, BillObserved)
    assert isinstance(bad, RecordRejected)
    assert isinstance(end, WindowEnded)
    assert [first.window.index, bad.window.index, second.window.index] == [0, 1, 2]
    assert (end.items, end.lo, end.hi) == (3, 2, 3)
    assert first.read_seq < second.read_seq <= end.max_read_seq
    assert bad.raw == '{"id": [\\xff]}'


async def test_the_next_window_waits_for_the_last_one_to_be_stored(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    await move_to(redis, {Walk.INCREMENTAL: 1})
    async with running(source, redis) as board:
        await until(lambda: events(redis), lambda found: len(ends(found)) == 1)
        await asyncio.sleep(0.3)
        assert [window.lo for window in source.windows] == [1]

        await move_to(redis, {Walk.INCREMENTAL: 2})
        await until(lambda: events(redis), lambda found: len(ends(found)) == 2)
        assert [window.lo for window in source.windows] == [1, 2]
        assert board.state().last_success_at is not None


async def test_a_window_that_is_not_stored_in_time_is_read_again(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    await move_to(redis, {Walk.INCREMENTAL: 1})
    async with running(source, redis, confirm_timeout=0.2) as board:
        await until(lambda: events(redis), lambda found: len(ends(found)) == 1)
        await redis.flushdb()  # what a lost Redis looks like: the events are gone, nobody stored them
        await move_to(redis, {Walk.INCREMENTAL: 1})
        again = await until(lambda: events(redis), lambda found: len(ends(found)) == 1)

    assert len(again) == 4
    assert board.state().windows_failed == 1


async def test_while_the_stream_still_holds_the_window_it_is_not_read_twice(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    await move_to(redis, {Walk.INCREMENTAL: 1})
    async with running(source, redis, confirm_timeout=0.1):
        await until(lambda: events(redis), lambda found: len(ends(found)) == 1)
        await asyncio.sleep(0.6)

    assert len(source.windows) == 1


async def test_a_window_cut_by_upstream_has_no_end_and_is_read_again(redis: Redis) -> None:
    calls = 0

    async def breaks_once(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        nonlocal calls
        calls += 1
        yield reading("1", context)
        if calls == 1:
            raise UpstreamUnavailable("503", retry_after=0.05)
        yield reading("2", context)

    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: breaks_once}), redis) as board:
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert ends(seen)[0].items == 2
    assert board.state().last_error is not None
    assert board.state().windows_failed == 1


async def test_without_a_checkpoint_nothing_is_guessed(redis: Redis) -> None:
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    async with running(source, redis):
        await asyncio.sleep(0.7)

    assert source.windows == []


async def test_a_long_backfill_does_not_hold_up_what_changed_today(redis: Redis) -> None:
    release = asyncio.Event()

    async def endless_year(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        yield reading("old", context)
        await release.wait()

    await move_to(redis, {Walk.INCREMENTAL: 2, Walk.BACKFILL: 2})
    async with running(ScriptedSource({Walk.BACKFILL: endless_year, Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))
        release.set()

    assert ends(seen)[0].walk is Walk.INCREMENTAL


async def test_a_defect_in_one_window_does_not_end_the_service(redis: Redis) -> None:
    calls = 0

    async def crashes_once(window: Window, context: ReadContext) -> AsyncGenerator[Reading | RejectedError]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ZeroDivisionError("a defect of ours")
        yield reading("1", context)

    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: crashes_once}), redis) as board:
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert "defect" in (board.state().last_error or "")
