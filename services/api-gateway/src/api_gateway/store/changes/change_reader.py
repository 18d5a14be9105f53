"""Reads the change log, in order of `seq` or for single bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from legis.streams.log_heads import LogHead

from api_gateway.store.changes.change_filter import ENTRIES_PASSED, EVERY_ENTRY, ChangeFilter
from api_gateway.store.changes.legacy_entries import as_shown
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.database.reader import Database

VERSIONS_LIMIT = 1000
"""Later versions that are undone to show one past state; more than any bill has had."""

_MAX_SEQ = 2**63 - 1
_ACQUIRE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class LogPosition:
    """Identity of the log (the epoch of the database), and `seq` of its last entry and of the oldest that it keeps."""

    epoch: str
    head: int
    oldest: int = 1


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Entries after a position. `next_after` is the position to continue from; it advances even if nothing matched.
    `position` is the head of the log at that moment.
    """

    documents: list[bytes]
    seqs: list[int]
    next_after: int
    more: bool
    position: LogPosition


@dataclass(frozen=True, slots=True)
class EntryRows:
    """Rows of entries after a position, each with its old values. The log was searched up to `reached`."""

    entries: list[Any]
    reached: int
    position: LogPosition

    @property
    def more(self) -> bool:
        """Whether the log has entries after `reached`."""
        return self.reached < self.position.head


@dataclass(frozen=True, slots=True)
class PastChange:
    """What is needed to undo one change: the old values as JSON, and the version stamp."""

    seq: int
    version: int
    kind: str
    changed_at: datetime
    before: bytes


# One statement, so that entries, head and epoch are of the same moment. `seq` has no gaps, so $2 bounds the rows read.
_BEHIND = """
SELECT e.epoch::text AS epoch, c.last_seq AS head, c.oldest_seq AS oldest, l.*
FROM store_epoch e CROSS JOIN change_counter c LEFT JOIN LATERAL (
    SELECT {columns} FROM bill_change WHERE seq > $1 AND seq <= $2{condition} ORDER BY seq LIMIT $3
) AS l ON true ORDER BY l.seq
"""
_POSITION = "SELECT epoch::text, last_seq, oldest_seq FROM store_epoch CROSS JOIN change_counter"
_LOG_HEAD = "SELECT epoch::text, last_seq, last_render_seq FROM store_epoch CROSS JOIN change_counter"
_SHOWN = "seq, bill_id, kind, document"
_WHOLE = "seq, bill_id, version, kind, fields, movement, changed_at, document, before"


async def load_position(database: Database) -> LogPosition:
    """The head of the log. One statement."""
    (row,) = await database.rows(_POSITION)
    return LogPosition(row["epoch"], row["last_seq"], row["oldest_seq"])


