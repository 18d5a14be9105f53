"""A record that cannot be read is parked with what arrived, counted, and holds up nothing."""

import asyncio
from typing import Any

import asyncpg
import pytest


def letters(legis) -> list[tuple[Any, ...]]:
    """Open dead letters, straight from the database."""

    async def ask() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(legis.database_url)
        try:
            sql = "SELECT source, upstream_id, payload, error FROM dead_letter WHERE resolved_at IS NULL"
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(ask())
    finally:
        loop.close()


@pytest.mark.timeout(200)
@pytest.mark.parametrize("source", ["camara", "senado"])
def test_a_poisoned_record_is_parked_raw_and_its_neighbours_are_served(legis, source: str) -> None:
    legis.until(lambda: legis.get(f"/api/v1/bills?chamber={source.upper()}&limit=1").json()["data"], 90, "first bills")
    bad = legis.simulator("/control/create", {"source": source})["id"]
    legis.simulator("/control/faults", {"source": source, "kind": "poison_record", "value": {"ids": [bad]}})
    good = legis.simulator("/control/create", {"source": source})["id"]

    parked = legis.until(
        lambda: [row for row in letters(legis) if row[0] == source and str(bad).encode() in row[2]],
        60,
        f"a dead letter that holds {bad}",
    )
    legis.until(lambda: legis.get(f"/api/v1/bills/{source}-{good}").status == 200, 30, "its neighbour served")

    assert parked[0][3]
    legis.until(lambda: dead(legis, source) >= 1, 15, "the dead letter counted at /api/v1/sources")


def dead(legis, source: str) -> int:
    rows = {row["source"]: row for row in legis.get("/api/v1/sources").json()["data"]}
    return int(rows[source]["dead_letters_open"])
