"""Statements about doubts: lists of bills that were read shorter than they are stored."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from api_gateway.store.bills import doubt_rows

from twin.store_double.store_tables import Now, Row, Statement, Transaction

_COLUMNS = (
    "bill_id",
    "field",
    "source",
    "upstream_id",
    "part",
    "missing",
    "first_at",
    "last_at",
    "readings",
    "read_seq",
)


_NEVER: Row = {"whole": 0, "last_at": None, "many_at": None, "witnesses": []}


async def _load(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [row for key, row in t.scan("list_doubt") if key[0] in args[0]]


async def _put(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    *columns, batch, settle = args
    for *values, shown in zip(*columns, batch, strict=True):
        row = dict(zip(_COLUMNS, values, strict=True))
        key = (row["bill_id"], row["field"])
        await t.lock("list_doubt", key)
        old = t.get("list_doubt", key)
        if old is None or row["readings"] == 1:
            reading = t.get("list_reading", (row["source"], row["field"]))
            row |= {"whole_before": shown + (reading["whole"] if reading else 0), "asks": 0}
            t.put("list_doubt", key, {**row, "due_at": now() + timedelta(seconds=settle / 2)})
        else:
            t.put("list_doubt", key, {**old, **row})
    return []


async def _end(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for key in zip(*args, strict=True):
        await t.lock("list_doubt", key)
        if t.get("list_doubt", key) is not None:
            t.put("list_doubt", key, None)
    return []


async def _shown(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for source, field, whole, last_at, many_at, witnesses in zip(*args, strict=True):
        key, told = (source, field), witnesses.split(",")
        row = {"source": source, "field": field, "whole": whole, "last_at": last_at, "many_at": many_at}
        await t.lock("list_reading", key)
        old = t.get("list_reading", key)
        if old is not None:
            many = [at for at in (old["many_at"], many_at) if at is not None]
            row |= {"whole": old["whole"] + whole, "last_at": max(old["last_at"], last_at)}
            row["many_at"] = max(many, default=None)
            told = [*told, *(one for one in old["witnesses"] if one not in told)][: doubt_rows.WITNESSES]
        t.put("list_reading", key, {**row, "witnesses": told})
    return []


async def _health(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for _key, row in t.scan("list_doubt"):
        groups[row["source"], row["field"]].append(row)
    found = []
    for (source, field), rows in groups.items():
        reading = t.get("list_reading", (source, field)) or _NEVER
        counts = sorted(row["whole_before"] for row in rows if row["first_at"] > now() - args[0])
        middle = counts[(len(counts) + 1) // 2 - 1] if counts else 0
        found.append({
            "source": source, "field": field, "open": len(rows), "recent": len(counts),
            "whole": reading["whole"] - middle, "last_whole_at": reading["last_at"],
            "last_many_at": reading["many_at"], "witnesses": reading["witnesses"],
        })  # fmt: skip
    return found


def _due(t: Transaction, now: datetime, most: int) -> list[Row]:
    rows = [
        row
        for key, row in t.scan("list_doubt")
        if row["due_at"] <= now and t.is_free("list_doubt", key)
        and (bill := t.get("bill", (row["bill_id"],))) is not None and bill["removed_at"] is None
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["due_at"], row["bill_id"], row["field"]))[:most]


async def _ask(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    settle, reason, most, longest = args[:4]  # the rest tells by which ids a source can be asked: here by every one
    asked: dict[tuple[str, str], int] = {}
    for row in _due(t, now(), most):
        key = (row["bill_id"], row["field"])
        await t.lock("list_doubt", key)
        asks = row["asks"] + 1
        wait = timedelta(seconds=settle * min(2 ** (asks - 1), longest))
        t.put("list_doubt", key, {**row, "asks": asks, "due_at": now() + wait})
        whose = (row["source"], row["upstream_id"])
        asked[whose] = max(asked.get(whose, 0), row["read_seq"])
        reading = t.get("list_reading", (row["source"], row["field"]))
        about = max(row["first_at"], row["last_at"] - timedelta(seconds=settle)) + timedelta(seconds=settle / 2)
        if reading is not None and (reading["many_at"] or reading["last_at"]) < about:
            for one in reading["witnesses"]:
                asked.setdefault((row["source"], one), 0)
    for (source, upstream_id), after_seq in sorted(asked.items()):
        await t.lock("source_question", (source, upstream_id))
        if t.get("source_question", (source, upstream_id)) is None:
            row = {"source": source, "upstream_id": upstream_id, "reason": reason, "after_seq": after_seq}
            t.put("source_question", (source, upstream_id), {**row, "asked_at": now()})
    return []


STATEMENTS: dict[str, Statement] = {
    doubt_rows._LOAD: _load,
    doubt_rows._PUT: _put,
    doubt_rows._END: _end,
    doubt_rows._SHOWN: _shown,
    doubt_rows._HEALTH: _health,
    doubt_rows._ASK: _ask,
}
