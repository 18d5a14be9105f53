# ruff: noqa: ASYNC110 (another session sets no events)
"""Migrations that were interrupted: what is committed by then stays, and running them again is all the repair."""

import asyncio
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.runtime.migration import MigrationContext
from api_gateway.migrations import migration_runner, online, rules
from api_gateway.settings import StoreSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.pool import open_pool
from integration.store.database.test_migrations import differences, on_engine
from integration.store.database.test_migrations_compat import REVISIONS
from sqlalchemy.util import await_only

REPEATABLE = [
    "ALTER TABLE bill ADD COLUMN IF NOT EXISTS x text, ADD COLUMN IF NOT EXISTS y text",
    "ALTER TABLE bill DROP CONSTRAINT IF EXISTS x, ADD CONSTRAINT x CHECK (number > 0) NOT VALID",
    "ALTER TABLE bill ALTER number DROP NOT NULL, ALTER number SET STATISTICS 300",
    "CREATE TABLE IF NOT EXISTS new (id text)",
    "CREATE UNIQUE INDEX IF NOT EXISTS x ON new (id)",
    "CREATE OR REPLACE VIEW v AS SELECT 1",
    "INSERT INTO new VALUES ('') ON CONFLICT DO NOTHING",
    "DROP INDEX CONCURRENTLY IF EXISTS x",
]
NOT_REPEATABLE = [
    "ALTER TABLE bill ADD COLUMN x text",
    "ALTER TABLE bill ADD x text",
    "ALTER TABLE bill ADD COLUMN IF NOT EXISTS x text, ADD COLUMN y text",
    "ALTER TABLE bill ADD CONSTRAINT x CHECK (number > 0) NOT VALID",
    "ALTER TABLE bill DROP COLUMN x",
    "ALTER TABLE bill RENAME TO bills",
    "CREATE TABLE new (id text)",
    "CREATE SEQUENCE numbers",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON bill (number)",
    "INSERT INTO new VALUES ('')",
    "DROP INDEX CONCURRENTLY x",
]


class Interrupted(Exception):
    """The migration's process ended."""


@pytest.mark.parametrize("name", REVISIONS)
def test_what_a_migration_commits_before_its_end_may_be_repeated(name: str) -> None:
    revision = importlib.import_module(f"api_gateway.migrations.versions.{name}")
    assert rules.not_repeatable(rules.statements_of(revision)) == []


@pytest.mark.parametrize("statement", REPEATABLE)
def test_a_statement_that_may_be_repeated(statement: str) -> None:
    assert rules.not_repeatable([statement, "COMMIT", "BEGIN"]) == []


@pytest.mark.parametrize("statement", NOT_REPEATABLE)
def test_a_statement_that_may_not_be_repeated(statement: str) -> None:
    assert rules.not_repeatable([statement, "COMMIT", "BEGIN"])
    assert rules.not_repeatable(["COMMIT", "BEGIN", statement]) == [], "committed together with the version"


async def test_a_migration_that_was_interrupted_after_any_commit_is_run_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = MigrationContext.autocommit_block
    left = 0

    @contextmanager
    def interrupted(context: MigrationContext) -> Iterator[None]:
        nonlocal left
        with block(context):
            yield
        left -= 1
        if left == 0:
            raise Interrupted

    monkeypatch.setattr(MigrationContext, "autocommit_block", interrupted)
    interruptions = 0
    for name in REVISIONS:
        for left in count(1):  # noqa: B007 (counted down by the block)
            try:
                await migration_runner.upgrade(empty_database_url, target=name[:4])
                break
            except Interrupted:
                interruptions += 1
    assert interruptions > 20, "or this test looks at nothing"
    found = await on_engine(empty_database_url, differences)
    assert [entry for entry in found if "alembic_version" not in str(entry)] == []


@pytest.fixture
async def before_stages(empty_database_url: str, observe: Any) -> list[Any]:
    """A database at the schema before 0016, with three bills; what 0016 has to fill in."""
    await migration_runner.upgrade(empty_database_url)
    pool = await open_pool(StoreSettings(database_url=empty_database_url), name="test", statement_timeout=10)
    told = {"introduced_on": "2024-02-01", "actions": [{"kind": "OPINION", "date": "2024-03-05", "order": 0}]}
    await apply(pool, [observe(seq, upstream_id=str(seq), **told) for seq in (1, 2, 3)])
    written = await pool.fetch("SELECT id, first_days FROM bill ORDER BY id")
    await pool.close()

    def down(connection: Any) -> None:
        config = migration_runner.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")

    await on_engine(empty_database_url, down)
    return written


FILLED = "SELECT id FROM bill WHERE first_days IS NOT NULL ORDER BY id"


async def test_stages_that_were_interrupted_after_the_first_batch_are_filled_by_the_next_run(
    empty_database_url: str, before_stages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online, "BATCH_ROWS", 1)
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("ALTER TABLE bill ADD CONSTRAINT broken CHECK (id <> 'camara-2') NOT VALID")
    with pytest.raises(Exception, match="broken"):
        await migration_runner.upgrade(empty_database_url)
    assert [row["id"] for row in await connection.fetch(FILLED)] == ["camara-1"]
    await connection.execute("ALTER TABLE bill DROP CONSTRAINT broken")
    await migration_runner.upgrade(empty_database_url)
    assert await connection.fetch("SELECT id, first_days FROM bill ORDER BY id") == before_stages
    await connection.close()


async def test_a_bill_that_is_being_written_is_passed_over_and_filled_later(
    empty_database_url: str, before_stages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, reader = await asyncpg.connect(empty_database_url), await asyncpg.connect(empty_database_url)
    block = MigrationContext.autocommit_block

    @contextmanager
    def beside_a_writer(context: MigrationContext) -> Iterator[None]:
        with block(context):
            await_only(writer.execute("BEGIN; UPDATE bill SET source = source WHERE id = 'camara-2'"))
            yield

    monkeypatch.setattr(online, "BATCH_ROWS", 1)
    monkeypatch.setattr(MigrationContext, "autocommit_block", beside_a_writer)
    migrating = asyncio.create_task(migration_runner.upgrade(empty_database_url))
    async with asyncio.timeout(60):
        while not await reader.fetchval("SELECT to_jsonb(bill) ? 'first_days' FROM bill LIMIT 1"):
            await asyncio.sleep(0.05)
        while [row["id"] for row in await reader.fetch(FILLED)] != ["camara-1", "camara-3"]:
            await asyncio.sleep(0.05)
        await writer.execute("ROLLBACK")
        await migrating
    assert await reader.fetch("SELECT id, first_days FROM bill ORDER BY id") == before_stages
    await writer.close()
    await reader.close()
