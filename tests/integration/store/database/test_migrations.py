"""Migrations: up from empty, equal to the models, once whoever runs them, and never waiting for ever."""

import asyncio
import os
import re
import subprocess
import sys
from datetime import date
from typing import Any

import asyncpg
import orjson
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from api_gateway.migrations import migration_runner
from api_gateway.settings import StoreSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.pool import open_pool
from api_gateway.store.schema import key_tables, record_tables, source_tables, subscription_tables, tables
from legis.domain.vocabulary import ActionKind
from legis.errors import StoreUnavailable
from sqlalchemy.ext.asyncio import create_async_engine

METADATA = tables.BillRow.metadata
assert key_tables.ApiKeyRow.metadata is METADATA
assert source_tables.YearNotReadRow.metadata is METADATA
assert record_tables.RecordRow.metadata is METADATA
assert subscription_tables.SubscriptionRow.metadata is METADATA


def is_no_partition(name: str | None, kind: str, _: Any) -> bool:
    """Partitions are made of their parent, which is compared."""
    return not (kind == "table" and re.fullmatch(r"bill_change_p\d+", name or ""))


def differences(connection: Any) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "include_name": is_no_partition}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


async def on_engine(url: str, work: Any) -> Any:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def test_up_from_empty_equals_the_models(empty_database_url: str) -> None:
    assert await on_engine(empty_database_url, differences), "an empty database must differ, or this test sees nothing"
    await migration_runner.upgrade(empty_database_url)
    found = await on_engine(empty_database_url, differences)
    assert [entry for entry in found if "alembic_version" not in str(entry)] == []


async def test_up_again_does_nothing_and_down_leaves_nothing(empty_database_url: str) -> None:
    await migration_runner.upgrade(empty_database_url)
    await migration_runner.upgrade(empty_database_url)

    def down(connection: Any) -> None:
        config = migration_runner.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    await on_engine(empty_database_url, down)
    connection = await asyncpg.connect(empty_database_url)
    left = await connection.fetch("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    await connection.close()
    assert {row["relname"] for row in left} <= {"alembic_version", "alembic_version_pkc"}


async def test_many_at_once_make_one_schema(empty_database_url: str) -> None:
    await asyncio.gather(*(migration_runner.upgrade(empty_database_url) for _ in range(4)))
    connection = await asyncpg.connect(empty_database_url)
    assert await connection.fetchval("SELECT count(*) FROM store_epoch") == 1
    assert await connection.fetchval("SELECT last_seq FROM change_counter") == 0
    await connection.close()


async def test_waiting_for_another_migrator_ends(empty_database_url: str) -> None:
    holder = await asyncpg.connect(empty_database_url)
    await holder.execute(f"SELECT pg_advisory_lock({migration_runner.LOCK_KEY})")
    with pytest.raises(StoreUnavailable, match="another migration"):
        await migration_runner.upgrade(empty_database_url, lock_timeout=0.5)
    await holder.close()
    await migration_runner.upgrade(empty_database_url, lock_timeout=5)


ACTIONS = [
    (ActionKind.OPINION, date(2024, 3, 5)), (ActionKind.REFERRED, date(2024, 3, 1)),
    (ActionKind.REFERRED, date(2024, 2, 1)), (ActionKind.REFERRED, date(2024, 1, 31)),
    (ActionKind.REJECTED, date(2024, 5, 1)), (ActionKind.VOTED, date(2024, 5, 2)),
    (ActionKind.PUBLISHED, date(2024, 2, 2)), (ActionKind.SENT_FOR_SANCTION, date(9000, 1, 1)),
    (ActionKind.SENT_TO_OTHER_CHAMBER, None),
]  # fmt: skip


async def test_stages_are_filled_as_the_writer_fills_them(empty_database_url: str, observe: Any) -> None:
    """Of bills that were there before the column: with actions, without, and without a day of presentation."""
    await migration_runner.upgrade(empty_database_url)
    actions = [{"kind": kind, "date": day, "order": place} for place, (kind, day) in enumerate(ACTIONS)]
    pool = await open_pool(StoreSettings(database_url=empty_database_url), name="test", statement_timeout=10)
    told = {"1": {"introduced_on": "2024-02-01", "actions": actions}, "2": {"introduced_on": "2024-02-01"},
            "3": {"actions": actions}}  # fmt: skip
    await apply(pool, [observe(seq, upstream_id=number, **claims) for seq, (number, claims) in enumerate(told.items())])
    written = await pool.fetch("SELECT id, first_days FROM bill ORDER BY id")
    await pool.close()
    assert [orjson.loads(row["first_days"]) for row in written] == [
        {"OPINION": "2024-03-05", "REFERRED": "2024-02-01", "VOTED": "2024-05-01"}, {}, {},
    ]  # fmt: skip

    def down(connection: Any) -> None:
        config = migration_runner.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")

    await on_engine(empty_database_url, down)
    await migration_runner.upgrade(empty_database_url)
    connection = await asyncpg.connect(empty_database_url)
    filled = await connection.fetch("SELECT id, first_days FROM bill ORDER BY id")
    await connection.close()
    assert filled == written


def run(url: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api_gateway.migrations"],
        env={**os.environ, "DATABASE_URL": url, **more}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


async def test_as_a_command(empty_database_url: str, closed_port: int) -> None:
    done = await asyncio.to_thread(run, empty_database_url)
    assert (done.returncode, done.stderr) == (0, "migrate: schema is at head\n")
    nowhere = f"postgresql://postgres@127.0.0.1:{closed_port}/x"
    refused = await asyncio.to_thread(run, nowhere, MIGRATION_LOCK_TIMEOUT_SECONDS="1")
    assert refused.returncode == 1
    assert "not reachable" in refused.stderr
    assert "Traceback" not in refused.stderr
    wrong = await asyncio.to_thread(run, nowhere, MIGRATION_LOCK_TIMEOUT_SECONDS="soon")
    assert wrong.returncode == 2
    assert "MIGRATION_LOCK_TIMEOUT_SECONDS" in wrong.stderr


async def test_the_schema_can_be_printed_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    await asyncio.to_thread(command.upgrade, migration_runner.config(), "head", sql=True)
    printed = capsys.readouterr().out
    assert "CREATE TABLE bill (" in printed
    assert "CREATE TEXT SEARCH CONFIGURATION legis" in printed
