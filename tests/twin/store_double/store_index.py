"""Statements of the indexer, of readers of the change log, and of who renders bills again."""

from collections.abc import Sequence
from typing import Any

from api_gateway.store.changes import change_reader, index_feed
from api_gateway.store.changes.change_filter import ChangeFilter
from legis.domain.change_kind import ChangeKind

from twin.store_double.store_tables import Now, Row, Statement, Transaction

LOG_PAGE = change_reader._BEHIND.format(
    columns=change_reader._SHOWN, condition=change_reader.EVERY_ENTRY.condition(4)[0]
)
EVERY_KIND = ChangeFilter(kinds=tuple(ChangeKind))
NEWEST = change_reader._NEWEST.format(columns=change_reader._WHOLE, movement="", condition=EVERY_KIND.condition(4)[0])
REWRITE = "a migration's own statement: list items of $1 are written again"

EPOCH = "5a1f6ad8-0000-4000-8000-000000000000"


def _columns(row: Row) -> Row:
    return {**row, "render_seq": row.get("render_seq")}


async def _announced_head(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    counter = t.get("change_counter", ()) or {}
    return [(EPOCH, counter.get("last_seq", 0), counter.get("last_render_seq", 0))]


async def _position(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    counter = t.get("change_counter", ()) or {}
    return [{"epoch": EPOCH, "last_seq": counter.get("last_seq", 0), "oldest_seq": counter.get("oldest_seq", 1)}]


async def _head(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    counter = t.get("change_counter", ()) or {}
    entry, following = t.get("bill_change", (args[0],)) or {}, t.get("bill_change", (args[0] + 1,)) or {}
    return [{
        "epoch": EPOCH,
        "last_seq": counter.get("last_seq", 0),
        "last_render_seq": counter.get("last_render_seq", 0),
        **{name: entry.get(name) for name in ("bill_id", "version", "changed_at")},
        "next_changed_at": following.get("changed_at"),
    }]  # fmt: skip


async def _changed(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    entries = sorted((row for key, row in t.scan("bill_change") if key[0] > args[0]), key=lambda row: row["seq"])
    entries = entries[: args[1]]
    if not entries:
        return []
    last = {f"last_{name}": entries[-1][name] for name in ("seq", "bill_id", "version", "changed_at")}
    ids = {row["bill_id"] for row in entries}
    bills = [_columns(row) for _, row in t.scan("bill") if row["id"] in ids]
    return [{**last, **row} for row in bills] or [{**last, "id": None}]


async def _rerendered(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    rows = [_columns(row) for _, row in t.scan("bill") if (row.get("render_seq") or 0) > args[0]]
    return sorted(rows, key=lambda row: int(row["render_seq"]))[: args[1]]


async def _log_page(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    after, up_to, limit, about = args
    counter = t.get("change_counter", ()) or {}
    head = {"epoch": EPOCH, "head": counter.get("last_seq", 0), "oldest": counter.get("oldest_seq", 1)}
    entries = [row for key, row in t.scan("bill_change") if after < key[0] <= up_to and row["about"] in about]
    shown = sorted(entries, key=lambda row: int(row["seq"]))[:limit]
    return [{**head, **row} for row in shown] or [{**head, "seq": None}]


async def _newest(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    up_to, passed, limit, kinds, about = args
    entries = sorted((row for key, row in t.scan("bill_change") if key[0] <= up_to), key=lambda row: -int(row["seq"]))
    return [row for row in entries[:passed] if row["kind"] in kinds and row["about"] in about][:limit]


async def _page(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    rows = [_columns(row) for _, row in t.scan("bill") if row["ordinal"] > args[0]]
    return sorted(rows, key=lambda row: int(row["ordinal"]))[: args[1]]


async def _size(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    return [{0: sum(1 for _ in t.scan("bill"))}]


async def _mark(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    await t.lock("change_counter", ())
    counter = t.get("change_counter", ()) or {"last_seq": 0}
    before = counter.get("last_render_seq", 0)
    t.put("change_counter", (), {**counter, "last_render_seq": before + len(args[0])})
    for place, bill_id in enumerate(args[0], 1):
        await t.lock("bill", (bill_id,))
        if (row := t.get("bill", (bill_id,))) is not None:
            t.put("bill", (bill_id,), {**row, "render_seq": before + place})
    return []


async def _rewrite(t: Transaction, _: Now, args: Sequence[Any]) -> list[Any]:
    """What a migration that renders again does to the rows that it has locked."""
    for bill_id in args[0]:
        if (row := t.get("bill", (bill_id,))) is not None:
            body: bytes = row["summary"].partition(b',"rewritten":')[0].removesuffix(b"}")
            t.put("bill", (bill_id,), {**row, "summary": body + b',"rewritten":"%b"}' % str(args[1]).encode()})
    return []


STATEMENTS: dict[str, Statement] = {
    index_feed._HEAD: _head,
    change_reader._LOG_HEAD: _announced_head,
    index_feed._CHANGED: _changed,
    LOG_PAGE: _log_page,
    NEWEST: _newest,
    change_reader._POSITION: _position,
    index_feed._RERENDERED: _rerendered,
    index_feed._PAGE: _page,
    index_feed._SIZE: _size,
    index_feed._MARK: _mark,
    REWRITE: _rewrite,
}
