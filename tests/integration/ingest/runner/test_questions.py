"""How the store's questions are answered."""

from integration.ingest.runner.scripted import ScriptedSource, ends, events, move_to, running, two_and_a_bad_one, until
from legis.domain.vocabulary import Source
from legis.events import BillGone, BillObserved, Walk
from legis.streams.refetch_request_set import publish_refetch_requests
from redis.asyncio import Redis


async def test_the_stores_questions_are_answered_with_what_changed_today(redis: Redis) -> None:
    """What one answer costs or breaks keeps neither the others nor the window from being stored."""
    await publish_refetch_requests(redis, {Source.CAMARA: ["7", "away", "defect", "gone"]})
    await move_to(redis, {Walk.INCREMENTAL: 2})
    source = ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one})
    async with running(source, redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert sorted(source.asked) == ["7", "away", "defect", "gone"]
    assert ends(seen)[0].items == 5
    observed = [event.bill.upstream_id for event in seen if isinstance(event, BillObserved)]
    assert observed == ["1", "2", "7"]
    (absence,) = [event for event in seen if isinstance(event, BillGone)]
    assert (absence.upstream_id, absence.read_seq <= ends(seen)[0].max_read_seq) == ("gone", True)


async def test_a_backfill_answers_no_questions(redis: Redis) -> None:
    await publish_refetch_requests(redis, {Source.CAMARA: ["7"]})
    await move_to(redis, {Walk.BACKFILL: 2})
    source = ScriptedSource({Walk.BACKFILL: two_and_a_bad_one})
    async with running(source, redis):
        await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert source.asked == []
