"""An old partition leaves the log for the archive: proved equal, refused while it is needed, and told to readers."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pyarrow.parquet as pq
import pytest
from api_gateway.archive_changes import NotArchived, archive_oldest, main
from api_gateway.exporter.change_files import ContentsSum, contents_of_file
from api_gateway.settings import ExportSettings, StoreSettings
from api_gateway.store.changes.log_archive import StillNeeded
from api_gateway.store.database.pool import open_pool
from api_gateway.store.subscriptions.match_writer import drop_old

Client = httpx2.AsyncClient
OLDEST = 5_000_000
NAME = "changes/000000000000-000004999999.parquet"
ARCHIVE = "https://archive.example/changes"
OLD = "UPDATE bill_change SET changed_at = changed_at - interval '40 days' WHERE seq < 5000000"

PARKED = """
WITH made AS (
    INSERT INTO subscription (public_id, channel, target, parameters, frequency, language, state, created_at, since_seq,
                              sent_seq)
    VALUES ('s', 'WEBHOOK', 'https://h.example', '', 'IMMEDIATE', 'pt', 'ACTIVE', now(), 5000001, 5000001) RETURNING id
)
INSERT INTO parked_delivery (subscription_id, seq, at)
SELECT id, seq, now() - make_interval(days => days) FROM made, (VALUES (1, 31), (2, 29)) AS parked (seq, days)
"""
"""Two changes that a receiver refused, 31 and 29 days ago."""


@pytest.fixture(scope="module")
def settings(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> ExportSettings:
    return ExportSettings(database_url=module_database_url, exports_folder=str(tmp_path_factory.mktemp("archive")))


@pytest.fixture(scope="module")
async def api(serve: Any) -> AsyncIterator[Client]:
    async with serve(change_archive_url=ARCHIVE) as client:
        yield client


@pytest.fixture
async def pool(module_database_url: str) -> AsyncIterator[Any]:
    opened = await open_pool(StoreSettings(database_url=module_database_url), name="test", statement_timeout=10)
    yield opened
    await opened.close()


@pytest.fixture(scope="module", autouse=True)
async def log(store: Any, make_bill: Any, connection: Any) -> None:
    """Entries 1, 2 and 4 999 999 in the first partition, and two after it: one of them the second of a bill."""
    await store([make_bill(1), make_bill(2)])
    await connection.execute("UPDATE change_counter SET last_seq = 4999998")
    await store([make_bill(3)])


async def seqs(connection: Any) -> list[int]:
    return [row["seq"] for row in await connection.fetch("SELECT seq FROM bill_change ORDER BY seq")]


async def test_what_still_gets_entries_is_left_alone(settings: ExportSettings, connection: Any) -> None:
    await connection.execute("UPDATE change_counter SET last_seq = 4999998")
    assert "nothing to archive" in await archive_oldest(settings, detach=True)
    await connection.execute("UPDATE change_counter SET last_seq = 4999999")
    assert await seqs(connection) == [1, 2, OLDEST - 1]


async def test_a_copy_has_every_entry_and_the_log_too(
    settings: ExportSettings, store: Any, make_bill: Any, connection: Any
) -> None:
    await store([make_bill(1, title="Outra ementa"), make_bill(4)])
    told = await archive_oldest(settings, detach=False)
    assert "3 entries" in told
    path = Path(settings.exports_folder, NAME)
    copied = pq.read_table(path).to_pylist()
    stored = await connection.fetch("SELECT * FROM bill_change WHERE seq < 5000000 ORDER BY seq")
    assert copied == [dict(row) for row in stored]
    described = json.loads(Path(f"{path}.json").read_text())
    assert described["entries"] == 3
    assert described["sha256_of_contents"] in told
    assert await seqs(connection) == [1, 2, OLDEST - 1, OLDEST, OLDEST + 1]


OTHER: dict[type, Any] = {int: -7, str: "other", bytes: b"other", bool: None, list: ["other"]}


async def test_the_sum_sees_every_value_of_every_column(settings: ExportSettings) -> None:
    path = Path(settings.exports_folder, NAME)
    rows = pq.read_table(path).to_pylist()
    first = rows[0]
    changed = [
        [{**first, name: OTHER.get(type(value), "2026-11-20T12:00:00Z")}, *rows[1:]] for name, value in first.items()
    ]
    for other in (*changed, [rows[1], first, *rows[2:]], rows[:-1]):
        total = ContentsSum()
        total.add(other)
        assert total.contents() != contents_of_file(path), other


async def test_what_is_still_needed_is_archived_and_stays(settings: ExportSettings, connection: Any, pool: Any) -> None:
    with pytest.raises(StillNeeded, match="last 30 days"):
        await archive_oldest(settings, detach=True)
    await connection.execute(OLD)
    await connection.execute(
        "INSERT INTO match_position (singleton, epoch, seq) SELECT true, epoch::text, 4999998 FROM store_epoch"
    )
    with pytest.raises(StillNeeded, match="needs entries from 4999999"):
        await archive_oldest(settings, detach=True)
    await connection.execute("UPDATE match_position SET seq = 5000001")
    await connection.execute("INSERT INTO change_match (seq, subscription_ids, matched_at) VALUES (2, '{1}', now())")
    with pytest.raises(StillNeeded, match="needs entries from 2"):
        await archive_oldest(settings, detach=True)
    await connection.execute("DELETE FROM change_match")
    await connection.execute(PARKED)
    with pytest.raises(StillNeeded, match="needs entries from 1 on"):
        await archive_oldest(settings, detach=True)
    await drop_old(pool)
    with pytest.raises(StillNeeded, match="needs entries from 2 on"):
        await archive_oldest(settings, detach=True)
    await connection.execute("UPDATE parked_delivery SET at = at - interval '2 days'")
    await drop_old(pool)
    assert await connection.fetchval("SELECT count(*) FROM parked_delivery") == 0
    assert await connection.fetchval("SELECT oldest_seq FROM change_counter") == 1
    assert len(await seqs(connection)) == 5


async def test_a_partition_that_changed_after_the_copy_stays(
    settings: ExportSettings, module_database_url: str
) -> None:
    """The change is under way while the copy is made, and committed before the two are compared."""
    other = await asyncpg.connect(module_database_url)
    before = await other.fetchval("SELECT document FROM bill_change WHERE seq = 2")
    change = "UPDATE bill_change SET document = $1 WHERE seq = 2"
    await other.execute("BEGIN")
    await other.execute(change, b"{}")
    running = asyncio.create_task(archive_oldest(settings, detach=True))
    announced = "SELECT oldest_seq FROM change_counter"
    async with asyncio.timeout(60):
        while await other.fetchval(announced) != OLDEST:
            assert not running.done()
            await asyncio.sleep(0.02)
    await other.execute("COMMIT")
    with pytest.raises(NotArchived, match="was changed after it was archived"):
        await running
    assert await seqs(other) == [1, 2, OLDEST - 1, OLDEST, OLDEST + 1]
    await other.execute(change, before)
    await other.execute("UPDATE change_counter SET oldest_seq = 1")
    await other.close()


async def test_a_log_in_use_is_waited_for_and_readers_are_told_before(
    settings: ExportSettings, connection: Any, api: Client
) -> None:
    await connection.execute("BEGIN; SELECT count(*) FROM bill_change")
    running = asyncio.create_task(archive_oldest(settings, detach=True))
    async with asyncio.timeout(60):
        while (await api.get("/api/v1/changes")).status_code != 410:
            assert not running.done()
            await asyncio.sleep(0.05)
    await connection.execute("ROLLBACK")
    assert "is dropped, the log begins at 5000000" in await running
    assert await seqs(connection) == [OLDEST, OLDEST + 1]
    names = [row["name"] for row in await connection.fetch("SELECT name FROM change_partition")]
    assert "bill_change_p0" not in names
    assert await connection.fetchval("SELECT to_regclass('bill_change_p0')") is None


@pytest.mark.parametrize("asked", [{}, {"after": 4_999_998}, {"after": 2, "chamber": "CAMARA"}, {"format": "csv"}])
async def test_below_the_oldest_entry_readers_are_told_where_to_look_and_to_begin(
    api: Client, asked: dict[str, Any]
) -> None:
    reply = await api.get("/api/v1/changes", params=asked)
    told = reply.json()
    assert reply.status_code == 410
    assert (told["oldest"], told["archive"], told["head"]) == (OLDEST, ARCHIVE, OLDEST + 1)
    assert "is kept from 5000000 on" in told["detail"]
    assert "begin again with after=4999999" in told["detail"]


async def test_from_the_oldest_entry_on_nothing_is_missing(api: Client) -> None:
    page = (await api.get("/api/v1/changes", params={"after": OLDEST - 1})).json()
    assert [entry["seq"] for entry in page["data"]] == [OLDEST, OLDEST + 1]
    stream = await api.get("/api/v1/changes/stream", params={"after": 1})
    assert stream.status_code == 410


async def test_a_past_state_is_told_where_the_log_has_it(api: Client) -> None:
    quiet = await api.get("/api/v1/bills/camara-2", params={"as_of": OLDEST})
    assert quiet.json()["data"]["version"] == 1
    changed = await api.get("/api/v1/bills/camara-1", params={"as_of": OLDEST})
    assert changed.json()["data"]["title"] == "Outra ementa"
    for path in ("/api/v1/bills/camara-1?as_of=4999999", "/api/v1/bills/camara-1?as_of=2020-01-01",
                 "/api/v1/bills?ids=camara-1,camara-2&as_of=4999999", "/api/v1/bills?ids=camara-2&as_of=3",
                 "/api/v1/bills?ids=camara-2&as_of=2020-01-01"):  # fmt: skip
        reply = await api.get(path)
        assert reply.status_code == 410, path
        assert reply.json()["oldest"] == OLDEST
    new = await api.get("/api/v1/bills/camara-4", params={"as_of": OLDEST})
    assert new.status_code == 404, "that one was not known then, and the log says so"


async def test_a_past_list_has_bills_whose_last_change_is_archived(api: Client, settle: Any) -> None:
    await settle()
    asked = {"ids": "camara-1,camara-2,camara-3,camara-4", "as_of": OLDEST, "sort": "changed_at"}
    found = (await api.get("/api/v1/bills", params=asked)).json()["data"]
    assert [bill["id"] for bill in found] == ["camara-2", "camara-3", "camara-1"]


async def test_as_a_command(settings: ExportSettings, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("EXPORTS_FOLDER", settings.exports_folder)
    assert await asyncio.to_thread(main, []) == 0
    assert "bill_change_p5000000 is the oldest partition and still gets entries" in capsys.readouterr().out
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/none")
    assert await asyncio.to_thread(main, []) == 1
    assert "archive_changes: " in capsys.readouterr().err
