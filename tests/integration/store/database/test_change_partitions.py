"""The change log in partitions: put in place while it is read and written, and always with two ahead."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from api_gateway.migrations import migration_runner
from api_gateway.migrations.database_roles import settle_roles
from api_gateway.settings import StoreSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.changes.change_partitions import keep_partitions_ahead
from api_gateway.store.database.pool import open_pool
from integration import bills
from integration.store.database.test_database_roles import PASSWORDS, as_role
from legis.errors import StoreUnavailable
from legis.telemetry.metrics import CHANGE_PARTITIONS_AHEAD
from prometheus_client import REGISTRY

PARTITIONS = "SELECT name, first_seq, end_seq FROM change_partition ORDER BY first_seq"
FIRST_THREE = [
    ("bill_change_p0", 0, 5_000_000),
    ("bill_change_p5000000", 5_000_000, 10_000_000),
    ("bill_change_p10000000", 10_000_000, 15_000_000),
]
UNIQUE = """
SELECT conrelid::regclass::text FROM pg_constraint
WHERE contype = 'u' AND conrelid::regclass::text LIKE 'bill_change%'
  AND pg_get_constraintdef(oid) = 'UNIQUE (bill_id, version)'
ORDER BY 1
"""


async def partitions(pool: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await pool.fetch(PARTITIONS)]


def ahead() -> float | None:
    return REGISTRY.get_sample_value("legis_change_partitions_ahead")


async def move_head(pool: Any, seq: int) -> None:
    await pool.execute("UPDATE change_counter SET last_seq = $1", seq)


@pytest_asyncio.fixture(loop_scope="session")
async def old_pool(empty_database_url: str) -> AsyncIterator[Any]:
    """A pool on a database at the schema before, as processes of the release before have it."""
    await migration_runner.upgrade(empty_database_url, target="0014")
    opened = await open_pool(StoreSettings(database_url=empty_database_url), name="old", statement_timeout=10)
    await opened.execute("ALTER TABLE bill ADD COLUMN first_days jsonb")  # of 0016: the code of today writes it
    yield opened
    await opened.close()


async def write(pool: Any, over: asyncio.Event) -> int:
    """Stores one bill after the other; how many."""
    number = 0
    while not over.is_set():
        number += 1
        await apply(pool, [bills.observed(bills.make_bill(number))], confirm_seconds=0)
    return number


async def read(url: str, over: asyncio.Event) -> int:
    """Reads the log again and again, whole, by a statement that stays prepared; how often."""
    connection, times = await asyncpg.connect(url), 0
    page = await connection.prepare(
        "SELECT seq, bill_id, kind, document FROM bill_change WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3"
    )
    while not over.is_set():
        found = [row["seq"] for row in await page.fetch(0, 5000, 5000)]
        assert found == list(range(1, len(found) + 1))
        times += 1
    await connection.close()
    return times


async def test_the_log_is_partitioned_while_the_release_before_reads_and_writes_it(
    old_pool: Any, empty_database_url: str
) -> None:
    over = asyncio.Event()
    writing = asyncio.create_task(write(old_pool, over))
    reading = asyncio.create_task(read(empty_database_url, over))

    async def some_more() -> None:
        before = await old_pool.fetchval("SELECT last_seq FROM change_counter")
        async with asyncio.timeout(60):
            while await old_pool.fetchval("SELECT last_seq FROM change_counter") < before + 5:
                assert not writing.done()
                assert not reading.done()
                await asyncio.sleep(0.01)

    await some_more()
    await migration_runner.upgrade(empty_database_url, target="0015")
    await some_more()
    over.set()
    stored = await writing
    assert await reading > 1
    assert await partitions(old_pool) == FIRST_THREE
    assert await old_pool.fetchval("SELECT count(*) FROM ONLY bill_change_p0") == stored
    assert await old_pool.fetchval("SELECT count(*) FROM bill_change") == stored
    assert [row[0] for row in await old_pool.fetch(UNIQUE)] == sorted(name for name, *_ in FIRST_THREE)
    checks = "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = 'bill_change_p0'::regclass"
    assert await old_pool.fetchval(checks) == 0, "the constraint that proved the bounds is gone"
    invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indrelid = 'bill_change'::regclass"
    assert await old_pool.fetchval(invalid) == 0, "every index of the whole has its part in each partition"


async def test_the_first_partition_has_room_above_a_head_that_is_high(old_pool: Any, empty_database_url: str) -> None:
    await move_head(old_pool, 7_500_000)
    await migration_runner.upgrade(empty_database_url, target="0015")
    assert [row[1:] for row in await partitions(old_pool)] == [
        (0, 15_000_000),
        (15_000_000, 20_000_000),
        (20_000_000, 25_000_000),
    ]


async def test_a_log_in_use_is_tried_again_without_reading_it_again(old_pool: Any, empty_database_url: str) -> None:
    await apply(old_pool, [bills.observed(bills.make_bill(1))], confirm_seconds=0)
    reader = await asyncpg.connect(empty_database_url)
    await reader.execute("BEGIN; SELECT count(*) FROM bill_change")
    with pytest.raises(StoreUnavailable, match="in use"):
        await migration_runner.upgrade(empty_database_url, lock_timeout=1)
    await reader.execute("ROLLBACK")
    bounded = "ADD CONSTRAINT bill_change_below_20000 CHECK (seq >= 0 AND seq < 20000)"
    await reader.execute(f"ALTER TABLE bill_change {bounded}")
    await reader.close()
    await move_head(old_pool, 12)
    await migration_runner.upgrade(empty_database_url, target="0015")
    assert (await partitions(old_pool))[0] == ("bill_change_p0", 0, 20_000), "the bound of the attempt before"


async def test_a_page_of_the_log_reads_one_partition_and_its_end_is_found_at_once(pool: Any) -> None:
    await move_head(pool, 4_999_998)
    for number in (1, 2):
        await apply(pool, [bills.observed(bills.make_bill(number))], confirm_seconds=0)
    where = await pool.fetch("SELECT tableoid::regclass::text, seq FROM bill_change ORDER BY seq")
    assert [tuple(row) for row in where] == [("bill_change_p0", 4_999_999), ("bill_change_p5000000", 5_000_000)]
    page = "SELECT * FROM bill_change WHERE seq > 5000000 AND seq <= 5005000 ORDER BY seq LIMIT 20"
    plan = "\n".join(row[0] for row in await pool.fetch(f"EXPLAIN {page}"))
    assert "bill_change_p0" not in plan
    assert "bill_change_p10000000" not in plan
    newest = "EXPLAIN SELECT seq FROM bill_change ORDER BY seq DESC LIMIT 1"
    plan = "\n".join(row[0] for row in await pool.fetch(newest))
    assert "Sort" not in plan, "partitions are read in order, newest first"


async def test_two_partitions_are_always_ahead(pool: Any) -> None:
    await keep_partitions_ahead(pool, 1000)
    assert await partitions(pool) == FIRST_THREE
    assert ahead() == 2
    await move_head(pool, 5_000_000)
    await asyncio.gather(*(keep_partitions_ahead(pool, 1000) for _ in range(4)))
    assert await partitions(pool) == [*FIRST_THREE, ("bill_change_p15000000", 15_000_000, 15_001_000)]
    assert ahead() == 2
    await move_head(pool, 15_000_500)
    await keep_partitions_ahead(pool, 1000)
    assert [row[1:] for row in await partitions(pool)][4:] == [(15_001_000, 15_002_000), (15_002_000, 15_003_000)]


async def test_the_worker_makes_partitions_and_nobody_else(database_url: str, pool: Any) -> None:
    await settle_roles(database_url, PASSWORDS, lock_timeout=10)
    await move_head(pool, 5_000_000)
    for process in ("web", "indexer", "notifier"):
        connection = await asyncpg.connect(as_role(database_url, process))
        await connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT make_change_partitions(1000)")
        await connection.close()
    settings = StoreSettings(database_url=as_role(database_url, "worker"))
    worker = await open_pool(settings, name="worker", statement_timeout=10, stateless=True)
    await keep_partitions_ahead(worker, 1000)
    assert len(await partitions(pool)) == 4
    await move_head(pool, 15_000_000)
    await apply(worker, [bills.observed(bills.make_bill(1))], confirm_seconds=0)
    await worker.close()
    for process in ("web", "indexer", "notifier"):
        connection = await asyncpg.connect(as_role(database_url, process))
        assert await connection.fetchval("SELECT seq FROM bill_change") == 15_000_001
        await connection.close()


async def test_making_waits_for_neither_readers_nor_writers(database_url: str, pool: Any) -> None:
    await move_head(pool, 5_000_000)
    busy = await asyncpg.connect(database_url)
    await busy.execute("BEGIN; DELETE FROM bill_change; SELECT count(*) FROM bill_change")
    await asyncio.wait_for(keep_partitions_ahead(pool, 1000), 60)
    await busy.execute("ROLLBACK")
    await busy.close()
    assert len(await partitions(pool)) == 4


async def test_a_refusal_still_tells_how_many_are_ahead(pool: Any) -> None:
    CHANGE_PARTITIONS_AHEAD.set(2)
    await pool.execute("DROP FUNCTION make_change_partitions(bigint)")
    await move_head(pool, 10_000_000)
    with pytest.raises(StoreUnavailable):
        await keep_partitions_ahead(pool, 1000)
    assert ahead() == 0
