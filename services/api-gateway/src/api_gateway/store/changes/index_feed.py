"""Reads for the indexer: bills in the order of the change log, bills page by page, and the head of the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from api_gateway.store.database.connections import Connection
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 2.0

_COLUMNS = """b.id, b.ordinal, b.source, b.upstream_id, b.legacy_id, b.chamber, b.type, b.type_code, b.number, b.year,
 b.labels, b.status, b.in_progress, b.organization, nullif(b.introduced_on, '1000-01-01') AS introduced_on,
 nullif(b.last_action_at, '1000-01-01 00:00+00') AS last_action_at, b.parties, b.states, b.subjects, b.urns,
 b.first_days, b.record, b.summary, b.change_seq, b.changed_at, b.removed_at, b.render_seq"""

_HEAD = """
SELECT e.epoch::text AS epoch, c.last_seq, c.last_render_seq, l.bill_id, l.version, l.changed_at,
       (SELECT min(changed_at) FROM bill_change WHERE seq = $1 + 1) AS next_changed_at
FROM store_epoch e CROSS JOIN change_counter c LEFT JOIN bill_change l ON l.seq = $1
"""

# One statement, so that log and bills are of the same moment: the bills contain every entry up to the last one read.
_CHANGED = f"""
WITH entry AS MATERIALIZED (SELECT seq, bill_id FROM bill_change WHERE seq > $1 ORDER BY seq LIMIT $2),
     last AS (SELECT l.seq, l.bill_id, l.version, l.changed_at FROM bill_change l
              WHERE l.seq = (SELECT max(seq) FROM entry))
SELECT last.seq AS last_seq, last.bill_id AS last_bill_id, last.version AS last_version,
       last.changed_at AS last_changed_at, {_COLUMNS}
FROM last LEFT JOIN bill b ON b.id = ANY(ARRAY(SELECT DISTINCT bill_id FROM entry))
"""
_RERENDERED = f"SELECT {_COLUMNS} FROM bill b WHERE b.render_seq > $1 ORDER BY b.render_seq LIMIT $2"
_PAGE = f"SELECT {_COLUMNS} FROM bill b WHERE b.ordinal > $1 ORDER BY b.ordinal LIMIT $2"
_SIZE = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'bill'::regclass"

_MARK = """
WITH taken AS (UPDATE change_counter SET last_render_seq = last_render_seq + cardinality($1::text[])
               RETURNING last_render_seq - cardinality($1::text[]) AS before)
UPDATE bill SET render_seq = taken.before + n.place
FROM taken, unnest($1::text[]) WITH ORDINALITY AS n(id, place) WHERE bill.id = n.id
"""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the change log. Its values identify a position of the log even after a restore or failover."""

    seq: int
    bill_id: str
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the change log. `entry` is the requested log entry, None if there is none with that number;
    `next_changed_at` is the time of the entry after it.
    """

    epoch: str
    last_seq: int
    last_render_seq: int
    entry: LogEntry | None
    next_changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Changed:
    """The current bills of some log entries, and the last of these entries; None if there is no new one."""

    bills: Sequence[Any]
    last: LogEntry | None


class IndexFeed:
    """Reads for the indexer. Every method raises StoreUnavailable if PostgreSQL cannot answer now."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def head(self, seq: int) -> Head:
        """The head of the log, and its entry `seq`."""
        (row,) = await self._rows(_HEAD, seq)
        entry = None if row["bill_id"] is None else LogEntry(seq, row["bill_id"], row["version"], row["changed_at"])
        return Head(row["epoch"], row["last_seq"], row["last_render_seq"], entry, row["next_changed_at"])

    async def changed(self, after: int, entries: int) -> Changed:
        """The bills of at most `entries` log entries after `after`."""
        rows = await self._rows(_CHANGED, after, entries)
        if not rows:
            return Changed((), None)
        first = rows[0]
        last = LogEntry(first["last_seq"], first["last_bill_id"], first["last_version"], first["last_changed_at"])
        return Changed([row for row in rows if row["id"] is not None], last)

    async def rerendered(self, after: int, limit: int) -> Sequence[Any]:
        """Bills whose rendered columns were rewritten, in the order of `render_seq`."""
        return await self._rows(_RERENDERED, after, limit)

    async def page(self, after_ordinal: int, limit: int) -> Sequence[Any]:
        """Bills in the order of `ordinal`."""
        return await self._rows(_PAGE, after_ordinal, limit)

    async def size(self) -> int:
        """Estimated number of bills, from PostgreSQL's statistics."""
        (row,) = await self._rows(_SIZE)
        return int(row[0])

    async def _rows(self, sql: str, *args: Any) -> Sequence[Any]:
        with store_errors():
            async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                return await connection.fetch(sql, *args)


async def mark_rerendered(connection: Connection, ids: Sequence[str]) -> None:
    """Makes the indexer read these bills again, whose rendered columns are rewritten in the same transaction without a
    logged change. For migrations and commands that render again; a logged change needs no mark.
    """
    await connection.execute(_MARK, list(ids))
