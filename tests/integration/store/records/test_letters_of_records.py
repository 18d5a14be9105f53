"""Dead letters of records other than bills: how they are named, asked for again, and resolved."""

from datetime import timedelta
from typing import Any

import pytest
from api_gateway.store.bill_state.write_items import DeadLetter
from api_gateway.store.dead_letters.dead_letter_admin import DeadLetterQuery, list_dead_letters
from api_gateway.store.dead_letters.dead_letter_writer import store_dead_letters
from api_gateway.store.sources.refetch_requests import load_refetch_requests
from api_gateway.store.sources.refetch_retries import request_due_records
from api_gateway.worker.dead_letter_replay import Replay, replay
from integration.store.records.record_readings import event, gone, reading, store
from legis.domain.vocabulary import ReadingPart, Source

EVENT = event(7)


async def park(pool: Any, *letters: DeadLetter) -> None:
    async with pool.acquire() as connection:
        await store_dead_letters(connection, letters)
    await pool.execute("UPDATE dead_letter SET last_at = '2020-01-01'")  # the builders' readings are dated


async def open_letters(pool: Any) -> list[tuple[str, str | None]]:
    found = await list_dead_letters(pool, DeadLetterQuery())
    return sorted((letter.stage, letter.upstream_id) for letter in found)


def letter(stage: str, upstream_id: str | None = EVENT.id, source: str = "camara") -> DeadLetter:
    return DeadLetter(source, stage, "refused", f"{stage} {upstream_id}".encode(), upstream_id=upstream_id)


async def test_a_letter_that_comes_under_another_id_has_that_one(pool: Any) -> None:
    """Letters that an older version named by a bare number are found by the readings of their own record."""
    for upstream_id in ("7", EVENT.id, None):
        await park(pool, DeadLetter("camara", "ingest", "no text", b"{}", upstream_id=upstream_id))
    assert await open_letters(pool) == [("ingest", EVENT.id)]


async def test_records_that_their_source_shows_alone_are_asked_for_again(pool: Any) -> None:
    await park(
        pool, letter("set_aside"), letter("ingest", "camara-vote-9-1"), letter("ingest", "8"),
        letter("ingest", "senado-session-7", "senado"), letter("ingest", "senado-meeting-7", "senado"),
        letter("set_aside", "agenda 2026-11", "senado"), letter("set_aside", "2026-11-20"),
    )  # fmt: skip
    await request_due_records(pool, timedelta())
    asked = await load_refetch_requests(pool)
    assert {source: sorted(ids) for source, ids in asked.items()} == {
        Source.CAMARA: ["8", "camara-event-7", "camara-vote-9-1"],
        Source.SENADO: ["senado-meeting-7"],
    }


async def test_a_letter_of_a_meeting_is_replayed_by_asking_its_source(pool: Any) -> None:
    publisher: Any = None  # nothing is published
    await park(pool, letter("set_aside"), letter("ingest", "senado-session-7", "senado"))
    ids = {one.upstream_id: one.id for one in await list_dead_letters(pool, DeadLetterQuery())}
    assert (await replay(pool, publisher, ids[EVENT.id])).outcome is Replay.ASKED
    assert (await replay(pool, publisher, ids["senado-session-7"])).outcome is Replay.IMPOSSIBLE
    assert (await load_refetch_requests(pool))[Source.CAMARA] == [EVENT.id]


@pytest.mark.parametrize("part", [ReadingPart.LIST, ReadingPart.BULK])
async def test_a_row_does_not_close_the_letter_of_a_record_set_aside(pool: Any, part: ReadingPart) -> None:
    """A row of a list does not have what could not be read."""
    await park(pool, letter("set_aside"), letter("ingest"))
    await store(pool, reading(EVENT, 1, part=part))
    assert await open_letters(pool) == [("set_aside", EVENT.id)]
    await store(pool, reading(EVENT, 2, part=ReadingPart.AGENDA))
    assert await open_letters(pool) == []


async def test_an_answer_of_404_closes_the_letters_of_a_record(pool: Any) -> None:
    await park(pool, letter("set_aside"), letter("ingest"), letter("ingest", "camara-event-8"))
    await store(pool, absences=[gone(EVENT, 1)])
    assert await open_letters(pool) == [("ingest", "camara-event-8")]
