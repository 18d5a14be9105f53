# ruff: noqa: ASYNC110 (other processes and servers set no events)
"""Releases overlap: migrations only add, today's code runs on tomorrow's schema, and says so on yesterday's."""

import asyncio
import importlib
import os
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import httpx2
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from api_gateway.migrations import migration_runner, online, rules
from api_gateway.settings import StoreSettings, WebSettings, WorkerSettings
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.schema_version import REQUIRED_SCHEMA, SchemaGate, SchemaTooOld
from api_gateway.web.app import create_app
from api_gateway.worker.app import make_app
from integration.indexing import indexing
from legis.errors import StoreUnavailable
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.streams.publisher import Publisher
from legis.telemetry.traces import Traces
from opentelemetry.sdk.trace import TracerProvider

VERSIONS = Path(migration_runner.__file__).parent / "versions"
REVISIONS = sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))
TOMORROW = """
    from alembic import op
    from api_gateway.migrations import online

    revision = "9999"
    down_revision = "{head}"

    def upgrade():
        op.execute("ALTER TABLE bill ADD COLUMN IF NOT EXISTS tomorrow text")
        op.execute("ALTER TABLE change_counter ADD COLUMN IF NOT EXISTS tomorrow integer NOT NULL DEFAULT 7")
        op.execute("CREATE TABLE IF NOT EXISTS tomorrow (bill_id text PRIMARY KEY)")
        online.create_index("bill_tomorrow_idx", "bill (tomorrow)")
"""


def module(name: str) -> ModuleType:
    return importlib.import_module(f"api_gateway.migrations.versions.{name}")


@pytest.mark.parametrize("name", REVISIONS)
def test_a_migration_leaves_the_release_before_it_running(name: str) -> None:
    revision = module(name)
    if getattr(revision, "contract", False):
        pytest.skip("contracts: run only when no release that needs what it drops is left (docs/deploys.md)")
    assert rules.broken_rules(rules.statements_of(revision)) == []


def test_revisions_are_numbered_in_one_line_and_the_code_asks_for_the_newest() -> None:
    script = ScriptDirectory.from_config(migration_runner.config())
    for place, name in enumerate(REVISIONS, 1):
        revision = module(name)
        assert revision.revision == name[:4] == f"{place:04}"
        assert revision.down_revision == (f"{place - 1:04}" if place > 1 else None)
    assert script.get_heads() == [REQUIRED_SCHEMA], "set REQUIRED_SCHEMA in store/database/schema_version.py"