async def load_log_head(pool: Pool) -> tuple[str, LogHead]:
    """The epoch of the database, and how far its log and its renderings have come. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=_ACQUIRE_SECONDS) as connection:
            ((epoch, seq, render_seq),) = await connection.fetch(_LOG_HEAD)
    return epoch, LogHead(seq, render_seq)


async def load_changes(database: Database, *, after: int, limit: int, wanted: ChangeFilter = EVERY_ENTRY) -> ChangePage:
    """At most `limit` of the next 5 000 entries with `seq` above `after`, in order. One statement."""
    found = await _behind(database, _SHOWN, after, limit, wanted)
    seqs = [row["seq"] for row in found.entries]
    return ChangePage([as_shown(row) for row in found.entries], seqs, found.reached, found.more, found.position)


async def load_entries(database: Database, *, after: int, limit: int, wanted: ChangeFilter = EVERY_ENTRY) -> EntryRows:
    """Like `load_changes`, with the old values of each entry. One statement."""
    return await _behind(database, _WHOLE, after, limit, wanted)


async def _behind(database: Database, columns: str, after: int, limit: int, wanted: ChangeFilter) -> EntryRows:
    condition, values = wanted.condition(4)
    sql = _BEHIND.format(columns=columns, condition=condition)
    rows = await database.rows(sql, [after, min(after + ENTRIES_PASSED, _MAX_SEQ), limit, *values])
    position = LogPosition(rows[0]["epoch"], rows[0]["head"], rows[0]["oldest"])
    entries = [row for row in rows if row["seq"] is not None]
    full = len(entries) == limit
    reached = entries[-1]["seq"] if full else max(after, min(position.head, after + ENTRIES_PASSED))
    return EntryRows(entries, reached, position)


# Only the newest $2 entries are searched: a rare kind must not make PostgreSQL read the whole log.
_NEWEST = """
SELECT {columns} FROM (
    SELECT * FROM bill_change WHERE seq <= $1{movement} ORDER BY seq DESC LIMIT $2
) AS newest WHERE true{condition} ORDER BY seq DESC LIMIT $3
"""
_NEWEST_OF_BILLS = """
SELECT DISTINCT ON (bill_id) seq, bill_id, version, kind, fields, changed_at FROM bill_change
WHERE bill_id = ANY($1::text[]) AND seq <= $2{condition} ORDER BY bill_id, version DESC
"""


async def load_newest(database: Database, wanted: ChangeFilter, *, up_to: int, limit: int) -> list[Any]:
    """At most `limit` entries with `seq` up to `up_to`, newest first, each with its old values. One statement."""
    condition, values = wanted.condition(4)
    sql = _NEWEST.format(columns=_WHOLE, movement=" AND movement" if wanted.only_movement else "", condition=condition)
    return await database.rows(sql, [up_to, ENTRIES_PASSED, limit, *values])


async def load_newest_of_bills(
    database: Database, ids: Sequence[str], wanted: ChangeFilter, *, up_to: int
) -> list[Any]:
    """The newest matching entry of each of these bills that has one, in no order. One statement."""
    condition, values = wanted.condition(3)
    return await database.rows(_NEWEST_OF_BILLS.format(condition=condition), [list(ids), up_to, *values])


async def load_bills_of_entries(database: Database, ids: Sequence[str], after: int) -> tuple[list[Any], list[Any]]:
    """The current bills, and every entry about them after `after`, newest version first. Two statements: an entry whose
    version is later than its bill's was committed between the two.
    """
    wanted = sorted(set(ids))
    bills = await database.rows(_BILLS, [wanted])
    later = await database.rows(
        "SELECT bill_id, version, kind, changed_at, before FROM bill_change WHERE bill_id = ANY($1::text[])"
        " AND seq > $2 ORDER BY bill_id, version DESC",
        [wanted, after],
    )
    return bills, later


_BILLS = """
SELECT id, ordinal, upstream_id, legacy_id, labels, version, document, removed_at FROM bill WHERE id = ANY($1::text[])
"""


_OLDEST_FIRST = "WHERE bill_id = b.id AND version > $2 ORDER BY version LIMIT $3"
_NEWEST_FIRST = "WHERE bill_id = b.id ORDER BY version DESC OFFSET $2 LIMIT $3"


async def load_versions(
    database: Database, bill_id: str, *, after: int, limit: int, newest_first: bool = False
) -> tuple[bool, list[bytes]]:
    """Whether the bill exists, and at most `limit` of its changes: after version `after`, oldest first, or, newest
    first, those behind the `after` newest.
    """
    rows = await database.rows(
        f"""
        SELECT c.bill_id, c.kind, c.document FROM bill b LEFT JOIN LATERAL (
            SELECT bill_id, version, kind, document FROM bill_change {_NEWEST_FIRST if newest_first else _OLDEST_FIRST}
        ) AS c ON true WHERE b.id = $1 ORDER BY c.version {"DESC" if newest_first else "ASC"}
        """,
        [bill_id, after, limit],
    )
    return bool(rows), [as_shown(row) for row in rows if row["document"] is not None]


async def load_changes_since(database: Database, bill_id: str, moment: datetime | int) -> list[PastChange]:
    """The last change at or before a moment, an instant or a `seq`, if there is one, and all later ones, newest
    first.
    """
    order = "seq" if isinstance(moment, int) else "changed_at"
    rows = await database.rows(
        f"""
        (SELECT seq, version, kind, changed_at, before FROM bill_change
         WHERE bill_id = $1 AND {order} > $2 ORDER BY version DESC LIMIT $3)
        UNION ALL
        (SELECT seq, version, kind, changed_at, ''::bytea FROM bill_change
         WHERE bill_id = $1 AND {order} <= $2 ORDER BY version DESC LIMIT 1)
        ORDER BY version DESC
        """,
        [bill_id, moment, VERSIONS_LIMIT],
    )
    return [PastChange(r["seq"], r["version"], r["kind"], r["changed_at"], r["before"]) for r in rows]
