"""What a window that is slow, failing or waited for looks like from outside."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from integration.ingest.runner.scripted import ScriptedSource, events, move_to, reading, running, until
from legis.domain.vocabulary import Source
from legis.errors import RecordRejected, RecordSetAside, StreamUnavailable, UpstreamRequestRefused, UpstreamUnavailable
from legis.events import BillObserved, Walk, YearNotRead
from legis.events import RecordRejected as RejectedEvent
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.source import ReadContext, Reading, Window, YearOutcome
from legis.streams.connection import connect
from legis.streams.publisher import Publisher
from legis.streams.unread_years import publish_years_not_read
from redis.asyncio import Redis

Items = AsyncGenerator[Any]


async def seen_ids(redis: Redis) -> list[str]:
    return [event.bill.upstream_id for event in await events(redis) if isinstance(event, BillObserved)]


async def test_what_was_read_is_sent_while_a_slow_record_is_waited_for(redis: Redis) -> None:
    answered = asyncio.Event()

    async def script(window: Window, context: ReadContext) -> Items:
        yield reading("1", context)
        yield reading("2", context)
        await answered.wait()
        yield reading("3", context)

    await move_to(redis, {})
    async with running(ScriptedSource({Walk.INCREMENTAL: script}), redis):
        await until(lambda: seen_ids(redis), lambda seen: seen == ["1", "2"])
        assert not answered.is_set()
        answered.set()
        await until(lambda: seen_ids(redis), lambda seen: seen[:3] == ["1", "2", "3"])


async def test_a_window_whose_slow_sending_fails_is_read_again(redis: Redis, monkeypatch: Any) -> None:
    failed, begun = asyncio.Event(), 0

    async def script(window: Window, context: ReadContext) -> Items:
        nonlocal begun
        begun += 1
        yield reading("1", context)
        if begun == 1:
            await failed.wait()
        yield reading("2", context)

    await move_to(redis, {})
    source = ScriptedSource({Walk.INCREMENTAL: script})
    publish = Publisher.publish

    async def once_away(self: Publisher, messages: Any) -> list[str]:
        if not failed.is_set():
            failed.set()
            raise StreamUnavailable("the stream is away")
        return await publish(self, messages)

    monkeypatch.setattr(Publisher, "publish", once_away)
    async with running(source, redis) as board:
        await until(lambda: seen_ids(redis), lambda seen: {"1", "2"} <= set(seen))
        assert begun >= 2
        assert board.windows_failed >= 1


async def test_a_walk_that_fails_twice_says_why_until_it_succeeds(redis: Redis) -> None:
    well = asyncio.Event()

    async def script(window: Window, context: ReadContext) -> Items:
        if not well.is_set():
            raise UpstreamUnavailable("the list answered 500")
        yield reading("1", context)

    await move_to(redis, {})
    async with running(ScriptedSource({Walk.INCREMENTAL: script}), redis) as board:

        async def failing() -> str | None:
            return next((one.failing for one in board.state().progress), None)

        assert await until(failing, lambda why: why is not None) == "the list answered 500"
        assert board.windows_failed >= 2
        well.set()
        await until(lambda: seen_ids(redis), lambda seen: seen == ["1"])
        await move_to(redis, {Walk.INCREMENTAL: 1})
        await until(failing, lambda why: why is None)


async def test_a_walk_that_is_refused_once_says_so_at_once(redis: Redis) -> None:
    async def script(window: Window, context: ReadContext) -> Items:
        raise UpstreamRequestRefused("the list answered 400")
        yield reading("1", context)

    await move_to(redis, {})
    async with running(ScriptedSource({Walk.INCREMENTAL: script}), redis) as board:

        async def failing() -> str | None:
            return next((one.failing for one in board.state().progress), None)

        assert await until(failing, lambda why: why is not None) == "the list answered 400"
        assert board.windows_failed == 1


async def test_what_is_left_of_the_backfill_is_told_only_when_it_is_known(redis: Redis) -> None:
    async def script(window: Window, context: ReadContext) -> Items:
        yield reading(str(window.lo), context)

    async with running(ScriptedSource({Walk.BACKFILL: script}), redis) as board:
        await asyncio.sleep(0.2)
        assert not board.state().backfill_known, "no worker has told how far it is"
        await move_to(redis, {Walk.BACKFILL: 1})

        async def left() -> int | None:
            told = board.state()
            return (told.backfill.years if told.backfill else 0) if told.backfill_known else None

        await until(left, lambda years: years == 2)
        await move_to(redis, {Walk.BACKFILL: 3})
        await until(left, lambda years: years == 0)


async def test_records_set_aside_and_years_left_are_events_of_their_window(redis: Redis) -> None:
    async def script(window: Window, context: ReadContext) -> Items:
        if window.lo:
            return
        yield RecordSetAside("set aside: 400", raw=b'{"set_aside": "7"}', upstream_id="7", source_url="u")
        yield RecordRejected("no id", raw=b"{}", upstream_id=None)
        yield YearOutcome(1998, "404", context.next_seq())
        yield YearOutcome(1997, None, context.next_seq())

    await move_to(redis, {})
    async with running(ScriptedSource({Walk.BACKFILL: script}), redis) as board:
        found = await until(lambda: events(redis), lambda seen: len(seen) >= 5)
    rejected = [event for event in found if isinstance(event, RejectedEvent)]
    assert [(event.upstream_id, event.set_aside) for event in rejected] == [("7", True), (None, False)]
    years = [(event.year, event.reason) for event in found if isinstance(event, YearNotRead)]
    assert years == [(1998, "404"), (1997, None)]
    assert [event.window.index for event in found[:4]] == [0, 1, 2, 3]
    assert board.records_rejected == 2


async def test_the_years_that_the_store_waits_for_are_asked_of_it(redis: Redis) -> None:
    asked: list[tuple[int, ...]] = []

    async def script(window: Window, context: ReadContext) -> AsyncGenerator[Reading]:
        asked.append(await context.years_not_read())
        yield reading("1", context)

    await publish_years_not_read(redis, {Source.CAMARA: (1998, 2001), Source.SENADO: (1950,)})
    await move_to(redis, {})
    async with running(ScriptedSource({Walk.YEARS: script}), redis):
        await until(lambda: asyncio.sleep(0, asked), bool)
    assert asked[0] == (2001, 1998)
    await publish_years_not_read(redis, {Source.CAMARA: ()})
    assert await Checkpoint(redis, Source.CAMARA).years_not_read() == ()


async def test_while_redis_is_away_no_year_is_taken_for_read() -> None:
    nowhere = connect("redis://127.0.0.1:9/0", client_name="test")
    with pytest.raises(StreamUnavailable):
        await Checkpoint(nowhere, Source.CAMARA).years_not_read()
    await nowhere.aclose()
