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
