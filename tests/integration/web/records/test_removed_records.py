"""A record that its source has no more stays under its address, and is in no list."""

from typing import Any

import asyncpg
from integration.store.records.record_readings import gone, legislator, store, voting
from integration.web.records.asking_records import get, ids


async def test_a_removed_record_says_so(api: Any, put: Any, module_database_url: str) -> None:
    people, votings = [legislator(number) for number in range(1, 6)], [voting(number) for number in range(1, 6)]
    await put(*people, *votings)
    pool = await asyncpg.create_pool(module_database_url, min_size=0, max_size=1)
    for turn, seconds in enumerate((0, 700, 1400)):
        answers = [
            gone(record, 2_000_000 + 10 * turn + n, at=seconds) for n, record in enumerate((people[0], votings[0]))
        ]
        await store(pool, absences=answers)
    await pool.close()
    for path, removed, others in (
        ("/legislators", people[0].id, people[1:]),
        ("/vote-events", votings[0].id, votings[1:]),
    ):
        assert (await get(api, f"{path}/{removed}"))["data"]["removed_at"] is not None
        assert (await get(api, f"{path}/{others[0].id}"))["data"]["removed_at"] is None
        assert set(await ids(api, path)) == {record.id for record in others}
    told = (await get(api, "/changes", about="legislator,vote_event", kind="REMOVED"))["data"]
    assert [one["subject"]["id"] for one in told] == [people[0].id, votings[0].id]
