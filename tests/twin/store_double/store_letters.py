"""Statements about dead letters and about questions to the sources."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api_gateway.store.dead_letters import dead_letter_writer
from api_gateway.store.sources import refetch_requests

from twin.store_double.store_tables import Now, Row, Statement, Transaction

_NOT_MISSED: Row = {"misses": 0, "first_missed_on": None, "last_missed_on": None, "missed_seq": None}


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
            again["upstream_id"] = old["upstream_id"] if row["upstream_id"] is None else row["upstream_id"]
            t.put("dead_letter", key, {**old, **again})
    return []


async def _park_again(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    raise NotImplementedError("nobody replays dead letters here")


async def _answered(t: Transaction, now: Now, args: Sequence[Any]) -> list[Any]:
    for bill_id, source, upstream_id, read_seq, published_at, settles, whole in zip(*args, strict=True):
        sighting = t.get("bill_sighting", (bill_id,))
        if sighting is not None and sighting["misses"] > 0 and sighting["missed_seq"] < read_seq:
            await t.lock("bill_sighting", (bill_id,))
            t.put("bill_sighting", (bill_id,), {**sighting, **_NOT_MISSED})
        question = t.get("source_question", (source, upstream_id))
        if question is not None and question["after_seq"] < read_seq:
            await t.lock("source_question", (source, upstream_id))
            t.put("source_question", (source, upstream_id), None)
        for key, row in list(t.scan("dead_letter")):
            same = (row["source"], row["upstream_id"]) == (source, upstream_id)
            due = row["resolved_at"] is None and row["last_at"] < published_at
            if settles and same and due and (whole or row["stage"] != "set_aside"):
                await t.lock("dead_letter", key)
                t.put("dead_letter", key, {**row, "resolved_at": now()})
    return []


async def _rejected(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    for key in zip(*args, strict=True):
        question = t.get("source_question", key)
        if question is not None and question["reason"] != "missing":
            await t.lock("source_question", key)
            t.put("source_question", key, None)
    return []


async def _load_questions(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [row for _key, row in t.scan("source_question")][: args[0]]


async def _count_questions(t: Transaction, _: Now, __: Sequence[Any]) -> list[Any]:
    return [{"source": row["source"], "reason": row["reason"], "n": 1} for _key, row in t.scan("source_question")]


async def _open_letters(t: Transaction, _: Now, __: Sequence[Any]) -> list[Any]:
    counts: dict[str, int] = {}
    for _key, row in t.scan("dead_letter"):
        if row["resolved_at"] is None:
            counts[row["source"]] = counts.get(row["source"], 0) + 1
    return [{"source": source, "n": n} for source, n in counts.items()]


async def _drop_resolved(t: Transaction, now: Now, _: Sequence[Any]) -> list[Any]:
    before = now() - timedelta(days=dead_letter_writer.RESOLVED_DAYS)
    for key, row in list(t.scan("dead_letter")):
        if row["resolved_at"] is not None and row["resolved_at"] < before:
            await t.lock("dead_letter", key)
            t.put("dead_letter", key, None)
    return []


STATEMENTS: dict[str, Statement] = {
    dead_letter_writer._PARK: _park,
    dead_letter_writer._PARK_AGAIN: _park_again,
    dead_letter_writer._OPEN: _open_letters,
    dead_letter_writer._DROP_RESOLVED: _drop_resolved,
    refetch_requests._ANSWERED: _answered,
    refetch_requests._REJECTED: _rejected,
    refetch_requests._LOAD: _load_questions,
    refetch_requests._COUNT: _count_questions,
}
