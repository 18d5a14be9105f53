"""Statements about bills, their histories, the log of their changes, and links between them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import orjson
from api_gateway.store.bills import (
    bill_columns,
    bill_writer,
    change_log,
    counterpart_links,
    history_writer,
    next_events,
    row_loader,
)

from twin.store_double.store_tables import Now, Row, Statement, Transaction

_STAMPED = ("version", "change_seq", "created_at", "changed_at", "removed_at", "document", "summary")
_TIMES = ("source_at", "pending_at", "last_seen_at", "next_event_at")
_INT4 = 2**31


def _parted(text: str, separator: str) -> list[str]:
    """What string_to_array makes of it."""
    return text.split(separator) if text else []


async def _lock_bills(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    found = [key for key in sorted(args[0]) if t.get("bill", (key,)) is not None]
    rows = []
    for key in found:
        await t.lock("bill", (key,))
        rows.append(t.get("bill", (key,)))
    return rows


async def _next_events(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    """No event is stored here."""
    return []


async def _histories(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [row for key, row in t.scan("bill_history") if key[0] in args[0]]


async def _put_histories(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for bill_id, field, items in zip(*args, strict=True):
        await t.lock("bill_history", (bill_id, field))
        t.put("bill_history", (bill_id, field), {"bill_id": bill_id, "field": field, "items": _parted(items, "\n")})
    return []


async def _touch(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    names = ("read_seq", "last_seen_at", "source_at", "pending_fingerprint", "pending_at")
    for bill_id, *values, known in zip(*args, strict=True):
        await t.lock("bill", (bill_id,))
        row = t.get("bill", (bill_id,))
        if row is not None and row["read_seq"] <= values[0]:
            told = {**dict(zip(names, values, strict=True)), "known_fields": _parted(known, bill_columns.SEPARATOR)}
            t.put("bill", (bill_id,), {**row, **told})
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
        row["first_days"] = json.dumps(row["first_days"])  # jsonb is read as a text
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
                t.put("bill", key, {**row, "ordinal": t.next_ordinal()})
                written.append({"id": row["id"]})
    return written


async def _update_bills(t: Transaction, _: Now, args: Sequence[Any], *, same_version: bool = False) -> list[Any]:
    written = []
    for row in _bill_rows(args):
        key = (row["id"],)
        await t.lock("bill", key)
        old = t.get("bill", key)
        if (
            old is None
            or old["created_at"] != row["created_at"]
            or (old["version"] != row["version"] if same_version else old["version"] >= row["version"])
            or old["read_seq"] > row["read_seq"]
        ):
            continue
        t.put("bill", key, {**old, **row})
        written.append({"id": row["id"]})
    return written


async def _rewrite_bills(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    return await _update_bills(t, now, args, same_version=True)


async def _take(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    await t.lock("change_counter", ())
    counter = t.get("change_counter", ()) or {"last_seq": 0}
    last = counter["last_seq"] + args[0]
    t.put("change_counter", (), {**counter, "last_seq": last})
    return [{"last_seq": last, "now": now()}]


async def _insert_changes(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    described, documents, before = args
    taken = {(row["bill_id"], row["version"]) for _, row in t.scan("bill_change")}
    for told, document, old in zip(orjson.loads(described), documents, before, strict=True):
        times = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("changed_at", "published_at")}
        row = {**told, **times, "document": document, "before": old}
        if t.get("bill_change", (row["seq"],)) is not None or (row["bill_id"], row["version"]) in taken:
            raise asyncpg.UniqueViolationError("duplicate key value violates unique constraint")
        t.put("bill_change", (row["seq"],), row)
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


STATEMENTS: dict[str, Statement] = {
    row_loader._LOCK: _lock_bills,
    row_loader._HISTORIES: _histories,
    next_events._NEXT: _next_events,
    history_writer._PUT: _put_histories,
    bill_writer._TOUCH: _touch,
    bill_columns.INSERT: _insert_bills,
    bill_columns.UPDATE: _update_bills,
    bill_columns.REWRITE: _rewrite_bills,
    change_log._TAKE: _take,
    change_log._INSERT: _insert_changes,
    counterpart_links._CANDIDATES: _candidates,
    counterpart_links._DROP: _drop_links,
    counterpart_links._PUT: _put_links,
}
