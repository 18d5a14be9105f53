"""Fills a migrated, empty database with a corpus by the product's own derivation, rendering and statements.

Every processor renders its share and inserts it without indexes; the indexes are made afterwards, as their definitions
were. Only the links between the houses are invented as rows: finding them is the worker's business, not the readers'.
"""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from typing import Any

import asyncpg
from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state.apply_observations import BillState
from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.bills.bill_columns import INSERT, Rows, WrittenBill
from api_gateway.store.bills.change_log import LoggedChange, insert_changes
from api_gateway.store.bills.history_writer import write_histories

from bench.system.corpus import NOW, observed

BATCH = 500
SECONDS_BETWEEN_CHANGES = 0.02
_EVERY_LINKED = 25
"""One bill in so many has a counterpart, as one in so many has in the real corpus."""

_INDEXES = """
SELECT i.relname AS name, c.relname AS on_table, replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON ') AS made,
       k.conname AS constraint_name, pg_get_constraintdef(k.oid) AS constraint_made
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid
WHERE (c.relname IN ('bill', 'bill_change') OR c.relispartition) AND NOT i.relispartition
  AND c.relnamespace = 'public'::regnamespace ORDER BY x.indexrelid
"""
_FILLED = """
SELECT relname FROM pg_class WHERE relname IN ('bill', 'bill_history') OR relispartition AND relkind = 'r'
"""
_SOURCES = """
INSERT INTO source_cursor (source, walk, position, max_read_seq, updated_at)
SELECT s, w, 0, $1, now() FROM unnest(ARRAY['camara', 'senado']) AS s, unnest(ARRAY['BACKFILL', 'INCREMENTAL']) AS w
"""


def seed(url: str, bills: int) -> dict[str, float]:
    """Fills the database; seconds of each step."""
    began = time.perf_counter()
    indexes = asyncio.run(_drop_indexes(url))
    processes = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(_fill, [url] * processes, range(processes), [processes] * processes, [bills] * processes))
    filled = time.perf_counter()
    asyncio.run(_finish(url, indexes, bills))
    return {"rows": filled - began, "indexes": time.perf_counter() - filled, "processes": processes}


def _fill(url: str, mine: int, of: int, bills: int) -> None:
    asyncio.run(_fill_share(url, mine, of, bills))


async def _fill_share(url: str, mine: int, of: int, bills: int) -> None:
    connection = await asyncpg.connect(url, server_settings={"synchronous_commit": "off", "jit": "off"})
    writing: asyncio.Task[None] | None = None
    try:
        for first in range(1 + mine * BATCH, bills + 1, of * BATCH):
            # made in slices that let the loop go on, so that PostgreSQL writes one batch while the next is rendered
            states = [_state(n, bills) for n in range(first, min(first + BATCH, bills + 1))]
            ready = _rendered(states, first)
            if writing is not None:
                await writing
            writing = asyncio.create_task(_write(connection, *ready))
            await asyncio.sleep(0)
        if writing is not None:
            await writing
    finally:
        await connection.close()


def _state(n: int, bills: int) -> BillState:
    event = observed(n, bills)
    state = BillState(event.bill.id)
    state.observe(ObservedItem(event), 0)
    return state


def _rendered(states: list[BillState], first_seq: int) -> tuple[list[BillState], list[Any], list[LoggedChange]]:
    written, logged = [WrittenBill(state) for state in states], []
    for seq, one in enumerate(written, first_seq):
        at = NOW - timedelta(days=2) + timedelta(seconds=seq * SECONDS_BETWEEN_CHANGES)
        draft = one.state.drafts[0]
        one.stamp = Stamp(draft.version, seq, at, at)
        logged.append(LoggedChange(one.state.bill_id, one.bill.source.value, draft, one.stamp))
    return states, Rows(written).arguments(), logged


async def _write(connection: Any, states: list[BillState], arguments: list[Any], logged: list[LoggedChange]) -> None:
    async with connection.transaction():
        await connection.execute(INSERT, *arguments)
        await insert_changes(connection, logged)
        await write_histories(connection, states)
        links = [pair for state in states if (pair := _link(state.bill_id))]
        rows = [(a, b, "SAME_IDENTIFIER", 0.9, ["same identifier"]) for pair in links for a, b in (pair, pair[::-1])]
        await connection.copy_records_to_table("bill_counterpart", records=rows)


def _link(bill_id: str) -> tuple[str, str] | None:
    source, _, key = bill_id.partition("-")
    if source != "senado" or int(key) % _EVERY_LINKED:
        return None
    return bill_id, f"camara-{int(key) - 1}"


async def _drop_indexes(url: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        found: list[Any] = await connection.fetch(_INDEXES)
        for row in found:
            if row["constraint_name"]:
                await connection.execute(f'ALTER TABLE {row["on_table"]} DROP CONSTRAINT "{row["constraint_name"]}"')
            else:
                await connection.execute(f'DROP INDEX "{row["name"]}"')
        for (table,) in await connection.fetch(_FILLED):
            await connection.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        return found
    finally:
        await connection.close()


async def _finish(url: str, indexes: Sequence[Any], bills: int) -> None:
    orders = asyncio.Queue[str]()
    for row in indexes:
        if row["constraint_name"]:
            orders.put_nowait(
                f'ALTER TABLE {row["on_table"]} ADD CONSTRAINT "{row["constraint_name"]}" {row["constraint_made"]}'
            )
    constraints = orders.qsize()
    for row in indexes:
        if not row["constraint_name"]:
            orders.put_nowait(row["made"])
    # constraints lock the table, so they go one by one; plain indexes of a table may be made side by side
    await _work(url, orders, 1, limit=constraints)
    await _work(url, orders, os.cpu_count() or 1)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("UPDATE change_counter SET last_seq = $1", bills)
        await connection.execute(_SOURCES, bills)
        for (table,) in await connection.fetch(_FILLED):
            await connection.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


async def _work(url: str, orders: "asyncio.Queue[str]", hands: int, limit: int | None = None) -> None:
    async def one() -> None:
        nonlocal limit
        settings = {"maintenance_work_mem": "512MB", "max_parallel_maintenance_workers": "0"}
        connection = await asyncpg.connect(url, server_settings=settings)
        try:
            while not orders.empty() and (limit is None or limit > 0):
                limit = None if limit is None else limit - 1
                await connection.execute(orders.get_nowait())
        finally:
            await connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(hands):
            group.create_task(one())
