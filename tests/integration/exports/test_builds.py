"""Exports of a real database: what is in them, their sums, their delta, and what a kill leaves."""

import asyncio
import csv
import gzip
import hashlib
import io
import json
import os
import shutil
import signal
from collections import defaultdict
from pathlib import Path

import asyncpg
import duckdb
import pandas
import psycopg
import pyarrow.parquet as pq
import pytest
from api_gateway.exporter.build import BuildEnd
from api_gateway.exporter.table_files import arrow_schema
from api_gateway.exports.export_shapes import FileFormat
from api_gateway.exports.resources import RESOURCES, ResourceName
from integration.exports.conftest import BILLS, FORMULA, Exports, build_process, built, lines, rows

pytestmark = pytest.mark.timeout(300)
_TABLE_SUM = """
SELECT sum(('x' || left(encode(sha256(substring(document FROM 1 FOR length(document) - 1)
                                      || convert_to(',"counterparts":[]}', 'UTF8')), 'hex'), 16))::bit(64)::bigint)
FROM bill
"""


async def test_every_file_is_what_the_manifest_says(exported: Exports) -> None:
    for manifest in exported.manifests:
        tables = {table.name: table for table in manifest.tables}
        assert set(tables) == set(ResourceName)
        for file in manifest.all_files:
            content = exported.path(manifest, file.name).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
            if file.format is FileFormat.NDJSON:
                assert len(lines(exported.path(manifest, file.name))) == file.rows
        assert all(tables[file.resource].rows == file.rows for file in manifest.files)
    counts = {table.name.value: table.rows for table in exported.newest.tables}
    assert counts == {
        "bills": BILLS + 1, "actions": counts["actions"], "vote_events": 2, "votes": 4, "legislators": 2,
        "organizations": 1 + 1, "events": 2,
    } | {"organizations": counts["organizations"]}  # fmt: skip
    assert counts["actions"] > BILLS


async def test_the_sum_of_the_bills_is_that_of_the_table(exported: Exports) -> None:
    connection = await asyncpg.connect(exported.database_url)
    try:
        stored = int(await connection.fetchval(_TABLE_SUM)) % 2**64
        head = await connection.fetchval("SELECT last_seq FROM change_counter")
    finally:
        await connection.close()
    bills = exported.newest.tables[0]
    assert (bills.name, bills.checksum, exported.newest.as_of_seq) == ("bills", f"{stored:016x}", head)


async def test_yesterday_and_the_delta_are_today(exported: Exports) -> None:
    yesterday, today = exported.manifests
    delta = today.delta
    assert delta is not None
    assert yesterday.delta is None
    assert (delta.from_export, delta.from_seq, delta.to_seq) == (yesterday.id, yesterday.as_of_seq, today.as_of_seq)
    for table in delta.tables:
        key, file = RESOURCES[table.name].key, f"{table.name.value}.ndjson.gz"
        whole = _by_key(exported.path(yesterday, file), key)
        changed = _by_key(exported.path(today, f"delta-{file}"), key)
        assert 0 < len(changed) < len(whole) + 2 or table.name in ("organizations",), table.name
        applied = {**whole, **changed}
        for gone in table.emptied:
            del applied[gone]
        total = sum(_hash(line) for group in applied.values() for line in group) % 2**64
        assert f"{total:016x}" == next(one.checksum for one in today.tables if one.name == table.name), table.name
    titles = {row["id"]: row["title"] for row in rows(exported.path(today, "delta-bills.ndjson.gz"))}
    assert titles.keys() >= {"camara-2", "camara-3", "camara-900"}
    assert titles["camara-2"] == "Outra ementa"


def _by_key(path: Path, key: str) -> dict[str, list[bytes]]:
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    for line in lines(path):
        found[json.loads(line)[key]].append(line)
    return found


def _hash(line: bytes) -> int:
    return int.from_bytes(hashlib.sha256(line).digest()[:8], "big")


