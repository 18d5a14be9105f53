"""Records that their source has no more, and lists that lie."""

from datetime import timedelta
from typing import Any

from api_gateway.store.sources.refetch_requests import load_refetch_requests
from integration.store.records.record_readings import changes, event, gone, reading, row, sighted, store
from legis.domain.vocabulary import Source

EVENTS = [event(number) for number in range(1, 21)]


async def _stored(pool: Any) -> None:
    await store(pool, *(reading(one, 1) for one in EVENTS))


async def _removed(pool: Any) -> list[str]:
    rows = await pool.fetch("SELECT id FROM record WHERE removed_at IS NOT NULL ORDER BY id")
    return [one["id"] for one in rows]


def _ids(*without: int) -> list[str]:
    return [one.id for number, one in enumerate(EVENTS, 1) if number not in without]


async def _asked(pool: Any) -> list[str]:
    return sorted(one for ids in (await load_refetch_requests(pool)).values() for one in ids)


async def test_missing_twice_and_apart_is_asked_for_and_its_404_removes_it(pool: Any) -> None:
    """It may only have moved to days that the list does not show."""
    await _stored(pool)
    await store(pool, lists=[sighted(_ids(1), 2, at=0)])
    await store(pool, lists=[sighted(_ids(1), 3, at=300)])
    assert await _asked(pool) == [], "too early"
    await store(pool, lists=[sighted(_ids(1), 4, at=700)])
    assert (await _removed(pool), await _asked(pool)) == ([], ["camara-event-1"])
    await store(pool, absences=[gone(EVENTS[0], 5, at=800)])
    assert (await _removed(pool), await _asked(pool)) == (["camara-event-1"], [])
    last = (await changes(pool, "EVENT"))[-1]
    assert (last["kind"], last["movement"], last["bill_id"]) == ("REMOVED", True, "camara-event-1")


async def test_an_event_that_was_moved_beyond_the_list_stays(pool: Any) -> None:
    await _stored(pool)
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, lists=[sighted(_ids(1), seq, at=at)])
    later = event(1, start=EVENTS[0].start + timedelta(days=90))
    await store(pool, reading(later, 4))
    assert (await _removed(pool), await _asked(pool)) == ([], [])
    await store(pool, lists=[sighted(_ids(1), 5, at=1400)])
    assert await pool.fetchval("SELECT count(*) FROM record_miss") == 0
    assert [one["kind"] for one in await changes(pool, "EVENT")][-1] == "MOVED"


async def test_what_its_source_cannot_be_asked_for_is_removed_by_its_lists(pool: Any) -> None:
    sessions = [event(number, word="session", source=Source.SENADO) for number in range(1, 21)]
    await store(pool, *(reading(one, 1) for one in sessions))
    ids = [one.id for one in sessions[1:]]
    for seq, at in ((2, 0), (3, 700)):
        listed = sighted(ids, seq, at=at, prefix="senado-session-").model_copy(update={"source": Source.SENADO})
        await store(pool, lists=[listed])
    assert (await _removed(pool), await _asked(pool)) == (["senado-session-1"], [])


async def test_the_same_list_again_is_no_second_miss(pool: Any) -> None:
    await _stored(pool)
    for _ in range(3):
        await store(pool, lists=[sighted(_ids(1), 2, at=0)])
    await store(pool, lists=[sighted(_ids(1), 2, at=9_000)])
    assert await _removed(pool) == []
    assert (await pool.fetchrow("SELECT misses FROM record_miss"))["misses"] == 1


async def test_a_list_that_has_it_again_forgets_the_misses(pool: Any) -> None:
    await _stored(pool)
    await store(pool, lists=[sighted(_ids(1), 2, at=0)])
    await store(pool, lists=[sighted(_ids(), 3, at=300)])
    await store(pool, lists=[sighted(_ids(1), 4, at=700)])
    assert await _removed(pool) == []


async def test_a_reading_forgets_the_misses(pool: Any) -> None:
    await _stored(pool)
    await store(pool, lists=[sighted(_ids(1), 2, at=0)])
    await store(pool, reading(EVENTS[0], 3))
    await store(pool, lists=[sighted(_ids(1), 4, at=700)])
    assert await _removed(pool) == []


async def test_an_empty_list_and_a_cut_one_prove_nothing(pool: Any) -> None:
    await _stored(pool)
    for seq, at in ((2, 0), (3, 700), (4, 1400)):
        await store(pool, lists=[sighted([], seq, at=at)])
        await store(pool, lists=[sighted(_ids(*range(1, 8)), seq + 10, at=at)])
    assert await _removed(pool) == []
    assert await pool.fetchval("SELECT count(*) FROM record_miss") == 0


async def test_nothing_is_missing_while_a_part_is(pool: Any) -> None:
    await _stored(pool)
    half = _ids(1)
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, lists=[sighted(half[:10], seq, at=at, parts=2)])
    assert await pool.fetchval("SELECT count(*) FROM record_miss") == 0
    await store(pool, lists=[sighted(half[10:], 3, at=700, part=1, parts=2)])
    assert (await pool.fetchrow("SELECT record_id FROM record_miss"))["record_id"] == "camara-event-1"


async def test_only_the_days_and_kind_of_the_list_count(pool: Any) -> None:
    await _stored(pool)
    other = {"first": sighted([], 1).last, "prefix": "camara-event-"}
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, lists=[sighted([], seq, at=at, **other)])
        await store(pool, lists=[sighted([], seq + 5, at=at, prefix="camara-session-")])
    assert await pool.fetchval("SELECT count(*) FROM record_miss") == 0


async def test_answered_404_twice_is_removed_and_comes_back(pool: Any) -> None:
    await _stored(pool)
    await store(pool, absences=[gone(EVENTS[0], 2, at=0)])
    assert await _removed(pool) == []
    await store(pool, absences=[gone(EVENTS[0], 3, at=700)])
    assert await _removed(pool) == ["camara-event-1"]
    await store(pool, lists=[sighted(_ids(), 4, at=800)])
    assert await _removed(pool) == [], "its source lists it again"
    assert (await changes(pool, "EVENT"))[-1]["kind"] == "CORRECTED"
    assert (await row(pool, "record"))["version"] == 3


async def test_a_reading_brings_a_removed_record_back(pool: Any) -> None:
    await _stored(pool)
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, absences=[gone(EVENTS[0], seq, at=at)])
    await store(pool, reading(EVENTS[0], 3))
    assert await _removed(pool) == ["camara-event-1"], "read before the answer"
    await store(pool, reading(EVENTS[0], 4))
    assert await _removed(pool) == []


async def test_many_at_once_are_an_outage(pool: Any) -> None:
    await _stored(pool)
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, absences=[gone(one, seq, at=at) for one in EVENTS[:8]])
    assert len(await _removed(pool)) == 5, "the first five alone are no outage; the others are"
