"""One voting under several ids, and a voting with the votes of another one."""

from datetime import timedelta
from typing import Any

import orjson
from integration.store.records.record_readings import changes, reading, row, store, totals, votes, voting

MANY = votes("Y" * 20 + "N" * 10)


async def _flags(pool: Any, number: int) -> tuple[list[str], str | None]:
    document = orjson.loads((await row(pool, "record", f"camara-vote-{number}"))["document"])
    codes = [flag["code"] for flag in document["flags"] if flag["code"] in ("DUPLICATE", "VOTES_OF_ANOTHER")]
    return codes, document["duplicate_of"]


async def _counted(pool: Any) -> list[str]:
    rows = await pool.fetch("SELECT id FROM vote_event WHERE in_agreement ORDER BY id")
    return [one["id"] for one in rows]


async def test_the_first_with_totals_of_its_own_counts(pool: Any) -> None:
    later = voting().date + timedelta(days=1)
    await store(pool, reading(voting(2, votes=MANY, day=later, counts_published=totals(20, 10)), 1))
    assert await _flags(pool, 2) == ([], None)
    await store(pool, reading(voting(1, votes=MANY, counts_published=totals(20, 10)), 2))
    assert await _flags(pool, 1) == ([], None)
    assert await _flags(pool, 2) == (["DUPLICATE"], "camara-vote-1"), "judged again when the earlier one came"
    assert await _counted(pool) == ["camara-vote-1"]
    entries = [(one["bill_id"], one["kind"]) for one in await changes(pool, "VOTE_EVENT")]
    assert entries == [("camara-vote-2", "CREATED"), ("camara-vote-1", "CREATED")], "a warning is no news"


async def test_votes_that_contradict_the_totals_are_another_voting_s(pool: Any) -> None:
    await store(
        pool,
        reading(voting(1, votes=MANY, counts_published=totals(3, 27)), 1),
        reading(voting(2, votes=MANY, counts_published=totals(20, 10)), 2),
    )
    assert await _flags(pool, 1) == (["VOTES_OF_ANOTHER"], None)
    assert await _flags(pool, 2) == ([], None)
    assert await _counted(pool) == ["camara-vote-2"]


async def test_votes_that_are_corrected_end_the_warning(pool: Any) -> None:
    await store(pool, reading(voting(1, votes=MANY), 1), reading(voting(2, votes=MANY), 2))
    assert await _flags(pool, 2) == (["DUPLICATE"], "camara-vote-1")
    own = votes("N" * 20 + "Y" * 10)
    await store(pool, reading(voting(1, votes=own), 3))
    assert await _flags(pool, 2) == ([], None), "judged again when the other one changed"
    assert await _counted(pool) == ["camara-vote-1", "camara-vote-2"]
    assert await pool.fetchval("SELECT count(*) FROM party_vote") == 2


async def test_few_equal_votes_are_chance(pool: Any) -> None:
    await store(pool, reading(voting(1, votes=votes("YYN")), 1), reading(voting(2, votes=votes("YYN")), 2))
    assert await _counted(pool) == ["camara-vote-1", "camara-vote-2"]
