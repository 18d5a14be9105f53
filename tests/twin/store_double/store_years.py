"""Statements that compare lists of whole years with what is stored, and those about removal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api_gateway.store.reconciliation import removal, removal_rule, year_list_sql
from api_gateway.store.records import record_misses
from api_gateway.store.sources import refetch_requests, years_not_read

from twin.store_double.store_tables import Now, Row, Statement, Transaction

_PART = (
    "window_id", "source", "year", "part", "parts", "read_seq", "fetched_at", "selective", "upstream_ids", "received_at"
)  # fmt: skip
_NOT_MISSED = {"misses": 0, "first_missed_on": None, "last_missed_on": None, "missed_seq": None}


async def _keep(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    row = dict(zip(_PART, args, strict=True))
    key = (row["window_id"], row["year"], row["part"])
    if t.get("year_list_part", key) is None:
        await t.lock("year_list_part", key)
        if t.get("year_list_part", key) is None:
            t.put("year_list_part", key, row)
    return []


async def _ready(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    least: dict[tuple[str, int], int] = {}
    for (window_id, year, _part), row in t.scan("year_list_part"):
        window = t.get("ingest_window", (window_id,))
        if window is not None and window["done_at"] is not None:
            least[window_id, year] = min(row["read_seq"], least.get((window_id, year), row["read_seq"]))
    order = sorted(least, key=lambda key: (least[key], -key[1], key[0]))
    return [{"window_id": window_id, "year": year} for window_id, year in order[: args[0]]]


async def _take_parts(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    rows = []
    for key, row in list(t.scan("year_list_part")):
        if key[:2] == tuple(args) and t.is_free("year_list_part", key):
            await t.lock("year_list_part", key)
            t.put("year_list_part", key, None)
            rows.append(row)
    return rows


async def _before(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    row = t.get("year_list", tuple(args))
    return [{"read_seq": row["read_seq"]}] if row else []


async def _compared(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    names = ("source", "year", "read_seq", "fetched_at", "records", "missing_here", "missing_there")
    row = dict(zip(names, args, strict=True))
    key = (row["source"], row["year"])
    await t.lock("year_list", key)
    t.put("year_list", key, {**row, "compared_at": now()})
    return []


async def _known(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [{"count": sum((row["source"], row["year"]) == tuple(args) for _key, row in t.scan("bill_sighting"))}]


async def _lacking(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    source, year, ids, read_seq = args
    found = []
    for (bill_id,), sighting in t.scan("bill_sighting"):
        bill = t.get("bill", (bill_id,))
        there = bill is not None and bill["removed_at"] is None and bill["read_seq"] < read_seq
        if there and (sighting["source"], sighting["year"]) == (source, year) and bill["upstream_id"] not in ids:
            found.append({"bill_id": bill_id})
    return sorted(found, key=lambda row: str(row["bill_id"]))


def bills_of(t: Transaction, source: str, ids: Sequence[str]) -> list[Row]:
    """Stored bills of a source by upstream id, in order of key."""
    return [row for _, row in sorted(t.scan("bill")) if row["source"] == source and row["upstream_id"] in ids]


async def _sighted(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    source, year, ids = args
    for bill in bills_of(t, source, ids):
        key = (bill["id"],)
        old = t.get("bill_sighting", key)
        if old is None or old["year"] != year or old["misses"] > 0:
            await t.lock("bill_sighting", key)
            t.put("bill_sighting", key, {"bill_id": bill["id"], "source": source, "year": year, **_NOT_MISSED})
    return []


async def _missed(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    ids, day, read_seq, every = args
    for bill_id in ids:
        await t.lock("bill_sighting", (bill_id,))
        row = t.get("bill_sighting", (bill_id,))
        if row is not None and (every or row["last_missed_on"] is None or row["last_missed_on"] < day):
            first = row["first_missed_on"] or day
            new = {"misses": row["misses"] + 1, "first_missed_on": first, "last_missed_on": day, "missed_seq": read_seq}
            t.put("bill_sighting", (bill_id,), {**row, **new})
    return []


async def _withdraw(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for upstream_id in args[1]:
        key = (args[0], upstream_id)
        question = t.get("source_question", key)
        if question is not None and question["reason"] == "missing":
            await t.lock("source_question", key)
            t.put("source_question", key, None)
    return []


async def _returned(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [row for row in bills_of(t, *args) if row["removed_at"] is not None]


async def _unknown(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    source, ids = args
    stored = {row["upstream_id"] for row in bills_of(t, source, ids)}
    parked = {
        row["upstream_id"]
        for _key, row in t.scan("dead_letter")
        if row["resolved_at"] is None and row["source"] == source
    }
    return [{"upstream_id": one} for one in sorted(ids) if one not in stored and one not in parked]


def _due(t: Transaction, source: str, misses: int, span: int) -> list[tuple[Row, Row]]:
    """Bills that the rule finds missing, with their sightings."""
    found = []
    for (bill_id,), row in sorted(t.scan("bill_sighting")):
        bill = t.get("bill", (bill_id,))
        if row["source"] != source or not 0 < row["misses"] >= misses or bill is None:
            continue
        if bill["removed_at"] is None and (row["last_missed_on"] - row["first_missed_on"]).days >= span:
            found.append((bill, row))
    return found


async def suspects(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    """Bills of a source that the rule finds missing."""
    return sorted((bill for bill, _row in _due(t, *args)), key=lambda bill: str(bill["upstream_id"]))


async def _ask(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    source, reason, ids, after_seq = args
    for upstream_id in ids:
        key = (source, upstream_id)
        await t.lock("source_question", key)
        if t.get("source_question", key) is None:
            row = {"source": source, "upstream_id": upstream_id, "reason": reason, "after_seq": after_seq}
            t.put("source_question", key, {**row, "asked_at": now()})
    return []


async def _due_now(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    source, ids, sequences, misses, span = args
    answers = list(zip(ids, sequences, strict=True))
    return [
        {"id": bill["id"], "read_seq": seq}
        for bill, row in _due(t, source, misses, span)
        for upstream_id, seq in answers
        if upstream_id == bill["upstream_id"] and row["missed_seq"] < seq and bill["read_seq"] < seq
    ]


async def _absent(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    source, *columns = args
    for upstream_id, read_seq, fetched_at in zip(*columns, strict=True):
        key = (source, upstream_id)
        question = t.get("source_question", key)
        if question is not None and question["after_seq"] < read_seq:
            await t.lock("source_question", key)
            t.put("source_question", key, None)
        for letter, row in list(t.scan("dead_letter")):
            same = (row["source"], row["upstream_id"]) == key
            if same and row["resolved_at"] is None and row["last_at"] < fetched_at:
                await t.lock("dead_letter", letter)
                t.put("dead_letter", letter, {**row, "resolved_at": now()})
    return []


async def _allowance(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    source, misses, span, recent = args
    since: timedelta = recent
    removed = [
        row
        for _key, row in t.scan("bill_change")
        if row["kind"] == "REMOVED" and row["source"] == source and row["changed_at"] > now() - since
    ]
    return [{"due": len(_due(t, source, misses, span)), "recent": len(removed)}]


async def _count_bills(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [{"count": sum(row["source"] == args[0] for _key, row in t.scan("bill"))}]


async def _year_left(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    for source, year, reason, read_seq in sorted(zip(*args, strict=True)):
        key = (source, year)
        compared = t.get("year_list", key)
        if compared is not None and compared["read_seq"] > read_seq:
            continue
        await t.lock("year_not_read", key)
        old = t.get("year_not_read", key)
        row = {"source": source, "year": year, "reason": reason, "read_seq": read_seq, "last_at": now()}
        if old is None:
            t.put("year_not_read", key, {**row, "tries": 1, "first_at": now()})
        elif old["read_seq"] < read_seq:
            t.put("year_not_read", key, {**old, **row, "tries": old["tries"] + 1})
    return []


async def _year_read(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for source, year, read_seq in zip(*args, strict=True):
        old = t.get("year_not_read", (source, year))
        if old is not None and old["read_seq"] < read_seq:
            await t.lock("year_not_read", (source, year))
            t.put("year_not_read", (source, year), None)
    return []


async def _nothing(_: Transaction, __: Now, ___: Sequence[Any]) -> list[Any]:
    """Housekeeping of what is older than any twin."""
    return []


STATEMENTS: dict[str, Statement] = {
    year_list_sql.KEEP: _keep,
    year_list_sql.READY: _ready,
    year_list_sql.TAKE: _take_parts,
    year_list_sql.BEFORE: _before,
    year_list_sql.COMPARED: _compared,
    year_list_sql.KNOWN: _known,
    year_list_sql.LACKING: _lacking,
    year_list_sql.SIGHTED: _sighted,
    year_list_sql.MISSED: _missed,
    year_list_sql.WITHDRAW: _withdraw,
    year_list_sql.RETURNED: _returned,
    year_list_sql.UNKNOWN: _unknown,
    year_list_sql.SUSPECTS: suspects,
    year_list_sql.FORGET_PARTS: _nothing,
    record_misses._FORGET_PARTS: _nothing,
    years_not_read._LEFT: _year_left,
    years_not_read._READ: _year_read,
    refetch_requests._FORGET: _nothing,
    refetch_requests._ASK: _ask,
    removal._DUE: _due_now,
    removal._ANSWERED: _absent,
    removal_rule._DUE_AND_RECENT: _allowance,
    removal_rule._BILLS: _count_bills,
}
