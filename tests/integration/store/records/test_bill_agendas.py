"""A bill's agenda: its next event, and one change when it is put on, taken off, or its event moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.reconciliation.removal import mark_removed
from api_gateway.store.records.bill_events import refresh_next_events
from integration.store.records.record_readings import NOON, agenda, changes, event, reading, store
from legis.domain.records.event_record import EventStatus
from legis.domain.vocabulary import Source

BILL = "camara-10"
SOON, LATER = NOON + timedelta(days=1), NOON + timedelta(days=8)


async def _moved(pool: Any) -> list[dict[str, Any]]:
    """The changes of agendas, oldest first."""
    found = [orjson.loads(one["document"]) for one in await changes(pool, "BILL") if one["kind"] == "MOVED"]
    return [change for one in found for change in one["changes"]]


async def _next(pool: Any) -> Any:
    row = await pool.fetchrow("SELECT document, summary, next_event_at FROM bill WHERE id = $1", BILL)
    shown = orjson.loads(row["document"])["next_event"]
    assert orjson.loads(row["summary"])["next_event"] == shown
    assert (row["next_event_at"] is None) == (shown is None)
    return shown


async def test_put_on_moved_and_taken_off(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    assert await _next(pool) is None
    await store(pool, reading(event(agenda=agenda(BILL), start=SOON), 2))
    assert (await _next(pool))["start"] == "2026-11-21T12:00:00Z"
    await store(pool, reading(event(agenda=agenda(BILL), start=LATER), 3))
    assert (await _next(pool))["start"] == "2026-11-28T12:00:00Z"
    await store(pool, reading(event(agenda=agenda(BILL), start=LATER, status=EventStatus.CANCELLED), 4))
    assert await _next(pool) is None
    put_on, moved, cancelled = await _moved(pool)
    assert (put_on["field"], put_on["old"], put_on["new"][0]["event_id"]) == ("agenda", [], "camara-event-1")
    assert [one["start"] for one in (*moved["old"], *moved["new"])] == ["2026-11-21T12:00:00Z", "2026-11-28T12:00:00Z"]
    assert [one["status"] for one in (*cancelled["old"], *cancelled["new"])] == ["CONFIRMED", "CANCELLED"]
    versions = [one["version"] for one in await changes(pool, "BILL")]
    assert versions == [1, 2, 3, 4]


async def test_an_item_that_vanishes_needs_two_answers(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    both = agenda(BILL, "camara-11")
    await store(pool, reading(event(agenda=both), 2))
    without = reading(event(agenda=both[1:]), 3, at=10)
    result = await store(pool, without)
    assert not result.results[0].remember, "the answer must come again"
    assert await _next(pool) is not None
    await store(pool, reading(event(agenda=both[1:]), 4, at=300))
    assert len(await _moved(pool)) == 1, "too early"
    await store(pool, reading(event(agenda=both[1:]), 5, at=700))
    assert await _next(pool) is None
    _, off = await _moved(pool)
    assert (off["old"][0]["event_id"], off["new"]) == ("camara-event-1", [])


async def test_an_item_that_returns_is_no_change(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    both = agenda(BILL, "camara-11")
    await store(pool, reading(event(agenda=both), 2))
    await store(pool, reading(event(agenda=both[1:]), 3, at=10))
    document = orjson.loads(await pool.fetchval("SELECT document FROM record"))
    assert [flag["code"] for flag in document["flags"]] == ["LIST_IN_DOUBT"]
    await store(pool, reading(event(agenda=both), 4, at=700))
    assert len(await _moved(pool)) == 1
    assert orjson.loads(await pool.fetchval("SELECT document FROM record"))["flags"] == []
    assert await pool.fetchval("SELECT count(*) FROM list_doubt") == 0


async def test_the_change_of_a_bill_has_the_trace_of_the_event_s_reading(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    await store(pool, reading(event(agenda=agenda(BILL)), 2, trace_id="a" * 32))
    _, moved = await changes(pool, "BILL")
    assert (moved["trace_id"], moved["published_at"]) == ("a" * 32, NOON + timedelta(seconds=1))


async def test_another_order_is_no_change(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    await store(pool, reading(event(agenda=agenda(BILL, "camara-11")), 2))
    await store(pool, reading(event(agenda=agenda("camara-11", BILL)), 3))
    assert len(await _moved(pool)) == 1


async def test_a_transfer_is_two_events_and_one_change(pool: Any, observe: Any) -> None:
    """In whatever order the two meetings are read, together or apart."""
    old = event(1, source=Source.SENADO, word="meeting", agenda=agenda(BILL), start=SOON)
    moved = old.model_copy(update={"status": EventStatus.MOVED, "moved_to": "senado-meeting-2"})
    new = event(2, source=Source.SENADO, word="meeting", agenda=agenda(BILL), start=LATER, moved_from=old.id)
    linked_once = new.model_copy(update={"moved_from": None})
    orders = ([[moved, new]], [[moved], [new]], [[new], [moved]], [[moved], [linked_once]])
    for turn, batches in enumerate(orders):
        await pool.execute("TRUNCATE record, event, event_bill, bill, bill_change")
        base = turn * 100
        await apply(pool, [observe(base + 1, "10")])
        await store(pool, reading(old, base + 2))
        before = await _moved(pool)
        for place, batch in enumerate(batches, 3):
            await store(pool, *(reading(one, base + place) for one in batch))
        assert len(before) == 1
        (change,) = (await _moved(pool))[1:]
        shown = [one["event_id"] for one in (*change["old"], *change["new"])]
        assert shown == ["senado-meeting-1", "senado-meeting-2"], batches
        assert (await _next(pool))["id"] == "senado-meeting-2"


async def test_past_events_of_a_backfill_change_nothing_visible(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    before = await pool.fetchrow("SELECT document, version FROM bill")
    past = event(agenda=agenda(BILL), start=NOON - timedelta(hours=5), status=EventStatus.HELD)
    await store(pool, reading(past, 2))
    assert await pool.fetchrow("SELECT document, version FROM bill") == before
    assert await pool.fetchval("SELECT count(*) FROM event_bill") == 1


async def test_a_bill_that_comes_after_its_event_shows_it(pool: Any, observe: Any) -> None:
    now = datetime.now(UTC)
    await store(pool, reading(event(agenda=agenda(BILL), start=now + timedelta(days=1)), 1), now=now)
    await apply(pool, [observe(2, "10")])
    assert (await _next(pool))["id"] == "camara-event-1"


async def test_an_event_that_began_is_next_no_more(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    await store(pool, reading(event(agenda=agenda(BILL), start=SOON), 2))
    log = len(await changes(pool, "BILL"))
    assert await refresh_next_events(pool, lambda: SOON - timedelta(seconds=1)) == 0
    assert await refresh_next_events(pool, lambda: SOON) == 1
    assert await _next(pool) is None
    assert len(await changes(pool, "BILL")) == log, "unlogged"
    assert await pool.fetchval("SELECT render_seq FROM bill") is not None
    assert await refresh_next_events(pool, lambda: SOON) == 0


async def test_a_next_event_that_was_missed_is_found(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    await store(pool, reading(event(agenda=agenda(BILL), start=SOON), 2))
    await pool.execute("UPDATE bill SET next_event_at = NULL")
    assert await refresh_next_events(pool, lambda: NOON) == 1
    assert (await _next(pool))["id"] == "camara-event-1"


async def test_a_removed_bill_stays_removed_whatever_its_events_do(pool: Any, observe: Any) -> None:
    """A row that is rendered again without a change of the log keeps the time of its removal."""
    await apply(pool, [observe(1, "10")])
    await store(pool, reading(event(agenda=agenda(BILL), start=SOON), 2))
    await mark_removed(pool, [BILL])
    removed = await pool.fetchval("SELECT removed_at FROM bill WHERE id = $1", BILL)
    assert removed is not None
    await store(pool, reading(event(agenda=agenda(BILL), start=LATER), 3))
    assert await refresh_next_events(pool, lambda: LATER) == 1
    row = await pool.fetchrow("SELECT document, summary, removed_at FROM bill WHERE id = $1", BILL)
    assert row["removed_at"] == removed
    assert orjson.loads(row["document"])["removed_at"] == orjson.loads(row["summary"])["removed_at"] is not None
