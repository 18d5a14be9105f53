"""Statements about windows, their items, and checkpoints."""

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api_gateway.store.windows import checkpoint_reader, window_counts

from twin.store_double.store_tables import Now, Statement, Transaction

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


async def _window_items(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for window_id, index in sorted(set(zip(*args, strict=True))):
        key = (window_id, index)
        if t.get("ingest_window_item", key) is None:
            await t.lock("ingest_window_item", key)
            t.put("ingest_window_item", key, {"window_id": window_id, "index": index})
    return []


async def _windows_seen(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    rows = []
    for window_id, source, walk, lo, hi, items, seq in sorted(zip(*args, strict=True), key=lambda row: row[0]):
        await t.lock("ingest_window", (window_id,))
        new = {"window_id": window_id, "source": source, "walk": walk, "lo": lo, "hi": hi, "items": items}
        old = t.get("ingest_window", (window_id,))
        if old is None:
            row = {**new, "max_read_seq": seq, "first_seen_at": now(), "done_at": None}
        else:
            known = {name: new[name] for name in ("lo", "hi", "items") if new[name] is not None}
            row = {**old, **known, "max_read_seq": _greatest(old["max_read_seq"], seq)}
        t.put("ingest_window", (window_id,), row)
        rows.append(row)
    return rows


async def _count_items(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [{"count": sum(key[0] == args[0] for key, _ in t.scan("ingest_window_item"))}]


async def _drop_items(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for key in [key for key, _ in t.scan("ingest_window_item") if key[0] == args[0]]:
        await t.lock("ingest_window_item", key)
        t.put("ingest_window_item", key, None)
    return []


async def _window_done(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    row = t.get("ingest_window", (args[0],))
    if row is not None:
        t.put("ingest_window", (args[0],), {**row, "done_at": now()})
    return []


async def _move(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    source, walk, lo, hi, seq, first = args
    key = (source, walk)
    if lo > first and t.get("source_cursor", key) is None:
        return []
    await t.lock("source_cursor", key)
    old = t.get("source_cursor", key)
    if old is None:
        row = {"source": source, "walk": walk, "position": hi, "max_read_seq": seq, "updated_at": now()}
    else:
        reached = old["position"] >= lo
        row = {**old, "max_read_seq": max(old["max_read_seq"], seq)}
        if reached:
            row |= {"position": max(old["position"], hi), "updated_at": now()}
    t.put("source_cursor", key, row)
    return []


async def _listed(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    source, before, first_day = args
    for key, row in list(t.scan("dead_letter")):
        day = row["upstream_id"] or ""
        of_a_list = row["source"] == source and row["stage"] == "set_aside" and _DAY.fullmatch(day)
        if of_a_list and row["resolved_at"] is None and row["last_at"] < before and day >= first_day:
            await t.lock("dead_letter", key)
            t.put("dead_letter", key, {**row, "resolved_at": now()})
    return []


async def _abandon(t: Transaction, now: Now, _: Sequence[Any]) -> list[Any]:
    young, kept = now() - timedelta(days=1), now() - timedelta(days=7)
    for key, row in list(t.scan("ingest_window")):
        if (row["done_at"] is None and row["first_seen_at"] < young) or (row["done_at"] and row["done_at"] < kept):
            await t.lock("ingest_window", key)
            t.put("ingest_window", key, None)
            await _drop_items(t, now, key)
    return []


async def _load_cursors(t: Transaction, _: Now, __: Sequence[Any]) -> list[Any]:
    epoch = str(uuid.UUID(int=1))
    found = [{**row, "epoch": epoch} for _, row in t.scan("source_cursor")]
    greatest: dict[str, int] = {}
    for _key, row in t.scan("ingest_window"):
        if row["max_read_seq"] is not None:
            greatest[row["source"]] = max(greatest.get(row["source"], 0), row["max_read_seq"])
    for source, seq in greatest.items():
        found.append({"epoch": epoch, "source": source, "walk": None, "position": None, "max_read_seq": seq})
    return found or [{"epoch": epoch, "source": None, "walk": None, "position": None, "max_read_seq": None}]


def _greatest(*values: int | None) -> int | None:
    return max((value for value in values if value is not None), default=None)


STATEMENTS: dict[str, Statement] = {
    window_counts._ITEMS: _window_items,
    window_counts._SEEN: _windows_seen,
    window_counts._COUNT: _count_items,
    window_counts._DROP_ITEMS: _drop_items,
    window_counts._DONE: _window_done,
    window_counts._MOVE: _move,
    window_counts._LISTED: _listed,
    window_counts._ABANDON: _abandon,
    checkpoint_reader._CURSORS: _load_cursors,
}