REFUSED = [
    "DROP TABLE bill",
    "DROP INDEX bill_action_idx",
    "ALTER TABLE bill DROP COLUMN title",
    "ALTER TABLE bill DROP title",
    "ALTER TABLE bill RENAME COLUMN title TO ementa",
    "ALTER TABLE bill RENAME TO bills",
    "ALTER INDEX bill_idx RENAME TO bills_idx",
    "ALTER TABLE bill ALTER COLUMN number TYPE bigint",
    "ALTER TABLE bill ALTER number SET NOT NULL",
    "ALTER TABLE bill ADD COLUMN x text NOT NULL",
    "ALTER TABLE bill ADD COLUMN y text DEFAULT 'a', ADD COLUMN x text NOT NULL",
    "ALTER TABLE bill ADD COLUMN x uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE bill ADD COLUMN x bigserial",
    "ALTER TABLE bill ADD CONSTRAINT x CHECK (number > 0)",
    "ALTER TABLE bill ADD CONSTRAINT x UNIQUE (number)",
    "CREATE INDEX x ON bill (number)",
    "CREATE UNIQUE INDEX x ON bill (number)",
    "CREATE INDEX CONCURRENTLY x ON bill (number)",
    "UPDATE bill SET number = 1",
    "DELETE FROM bill",
    "LOCK TABLE bill",
]
ALLOWED = [
    "ALTER TABLE bill ADD COLUMN x text",
    "ALTER TABLE bill ADD COLUMN x text NOT NULL DEFAULT 'not null, drop'",
    "ALTER TABLE bill ADD COLUMN x text DEFAULT 'a' NOT NULL",
    "ALTER TABLE bill ALTER number DROP NOT NULL",
    "ALTER TABLE bill ADD CONSTRAINT x CHECK (number > 0) NOT VALID",
    "CREATE TABLE new (id text NOT NULL)",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_would_break_the_release_before_is_refused(statement: str) -> None:
    assert rules.broken_rules([statement])


@pytest.mark.parametrize("statement", ALLOWED)
def test_what_only_adds_is_allowed(statement: str) -> None:
    assert rules.broken_rules([statement]) == []


def test_a_new_table_may_be_shaped_freely() -> None:
    assert (
        rules.broken_rules(["CREATE TABLE new (id text)", "CREATE UNIQUE INDEX x ON new (id)", "DELETE FROM new"]) == []
    )


def test_an_index_built_online_keeps_the_rules() -> None:
    revision = ModuleType("revision")
    revision.upgrade = lambda: online.create_index("x", "bill (number)")  # type: ignore[attr-defined]
    sent = rules.statements_of(revision)
    assert [one for one in sent if one.startswith("CREATE INDEX CONCURRENTLY x ON bill (number)")]
    assert rules.broken_rules(sent) == []


@pytest.fixture
def tomorrow(tmp_path: Path) -> Config:
    """Migrations with one more than there is."""
    (tmp_path / "9999_tomorrow.py").write_text(textwrap.dedent(TOMORROW.format(head=REQUIRED_SCHEMA)))
    settings = migration_runner.config()
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("version_locations", os.pathsep.join((str(VERSIONS), str(tmp_path))))
    return settings


@asynccontextmanager
async def web(database_url: str, redis_url: str, index_folder: Path) -> AsyncIterator[httpx2.AsyncClient]:
    there = {"database_url": database_url, "redis_url": redis_url, "index_folder": str(index_folder)}
    app = create_app(WebSettings(**there, response_cache_entries=0))
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://legis.test") as client,
    ):
        yield client


async def answers(client: httpx2.AsyncClient, path: str, status: int) -> None:
    """Waits until it answers so."""
    async with asyncio.timeout(60):
        while (await client.get(path)).status_code != status:
            await asyncio.sleep(0.1)


async def schema_error(client: httpx2.AsyncClient, path: str) -> str:
    """What the check of the schema says, as soon as it fails."""
    async with asyncio.timeout(60):
        while (seen := (await client.get(path)).json()["checks"]["schema"])["status"] != "failing":
            await asyncio.sleep(0.1)
    return str(seen["error"])


async def test_todays_code_runs_on_tomorrows_schema(
    database_url: str, redis_url: str, tomorrow: Config, observe: Any, tmp_path: Path
) -> None:
    pool = await open_pool(StoreSettings(database_url=database_url), name="test", statement_timeout=10)
    await apply(pool, [observe(1, "1", title="De ontem")], confirm_seconds=0)
    await migration_runner.upgrade(database_url, settings=tomorrow)
    assert await pool.fetchval("SELECT version_num FROM alembic_version") == "9999"
    assert await pool.fetchval("SELECT indisvalid FROM pg_index WHERE indexrelid = 'bill_tomorrow_idx'::regclass")
    await SchemaGate(pool).check()
    await apply(pool, [observe(2, "1", title="De hoje", at=5), observe(3, "2", title="Outra")], confirm_seconds=0)
    async with indexing(database_url, tmp_path), web(database_url, redis_url, tmp_path) as client:
        await answers(client, "/api/health/startup", 200)
        await answers(client, "/api/v1/bills?min_seq=3", 200)
        found = (await client.get("/api/v1/bills?limit=10")).json()["data"]
        assert {bill["title"] for bill in found} == {"De hoje", "Outra"}
        assert (await client.get("/api/v1/bills/camara-1/versions")).status_code == 200
        seqs = [entry["seq"] for entry in (await client.get("/api/v1/changes")).json()["data"]]
        assert seqs == [1, 2, 3]
    await pool.close()


