"""The recipe of docs/scaling.md that puts the change log into partitions, tried on a database that is written."""

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.changes.change_reader import load_changes
from api_gateway.store.database.reader import Database
from integration import bills

PAGE = Path(__file__).resolve().parents[4] / "docs" / "scaling.md"


def statements() -> list[str]:
    """The blocks of the page, in order."""
    found = re.findall(r"```sql partitions\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(found) == 4
    return found


async def write(pool: Any, over: asyncio.Event) -> int:
    """Stores one bill after the other; how many."""
    number = 0
    while not over.is_set():
        number += 1
        await apply(pool, [bills.observed(bills.make_bill(number))], confirm_seconds=0)
    return number


async def test_the_change_log_is_partitioned_while_it_is_written(pool: Any, database_url: str) -> None:
    over = asyncio.Event()
    writing = asyncio.create_task(write(pool, over))
    owner = await asyncpg.connect(database_url)
    for block in statements():
        before = await owner.fetchval("SELECT last_seq FROM change_counter")
        await owner.execute(block)
        async with asyncio.timeout(20):
            while await owner.fetchval("SELECT last_seq FROM change_counter") < before + 3:
                assert not writing.done(), "the writer goes on"
                await asyncio.sleep(0.01)
    over.set()
    stored = await writing
    readers = await asyncpg.create_pool(database_url, min_size=0, max_size=1)
    database = Database(readers, readers, limit=1, acquire_timeout=5)
    page = await load_changes(database, after=0, limit=stored + 1)
    await database.close(1)
    assert page.seqs == list(range(1, stored + 1))
    where = await owner.fetch("SELECT tableoid::regclass::text AS part, count(*) FROM bill_change GROUP BY 1")
    assert [tuple(row) for row in where] == [("bill_change_p0", stored)]
    assert await owner.fetchval("SELECT relkind FROM pg_class WHERE relname = 'bill_change'") == b"p"

    await owner.execute("UPDATE change_counter SET last_seq = 9999999")
    await apply(pool, [bills.observed(bills.make_bill(stored + 1))], confirm_seconds=0)
    assert await owner.fetchval("SELECT seq FROM bill_change_p1") == 10_000_000, "the next entries go into the next one"
    plan = await owner.fetch("EXPLAIN SELECT * FROM bill_change WHERE seq > 10000000 AND seq <= 10005000 ORDER BY seq")
    assert "bill_change_p0" not in "\n".join(row[0] for row in plan), "a page of the log reads one partition"
    await owner.close()
