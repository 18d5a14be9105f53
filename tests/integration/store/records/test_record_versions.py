"""Readings of a record become versions, and entries of the change log that are about it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from api_gateway.store.bill_state.write_items import Outcome
from integration.store.records.record_readings import NOON, agenda, changes, event, reading, row, store, votes, voting
from legis.domain.records.event_record import EventStatus
from legis.domain.vocabulary import ReadingPart


def _outcomes(result: Any) -> list[Outcome]:
    return [one.outcome for one in result.results]


async def test_new_unchanged_changed(pool: Any) -> None:
    first = reading(event(), 1)
    assert _outcomes(await store(pool, first)) == [Outcome.INSERTED]
    assert _outcomes(await store(pool, reading(event(), 2))) == [Outcome.UNCHANGED]
    moved = reading(event(start=NOON + timedelta(days=3)), 3)
    assert _outcomes(await store(pool, moved)) == [Outcome.UPDATED]
    created, changed = await changes(pool, "EVENT")
    assert (created["kind"], created["movement"]) == ("CREATED", False)
    assert (changed["kind"], changed["movement"], changed["fields"]) == ("MOVED", True, ["start"])
    document = orjson.loads(changed["document"])
    assert document["subject"] == {"type": "event", "id": "camara-event-1"}
    assert document["changes"][0]["new"] == "2026-11-23T12:00:00Z"
    stored = await row(pool, "record")
    assert (stored["version"], stored["change_seq"], stored["read_seq"]) == (2, 2, 3)
    assert orjson.loads(stored["document"])["version"] == 2
    assert orjson.loads(stored["summary"])["start"] == "2026-11-23T12:00:00Z"


async def test_delivered_again_at_any_point_nothing_changes(pool: Any) -> None:
    items = [reading(event(name=f"Reunião {turn}"), turn) for turn in range(1, 6)]
    for end in range(1, 6):
        await store(pool, *items[:end])
    before = [dict(one) for one in await changes(pool, "EVENT")]
    assert _outcomes(await store(pool, *items)) == [Outcome.STALE] * 5
    assert [dict(one) for one in await changes(pool, "EVENT")] == before
    assert len(before) == 5


async def test_an_older_answer_about_other_fields_is_stored(pool: Any) -> None:
    """The votes of a file are stored though the row of a newer list came first; the older description is not."""
    await store(pool, reading(voting(description="novo"), 9, part=ReadingPart.LIST))
    older = voting(description="velho", votes=votes("YYN"))
    result = await store(pool, reading(older, 5, part=ReadingPart.VOTES))
    assert _outcomes(result) == [Outcome.UPDATED]
    document = orjson.loads((await row(pool, "record", "camara-vote-1"))["document"])
    assert (document["description"], document["counts"]["yes"]) == ("novo", 2)
    assert await pool.fetchval("SELECT count(*) FROM member_vote") == 3


async def test_a_first_reading_of_a_part_is_no_news(pool: Any) -> None:
    await store(pool, reading(voting(), 1))
    await store(pool, reading(voting(votes=votes("YYN")), 2, part=ReadingPart.VOTES))
    read = (await changes(pool, "VOTE_EVENT"))[-1]
    assert (read["kind"], read["movement"]) == ("READ", False)
    (change,) = orjson.loads(read["document"])["changes"]
    assert change["new"] == {"entries": 3, "added": 3, "removed": 0}


async def test_a_new_voting_is_movement_an_old_one_is_not(pool: Any) -> None:
    today = datetime.now(UTC).date()  # the database's clock decides
    await store(pool, reading(voting(1, day=today), 1), reading(voting(2, day=today - timedelta(days=400)), 2))
    assert [one["movement"] for one in await changes(pool, "VOTE_EVENT")] == [True, False]


async def test_the_sequence_of_a_calendar_rises_by_time_place_and_status_only(pool: Any) -> None:
    await store(pool, reading(event(), 1))
    seen = []
    steps = [
        {"name": "Outro nome"},
        {"location": "Plenário 2"},
        {"location": "Plenário 2", "end": NOON + timedelta(days=2)},
        {"location": "Plenário 2", "end": NOON + timedelta(days=2), "status": EventStatus.CANCELLED},
        {
            "location": "Plenário 2",
            "end": NOON + timedelta(days=2),
            "status": EventStatus.CANCELLED,
            "agenda": agenda(),
        },
    ]
    for turn, claims in enumerate(steps, 2):
        await store(pool, reading(event(**claims), turn))
        seen.append((await row(pool, "event"))["sequence"])
    assert seen == [0, 1, 2, 3, 3]


async def test_a_reading_that_cannot_be_stored_is_found_by_halves(pool: Any) -> None:
    items = [reading(event(number), number) for number in range(1, 8)]
    bad = reading(event(8, location="Plenário \x00"), 8)
    result = await store(pool, *items[:3], bad, *items[3:])
    assert _outcomes(result) == [*[Outcome.INSERTED] * 3, Outcome.DEAD, *[Outcome.INSERTED] * 4]
    letter = await pool.fetchrow("SELECT * FROM dead_letter")
    assert (letter["upstream_id"], letter["stage"], letter["payload"]) == ("camara-event-8", "store", bad.payload)
    assert await pool.fetchval("SELECT count(*) FROM ingest_window_item") == 8
    await store(pool, reading(event(8), 9, at=(datetime.now(UTC) - NOON).total_seconds() + 60))  # after the letter
    assert await pool.fetchval("SELECT count(*) FROM dead_letter WHERE resolved_at IS NULL") == 0
