"""Whatever happens to the database or to the folder, the index is built again and is right again."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from api_gateway.indexer import builds, follow
from api_gateway.search.index.folder import NONE, IndexNotReady, set_current_build
from api_gateway.search.index.reader_lock import acquire_reader_lock, has_readers
from api_gateway.store.windows.checkpoint_reader import renew_epoch
from integration.bills import make_bill
from integration.indexer.built import HOME, rebuilds
from integration.indexing import indexing, reading, until
from legis.telemetry.metrics import INDEX_FAILURES


async def test_a_restored_database_is_known_by_its_epoch(
    database_url: str, folder: Path, built: str, pool: Any, agree: Any
) -> None:
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        before = rebuilds("epoch")
        await renew_epoch(pool)
        epoch = await pool.fetchval("SELECT epoch::text FROM store_epoch")
        with pytest.raises(IndexNotReady, match="restored"):
            index.require(epoch)
        await agree(index)
        assert rebuilds("epoch") == before + 1
        assert loop.builds.current != built
        assert index.require(epoch).position.epoch == epoch
        await until(lambda: not (folder / HOME / built).exists(), "the old build is cleared away")


FALLS_BACK = {
    "shorter": "WITH gone AS (DELETE FROM bill_change WHERE seq > 15) UPDATE change_counter SET last_seq = 15",
    "as long, but another": "UPDATE bill_change SET changed_at = changed_at + interval '1 second' WHERE seq = 20",
    "longer, but another": """
        WITH other AS (UPDATE bill_change SET version = version + 100 WHERE seq = 20)
        UPDATE change_counter SET last_seq = last_seq + 1""",
    "renders": "UPDATE change_counter SET last_render_seq = -1",
}


@pytest.mark.parametrize("how", FALLS_BACK)
@pytest.mark.parametrize("when", ["while it is followed", "before it is followed"])
async def test_a_log_that_went_back_under_the_same_epoch_is_noticed(
    database_url: str, folder: Path, built: str, pool: Any, agree: Any, how: str, when: str
) -> None:
    before = rebuilds("log_went_back")

    async def fall_back() -> None:
        await pool.execute(FALLS_BACK[how])
        if how == "shorter":  # and the bills with it
            await pool.execute("DELETE FROM bill WHERE change_seq > 15")

    if when.startswith("before"):
        await fall_back()
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        if when.startswith("while"):
            await until(lambda: index.state, "the index is open")
            await fall_back()
        await until(lambda: rebuilds("log_went_back") == before + 1, "it is built again")
        await until(lambda: loop.builds.current not in (None, built), "the new build is served")
        if how.startswith("longer"):  # an entry that is counted and not there
            await pool.execute("UPDATE change_counter SET last_seq = 20")
        await agree(index)


async def test_readers_go_on_with_the_old_build_until_the_new_one_is_whole(
    database_url: str, folder: Path, built: str, pool: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(folder) as index:
        await until(lambda: index.state, "the old build is open")
        async with indexing(database_url, folder) as loop:
            await agree(index)
            assert loop.builds.current == built
        assert index.state is not None, "it is read without an indexer too"
        (folder / HOME / "current").unlink()
        await asyncio.sleep(0.3)
        assert index.state is not None, "what is open of a deleted index is right"
        set_current_build(folder / HOME, NONE)
        await until(lambda: index.state is None, "what was found to be wrong is searched no more")


async def test_a_folder_that_was_made_anew_is_known_to_be_read(
    database_url: str, folder: Path, built: str, agree: Any
) -> None:
    async with reading(folder) as index:
        await until(lambda: index.state, "the old build is open")
        assert has_readers(folder / HOME)
        shutil.rmtree(folder)
        async with indexing(database_url, folder):
            await until(lambda: index.state is not None and has_readers(folder / HOME), "the new folder is read")
            await agree(index)
    assert not has_readers(folder / HOME)


async def test_a_folder_of_another_schema_goes_when_nobody_reads_it(
    database_url: str, folder: Path, agree: Any
) -> None:
    read, unread = folder / "schema-0", folder / "schema-999"
    unread.mkdir(parents=True)
    (unread / "current").write_text("build-1\n")
    mark = acquire_reader_lock(read)
    before = rebuilds("schema")
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
        assert rebuilds("schema") == before + 1
        assert not unread.exists()
        assert read.exists(), "somebody reads it"
    mark.close()
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
        await until(lambda: not read.exists(), "its reader has ended")


async def test_after_a_day_a_folder_of_another_schema_goes_in_any_case(
    database_url: str, folder: Path, agree: Any
) -> None:
    old = folder / "schema-0"
    mark = acquire_reader_lock(old)
    past = old.stat().st_mtime - builds.OLD_SCHEMA_SECONDS - 1
    os.utime(old, (past, past))
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
        assert not old.exists()
    mark.close()


async def test_a_database_that_is_away_is_waited_for(
    database_url: str, postgres_server: Any, folder: Path, built: str, write: Any, pool: Any, agree: Any
) -> None:
    name = database_url.rpartition("/")[2]
    admin = await asyncpg.connect(postgres_server.url("postgres"))
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        before = INDEX_FAILURES.labels("follow")._value.get()
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await until(lambda: INDEX_FAILURES.labels("follow")._value.get() > before, "it is noticed")
        assert index.state is not None, "what is there goes on being searched"
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await pool.expire_connections()
        await write(make_bill(50))
        await agree(index)
        assert loop.builds.current == built, "nothing to build again"
    await admin.close()


async def test_a_disk_that_refuses_is_tried_again(
    database_url: str, folder: Path, write: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = 0
    create = follow.BuildWriter.create

    def full(path: Path) -> Any:
        nonlocal refused
        refused += 1
        if refused < 3:
            raise OSError(28, "No space left on device")
        return create(path)

    monkeypatch.setattr(follow.BuildWriter, "create", full)
    await write(make_bill(1))
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
    assert refused == 3
    assert len(list((folder / HOME).glob("build-*.sums.json"))) == 1