async def test_the_web_process_says_which_schema_it_wants(
    empty_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await migration_runner.upgrade(empty_database_url, target="0001")
    async with web(empty_database_url, redis_url, tmp_path) as client:
        wanted = f"schema {REQUIRED_SCHEMA} or newer is required; the database is at 0001"
        assert await schema_error(client, "/api/health") == wanted
        for path in ("/api/health/startup", "/api/health/ready", "/api/health"):
            assert (await client.get(path)).status_code == 503
        assert (await client.get("/api/health/live")).status_code == 200
        await migration_runner.upgrade(empty_database_url)
        await answers(client, "/api/health/startup", 200)
        assert (await client.get("/api/health/ready")).status_code == 503, "there is no index yet"
        async with indexing(empty_database_url, tmp_path):
            await answers(client, "/api/health/ready", 200)


async def test_the_worker_takes_nothing_that_it_could_not_store(
    empty_database_url: str, redis_url: str, observe: Any
) -> None:
    await migration_runner.upgrade(empty_database_url, target="0001")
    settings = WorkerSettings(database_url=empty_database_url, redis_url=redis_url)
    app = make_app(settings, Traces(TracerProvider()))
    transport = httpx2.ASGITransport(app)
    async with connect(redis_url, client_name="test") as redis:
        await Publisher(redis, capacity=10).publish([(observe(1).event, None)])
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://worker.test") as client,
        ):
            assert "or newer is required" in await schema_error(client, "/health")
            assert (await client.get("/health/startup")).status_code == 503
            assert await redis.exists(BILLS_STREAM) == 1
            assert await redis.xinfo_groups(BILLS_STREAM) == []
            await migration_runner.upgrade(empty_database_url)
            async with asyncio.timeout(60):
                while await redis.xlen(BILLS_STREAM):
                    await asyncio.sleep(0.1)
            await answers(client, "/health/startup", 200)
        assert await redis.xinfo_consumers(BILLS_STREAM, STORE_GROUP) == []


async def test_a_migration_gives_way_to_a_reader_and_comes_again(database_url: str, tomorrow: Config) -> None:
    reader = await asyncpg.connect(database_url)
    transaction = reader.transaction()
    await transaction.start()
    await reader.execute("SELECT count(*) FROM bill")
    migrating = asyncio.create_task(migration_runner.upgrade(database_url, settings=tomorrow))
    await asyncio.sleep(0.5)  # it waits for the table now, and whoever comes after it would wait behind it
    other = await asyncpg.connect(database_url)
    await asyncio.wait_for(other.execute("SELECT count(*) FROM bill"), 60)
    await transaction.rollback()
    await asyncio.wait_for(migrating, 60)
    await reader.close()
    await other.close()


async def test_a_table_that_stays_in_use_ends_the_migration(database_url: str, tomorrow: Config) -> None:
    reader = await asyncpg.connect(database_url)
    await reader.execute("BEGIN; SELECT count(*) FROM bill")
    with pytest.raises(StoreUnavailable, match="in use"):
        await migration_runner.upgrade(database_url, settings=tomorrow, lock_timeout=1.5)
    await reader.close()
    await migration_runner.upgrade(database_url, settings=tomorrow)


async def test_a_gate_asks_no_more_once_the_schema_was_enough(database_url: str) -> None:
    pool = await open_pool(StoreSettings(database_url=database_url), name="test", statement_timeout=10)
    with pytest.raises(SchemaTooOld, match="9999 or newer"):
        await SchemaGate(pool, "9999").check()
    gate = SchemaGate(pool)
    await gate.check()
    await pool.close()
    await gate.check()
    with pytest.raises(StoreUnavailable):
        await SchemaGate(pool).check()
    await SchemaGate(pool).check_if_reachable()