async def test_parquet_has_the_manifests_columns_in_arrow_duckdb_and_pandas(exported: Exports) -> None:
    shown = {
        "text": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE", "list<text>": "VARCHAR[]",
        "timestamp": "TIMESTAMP WITH TIME ZONE", "list<integer>": "BIGINT[]",
    }  # fmt: skip
    for table in exported.newest.tables:
        path = exported.path(exported.newest, f"{table.name.value}.parquet")
        assert pq.read_schema(path).equals(arrow_schema(RESOURCES[table.name]))
        told = duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
        assert [(row[0], row[1]) for row in told] == [(c.name, shown[c.type]) for c in table.columns]
        frame = pandas.read_parquet(path)
        assert len(frame) == table.rows
        for column in table.columns:
            if column.type == "timestamp":
                assert str(frame[column.name].dtype) == "datetime64[us, UTC]"
    bills = exported.path(exported.newest, "bills.parquet")
    assert pq.ParquetFile(bills).metadata.row_group(0).column(0).compression == "ZSTD"
    (first,) = duckdb.sql(
        f"SELECT title, authors, parties, introduced_on FROM '{bills}' WHERE id = 'camara-1'"
    ).fetchall()
    assert (first[0], first[1], first[2], str(first[3])) == (FORMULA, ["Fulana de Tal"], ["PSB"], "2024-02-01")


async def test_csv_has_the_same_rows_and_no_formula(exported: Exports) -> None:
    text = gzip.decompress(exported.path(exported.newest, "bills.csv.gz").read_bytes()).decode()
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(found) == BILLS + 1
    assert list(found[0]) == [column.name for column in exported.newest.tables[0].columns]
    assert next(row["title"] for row in found if row["id"] == "camara-1") == "'" + FORMULA
    assert not [cell for row in found for cell in row.values() if cell[:1] in "=+-@" and cell]


async def test_a_killed_build_leaves_nothing_that_is_seen(exported: Exports, tmp_path: Path) -> None:
    folder, scratch = tmp_path / "exports", tmp_path / "scratch"
    settings = {"EXPORT_SCRATCH_FOLDER": str(scratch)}
    with psycopg.connect(exported.database_url) as blocking:
        blocking.execute("SET idle_in_transaction_session_timeout = 0")
        blocking.execute("LOCK TABLE bill_counterpart IN ACCESS EXCLUSIVE MODE")  # the build stands still in its midst
        child = await build_process(exported.database_url, folder, **settings)
        async with asyncio.timeout(60):
            while not await waits_for_a_lock(exported.database_url):
                assert child.returncode is None
                await asyncio.sleep(0.05)
        other = await build_process(exported.database_url, folder, **settings)
        assert await other.wait() == BuildEnd.ALREADY_BUILDING
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
    left = folder / "20200101T000000Z"  # as if the kill had come while files were being stored
    left.mkdir()
    (left / "bills.parquet").write_bytes(b"half")
    manifest = await built(exported.database_url, folder, **settings)
    assert {path.name for path in folder.iterdir()} == {manifest.id}
    assert list(scratch.iterdir()) == []
    assert {t.name: t.checksum for t in manifest.tables} == {t.name: t.checksum for t in exported.newest.tables}


async def waits_for_a_lock(database_url: str) -> bool:
    connection = await asyncpg.connect(database_url)
    try:
        return bool(
            await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'legis-export'"
                " AND wait_event_type = 'Lock' AND datname = current_database()"
            )
        )
    finally:
        await connection.close()


async def test_old_exports_go_and_an_empty_database_has_none(
    exported: Exports, tmp_path: Path, database_url: str
) -> None:
    shutil.copytree(exported.folder, tmp_path / "kept")
    made = await built(exported.database_url, tmp_path / "kept", EXPORT_KEEP="1")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [made.id]
    assert made.delta is not None
    assert {table.rows for table in made.delta.tables} == {0}
    empty = await build_process(database_url, tmp_path / "empty")
    assert await empty.wait() == BuildEnd.NOTHING_STORED
