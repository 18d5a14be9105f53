"""Every statement that the worker's store sends, done on the double's tables.

A statement is known by its text, which is taken from the product: one that is new or was changed elsewhere than here
is either run by the same name or refused loudly. A contract test runs the store's own functions here and on a real
PostgreSQL and compares every table.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson
from api_gateway.store import (
    bill_writer,
    change_log,
    columns,
    counterparts,
    cursors,
    dead_letters,
    history_writer,
    loading,
    questions,
    windows,
    year_list_sql,
)

from .store_tables import Row, Transaction

Now = Callable[[], datetime]
Statement = Callable[[Transaction, Now, Sequence[Any]], Awaitable[list[Any]]]

_STAMPED = ("version", "change_seq", "created_at", "changed_at", "removed_at", "document", "summary")
_TIMES = ("source_at", "pending_at", "last_seen_at")
_INT4 = 2**31


async def _lock_bills(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    found = [key for key in sorted(args[0]) if t.get("bill", (key,)) is not None]
    rows = []
    for key in found:
        await t.lock("bill", (key,))
        rows.append(t.get("bill", (key,)))
    return rows


async def _histories(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [row for key, row in t.scan("bill_history") if key[0] in args[0]]


async def _put_histories(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for bill_id, field, items in zip(*args, strict=True):
        await t.lock("bill_history", (bill_id, field))
        t.put("bill_history", (bill_id, field), {"bill_id": bill_id, "field": field, "items": items.split("\n")})
    return []


async def _touch(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    names = ("read_seq", "last_seen_at", "source_at", "pending_fingerprint", "pending_at")
    for bill_id, *values in zip(*args, strict=True):
        await t.lock("bill", (bill_id,))
        row = t.get("bill", (bill_id,))
        if row is not None and row["read_seq"] <= values[0]:
            t.put("bill", (bill_id,), {**row, **dict(zip(names, values, strict=True))})
    return []


def _bill_rows(args: Sequence[Any]) -> list[Row]:
    rows = []
    described, records, provenances, *stamped = args
    if "\\u0000" in described:
        raise asyncpg.UntranslatableCharacterError("unsupported Unicode escape sequence")
    for index, row in enumerate(orjson.loads(described)):
        for name in _TIMES:
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
        if abs(row["number"] or 0) >= _INT4 or abs(row["year"] or 0) >= _INT4:
            raise asyncpg.NumericValueOutOfRangeError("integer out of range")
        row |= {name: stamped[place][index] for place, name in enumerate(_STAMPED)}
        rows.append({**row, "record": records[index], "provenance": provenances[index]})
    return rows


async def _insert_bills(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    written = []
    for row in _bill_rows(args):
        key = (row["id"],)
        if t.get("bill", key) is None:
            await t.lock("bill", key)
            if t.get("bill", key) is None:
                t.put("bill", key, row)
                written.append({"id": row["id"]})
    return written


async def _upsert_bills(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    written = []
    for row in _bill_rows(args):
        key = (row["id"],)
        await t.lock("bill", key)
        old = t.get("bill", key)
        if old is not None and not (
            old["created_at"] == row["created_at"]
            and old["version"] < row["version"]
            and old["read_seq"] <= row["read_seq"]
        ):
            continue
        t.put("bill", key, row if old is None else {**old, **row, "created_at": old["created_at"]})
        written.append({"id": row["id"]})
    return written


async def _take(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    await t.lock("change_counter", ())
    last = (t.get("change_counter", ()) or {"last_seq": 0})["last_seq"] + args[0]
    t.put("change_counter", (), {"last_seq": last})
    return [{"last_seq": last, "now": now()}]


async def _insert_changes(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    names = ("seq", "bill_id", "source", "version", "kind", "fields", "changed_at", "published_at", "read_seq")
    taken = {(row["bill_id"], row["version"]) for _, row in t.scan("bill_change")}
    for values in zip(*args, strict=True):
        row = dict(zip(names, values, strict=False))
        if t.get("bill_change", (row["seq"],)) is not None or (row["bill_id"], row["version"]) in taken:
            raise asyncpg.UniqueViolationError("duplicate key value violates unique constraint")
        t.put("bill_change", (row["seq"],), {**row, "document": values[10]})
    return []


async def _candidates(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    labels, sources = set(args[0]), args[1]
    return [row for _, row in t.scan("bill") if row["source"] in sources and not labels.isdisjoint(row["labels"])]


async def _drop_links(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    known = set(args[0])
    kept = {frozenset(pair) for pair in zip(args[1], args[2], strict=True)}
    for key, _row in list(t.scan("bill_counterpart")):
        if not known.isdisjoint(key) and frozenset(key) not in kept:
            await t.lock("bill_counterpart", key)
            t.put("bill_counterpart", key, None)
    return []


async def _put_links(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for bill_id, other, rule, confidence, evidence in zip(*args, strict=True):
        await t.lock("bill_counterpart", (bill_id, other))
        row = {"bill_id": bill_id, "counterpart_id": other, "rule": rule, "confidence": confidence}
        t.put("bill_counterpart", (bill_id, other), {**row, "evidence": evidence})
    return []


async def _park(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    names = ("source", "upstream_id", "stage", "error", "url", "payload", "payload_sha256", "trace_id")
    for values in zip(*args, strict=True):
        row = dict(zip(names, values, strict=True))
        key = (row["source"], row["stage"], row["payload_sha256"])
        await t.lock("dead_letter", key)
        old = t.get("dead_letter", key)
        if old is None:
            t.put("dead_letter", key, {**row, "tries": 1, "first_at": now(), "last_at": now(), "resolved_at": None})
        else:
            again = {"tries": old["tries"] + 1, "last_at": now(), "error": row["error"], "resolved_at": None}
            t.put("dead_letter", key, {**old, **again})
    return []


async def _park_again(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    raise NotImplementedError("nobody replays dead letters here")


async def _answered(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    for _bill_id, source, upstream_id, read_seq, published_at, settles in zip(*args, strict=True):
        question = t.get("source_question", (source, upstream_id))
        if question is not None and question["after_seq"] < read_seq:
            await t.lock("source_question", (source, upstream_id))
            t.put("source_question", (source, upstream_id), None)
        for key, row in list(t.scan("dead_letter")):
            same = (row["source"], row["upstream_id"]) == (source, upstream_id)
            if settles and same and row["resolved_at"] is None and row["last_at"] < published_at:
                await t.lock("dead_letter", key)
                t.put("dead_letter", key, {**row, "resolved_at": now()})
    return []


async def _rejected(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for key in zip(*args, strict=True):
        question = t.get("source_question", key)
        if question is not None and question["reason"] in ("replay", "not_stored"):
            await t.lock("source_question", key)
            t.put("source_question", key, None)
    return []


async def _load_questions(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [row for _key, row in t.scan("source_question")][: args[0]]


async def _count_questions(t: Transaction, _: Now, __: Sequence[Any]) -> list[Any]:
    return [{"source": row["source"], "reason": row["reason"], "n": 1} for _key, row in t.scan("source_question")]


async def _nothing(_: Transaction, __: Now, ___: Sequence[Any]) -> list[Any]:
    """Housekeeping of what is older than any twin."""
    return []


async def _open_letters(t: Transaction, _: Now, __: Sequence[Any]) -> list[Any]:
    counts: dict[str, int] = {}
    for _key, row in t.scan("dead_letter"):
        if row["resolved_at"] is None:
            counts[row["source"]] = counts.get(row["source"], 0) + 1
    return [{"source": source, "n": n} for source, n in counts.items()]


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
    loading._LOCK: _lock_bills,
    loading._HISTORIES: _histories,
    history_writer._PUT: _put_histories,
    bill_writer._TOUCH: _touch,
    columns.INSERT: _insert_bills,
    columns.UPSERT: _upsert_bills,
    change_log._TAKE: _take,
    change_log._INSERT: _insert_changes,
    counterparts._CANDIDATES: _candidates,
    counterparts._DROP: _drop_links,
    counterparts._PUT: _put_links,
    dead_letters._PARK: _park,
    dead_letters._PARK_AGAIN: _park_again,
    dead_letters._OPEN: _open_letters,
    questions._ANSWERED: _answered,
    questions._REJECTED: _rejected,
    questions._LOAD: _load_questions,
    questions._COUNT: _count_questions,
    questions._FORGET: _nothing,
    year_list_sql.FORGET_PARTS: _nothing,
    windows._ITEMS: _window_items,
    windows._SEEN: _windows_seen,
    windows._COUNT: _count_items,
    windows._DROP_ITEMS: _drop_items,
    windows._DONE: _window_done,
    windows._MOVE: _move,
    windows._ABANDON: _abandon,
    cursors._CURSORS: _load_cursors,
}
