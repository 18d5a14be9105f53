"""What the store keeps of the sources themselves: states as they changed, years not read, records to be asked again."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.settings import WorkerSettings
from api_gateway.store.bill_state.write_items import DeadLetter
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.dead_letters.dead_letter_writer import store_dead_letters
from api_gateway.store.reconciliation.reconciliation_events import store_reconciliation_events
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.sources import source_state_history
from api_gateway.store.sources.refetch_requests import load_refetch_requests
from api_gateway.store.sources.refetch_retries import request_due_records
from api_gateway.store.sources.source_state import Assessment, Shortfall, SourceState, StateReason
from api_gateway.store.sources.source_state_history import record_assessments
from api_gateway.store.sources.source_status import load_status_by
from api_gateway.store.sources.years_not_read import load_years_not_read
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import Walk, WindowRef, YearNotRead, YearSighted

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FRESH = Assessment(SourceState.FRESH)
BLOCKED = Assessment(SourceState.BLOCKED, (StateReason(Shortfall.BLOCKED, "until noon: 403"),))
STALE = Assessment(SourceState.STALE, (StateReason(Shortfall.CIRCUIT_OPEN, "requests are held back"),))
_numbers = itertools.count()


async def note(pool: Any, camara: Assessment, senado: Assessment = FRESH, minute: int = 0) -> None:
    await record_assessments(pool, {Source.CAMARA: camara, Source.SENADO: senado}, NOON + timedelta(minutes=minute))


async def changes(pool: Any, source: str = "camara") -> list[tuple[str | None, str, str]]:
    rows = await pool.fetch("SELECT * FROM source_state_change WHERE source = $1 ORDER BY id", source)
    return [(row["from_state"], row["to_state"], row["reason"]) for row in rows]


async def test_each_change_is_written_once_with_its_reasons(pool: Any) -> None:
    for minute, camara in enumerate((FRESH, FRESH, BLOCKED, BLOCKED, STALE, FRESH)):
        await note(pool, camara, minute=minute)
    assert await changes(pool) == [
        (None, "FRESH", ""),
        ("FRESH", "BLOCKED", "BLOCKED: until noon: 403"),
        ("BLOCKED", "STALE", "CIRCUIT_OPEN: requests are held back"),
        ("STALE", "FRESH", ""),
    ]
    assert await changes(pool, "senado") == [(None, "FRESH", "")]
    at = await pool.fetchval("SELECT at FROM source_state_change WHERE to_state = 'BLOCKED'")
    assert at == NOON + timedelta(minutes=2)


async def test_several_workers_write_a_change_once(pool: Any) -> None:
    for standing in (FRESH, BLOCKED, FRESH):
        await asyncio.gather(*(note(pool, standing) for _ in range(8)))
    assert [to for _, to, _ in await changes(pool)] == ["FRESH", "BLOCKED", "FRESH"]


async def test_the_history_is_bounded_for_each_source(pool: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(source_state_history, "KEPT", 5)
    await note(pool, FRESH, BLOCKED)
    for minute in range(12):
        await note(pool, BLOCKED if minute % 2 else STALE, BLOCKED, minute)
    kept = await changes(pool)
    assert [to for _, to, _ in kept] == ["BLOCKED", "STALE", "BLOCKED", "STALE", "BLOCKED"][-5:]
    assert len(await changes(pool, "senado")) == 1


def outcome(seq: int, reason: str | None = "404", year: int = 1998, source: Source = Source.CAMARA) -> YearNotRead:
    window = WindowRef(window_id=f"w{next(_numbers)}", walk=Walk.BACKFILL, index=0)
    return YearNotRead(source=source, published_at=NOON, window=window, read_seq=seq, year=year, reason=reason)


def sighted(seq: int, year: int = 1998) -> YearSighted:
    window = WindowRef(window_id=f"w{next(_numbers)}", walk=Walk.BACKFILL, index=0)
    return YearSighted(
        source=Source.CAMARA, published_at=NOON, window=window, read_seq=seq, year=year, part=0, parts=1,
        upstream_ids=("1",), url="u", fetched_at=NOON,
    )  # fmt: skip


async def take(pool: Any, *outcomes: YearNotRead, lists: tuple[YearSighted, ...] = ()) -> list[int]:
    await store_reconciliation_events(pool, lists, (), RemovalRule(), outcomes)
    return list((await load_years_not_read(pool))[Source.CAMARA])


async def test_a_year_is_not_read_until_its_list_is_had(pool: Any) -> None:
    assert await take(pool, outcome(5), outcome(6, year=2001), outcome(7, source=Source.SENADO)) == [2001, 1998]
    assert (await load_status_by(pool)).years_not_read[Source.CAMARA] == (2001, 1998)
    assert await take(pool, outcome(8, "500")) == [2001, 1998]
    row = await pool.fetchrow("SELECT * FROM year_not_read WHERE source = 'camara' AND year = 1998")
    assert (row["reason"], row["tries"]) == ("500", 2)
    assert await take(pool, lists=(sighted(9),)) == [2001]
    assert await take(pool, outcome(10, None, 2001)) == []
    assert (await load_years_not_read(pool))[Source.SENADO] == [1998]


async def test_old_news_of_a_year_changes_nothing(pool: Any) -> None:
    assert await take(pool, outcome(8)) == [1998]
    assert await take(pool, outcome(5, None)) == [1998], "read before it failed"
    assert await take(pool, outcome(8, None)) == [1998], "the same reading"
    assert await take(pool, outcome(7, "older")) == [1998]
    assert await pool.fetchval("SELECT reason FROM year_not_read") == "404"
    await pool.execute("INSERT INTO year_list VALUES ('camara', 2001, 50, now(), now(), 1, 0, 0)")
    assert await take(pool, outcome(40, year=2001)) == [1998], "delivered again, after the year was compared"


async def test_a_year_counts_as_an_item_of_its_window(pool: Any) -> None:
    one = outcome(5)
    await store_reconciliation_events(pool, (), (), RemovalRule(), (one,))
    await store_reconciliation_events(pool, (), (), RemovalRule(), (one,))
    assert (
        await pool.fetchval("SELECT count(*) FROM ingest_window_item WHERE window_id = $1", one.window.window_id) == 1
    )


def letter(upstream_id: str | None = "7", stage: str = "set_aside", source: str = "camara") -> DeadLetter:
    return DeadLetter(source, stage, "set aside: 400", f"{stage} {upstream_id}".encode(), upstream_id=upstream_id)


async def parked(pool: Any, *letters: DeadLetter) -> None:
    async with pool.acquire() as connection:
        await store_dead_letters(connection, letters)


async def asked(pool: Any, wait: timedelta = timedelta(minutes=5)) -> list[str]:
    """Asks for what is due and answers at once that it cannot be had; the ids that were asked for."""
    await request_due_records(pool, wait)
    found = sorted(one for ids in (await load_refetch_requests(pool)).values() for one in ids)
    await pool.execute("DELETE FROM source_question")
    return found


async def later(pool: Any, wait: timedelta) -> None:
    """So much time goes by."""
    await pool.execute(
        "UPDATE dead_letter SET first_at = first_at - $1::interval, asked_at = asked_at - $1::interval", wait
    )


async def test_it_is_asked_again_with_waits_that_grow_up_to_a_day(pool: Any) -> None:
    await parked(pool, letter(), letter("8", "ingest"))
    assert await asked(pool) == []
    wait = timedelta(minutes=5)
    for _ in range(8):
        await later(pool, wait - timedelta(seconds=1))
        assert await asked(pool) == [], wait
        await later(pool, timedelta(seconds=1))
        assert await asked(pool) == ["7", "8"], wait
        await parked(pool, letter(), letter("8", "ingest"))  # the answer: it still cannot be had
        wait *= 2
    await later(pool, timedelta(days=1))
    assert await asked(pool) == ["7", "8"], "never longer than a day"


async def test_the_longest_first_wait_holds_however_often_a_record_was_asked_for(pool: Any) -> None:
    await parked(pool, letter())
    await later(pool, timedelta(days=1))
    longest = timedelta(seconds=86_399)  # whole days are counted apart, and do not overflow
    assert await asked(pool, longest) == ["7"]
    await pool.execute("UPDATE dead_letter SET asks = 2147483646")
    assert await asked(pool, longest) == []
    await later(pool, timedelta(days=1))
    assert await asked(pool, longest) == ["7"]


def test_a_first_wait_that_is_longer_than_the_longest_is_refused() -> None:
    there = {"database_url": "postgresql://h/n", "redis_url": "redis://h"}
    for name in ("set_aside_wait_seconds", "list_settle_seconds"):
        with pytest.raises(ValueError, match=name):
            WorkerSettings(**there, **{name: 86_401})


async def test_only_records_that_can_be_named_are_asked_for(pool: Any) -> None:
    resolved = letter("9")
    await parked(
        pool, letter(None), letter("x7"), letter("8", "store"), letter("8", "decode"), letter("7", source="unknown"),
        resolved,
    )  # fmt: skip
    await pool.execute("UPDATE dead_letter SET resolved_at = now() WHERE upstream_id = '9'")
    await later(pool, timedelta(days=2))
    assert await asked(pool) == []


async def test_a_list_does_not_settle_what_only_the_record_can(pool: Any, observe: Any) -> None:
    await parked(pool, letter(), letter("7", "ingest"))
    await later(pool, timedelta(days=400))
    await pool.execute("UPDATE dead_letter SET last_at = last_at - interval '400 days'")

    async def open_stages() -> set[str]:
        rows = await pool.fetch("SELECT stage FROM dead_letter WHERE resolved_at IS NULL")
        return {row["stage"] for row in rows}

    for seq, part, left in (
        (1, ReadingPart.LIST, {"set_aside"}),
        (2, ReadingPart.VOTES, {"set_aside"}),
        (3, ReadingPart.BULK, {"set_aside"}),
        (4, ReadingPart.DETAIL, set()),
    ):
        await apply(pool, [observe(seq, "7", part=part)])
        assert await open_stages() == left, part


async def test_the_status_tells_set_aside_from_other_dead_letters(pool: Any) -> None:
    await parked(pool, letter(), letter("8"), letter("8", "ingest"), letter("9", source="senado"))
    status = await load_status_by(pool)
    assert status.dead_letters == {Source.CAMARA: 3, Source.SENADO: 1}
    assert status.set_aside == {Source.CAMARA: 2, Source.SENADO: 1}
