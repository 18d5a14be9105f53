"""The change log as readers see it: in order of `seq`, whole or of the bills that a filter matches."""

from dataclasses import dataclass
from datetime import datetime

from api_gateway.store.bill_filter import BillFilter
from api_gateway.store.conditions import Arguments, where
from api_gateway.store.database import Database

LOG_SLICE = 5000
"""Entries of the log that one filtered page looks at; a rare filter then gives short pages, never slow ones."""

VERSIONS_LIMIT = 1000
"""Later versions that one past reading is folded back over; more than any bill has had."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Entries after a position, and the position to go on from: `next_after` moves even where nothing matched."""

    documents: list[bytes]
    seqs: list[int]
    next_after: int
    more: bool


@dataclass(frozen=True, slots=True)
class PastChange:
    """What undoing one change takes: the old values as JSON, and what the record was stamped with before and after."""

    seq: int
    version: int
    kind: str
    changed_at: datetime
    before: bytes


async def load_changes(database: Database, asked: BillFilter | None, *, after: int, limit: int) -> ChangePage:
    """At most `limit` entries with `seq` above `after`, in order. One statement."""
    if asked is None:
        rows = await database.rows(
            "SELECT seq, document FROM bill_change WHERE seq > $1 ORDER BY seq LIMIT $2", [after, limit + 1]
        )
        page = rows[:limit]
        seqs = [row["seq"] for row in page]
        return ChangePage([r["document"] for r in page], seqs, seqs[-1] if seqs else after, len(rows) > limit)
    return await _filtered(database, asked, after, limit)


async def _filtered(database: Database, asked: BillFilter, after: int, limit: int) -> ChangePage:
    arguments = Arguments()
    start, wanted = arguments.bind(after), arguments.bind(limit + 1)
    # entry by entry, until the page is full: OFFSET 0 keeps all bills that match from being gathered for a join
    rows = await database.rows(
        f"""
        WITH seen AS (
            SELECT max(seq) AS last, count(*) AS n FROM ({_slice("seq", start)}) AS s
        ), page AS (
            SELECT s.seq FROM ({_slice("seq, bill_id", start)}) AS s CROSS JOIN LATERAL (
                SELECT FROM bill b WHERE b.id = s.bill_id AND {where(asked, arguments)} OFFSET 0
            ) AS matching ORDER BY s.seq LIMIT {wanted}
        )
        SELECT seen.last, seen.n, c.seq, c.document
        FROM seen LEFT JOIN (page JOIN bill_change c ON c.seq = page.seq) ON true ORDER BY c.seq
        """,
        arguments.values,
    )
    found = [row for row in rows if row["seq"] is not None]
    page = found[:limit]
    seqs = [row["seq"] for row in page]
    if len(found) > limit:
        return ChangePage([r["document"] for r in page], seqs, seqs[-1], True)
    last = rows[0]["last"]
    return ChangePage([r["document"] for r in page], seqs, after if last is None else last, rows[0]["n"] == LOG_SLICE)


def _slice(columns: str, start: str) -> str:
    return f"SELECT {columns} FROM bill_change WHERE seq > {start} ORDER BY seq LIMIT {LOG_SLICE}"


async def load_versions(database: Database, bill_id: str, *, after: int, limit: int) -> tuple[bool, list[bytes]]:
    """Whether the bill exists, and its changes from version `after` + 1 on, oldest first, at most `limit`."""
    rows = await database.rows(
        """
        SELECT c.document FROM bill b LEFT JOIN LATERAL (
            SELECT version, document FROM bill_change WHERE bill_id = b.id AND version > $2 ORDER BY version LIMIT $3
        ) AS c ON true WHERE b.id = $1 ORDER BY c.version
        """,
        [bill_id, after, limit],
    )
    return bool(rows), [row["document"] for row in rows if row["document"] is not None]


async def load_changes_since(database: Database, bill_id: str, instant: datetime) -> list[PastChange]:
    """The last change at or before `instant`, where there was one, and all later ones: newest first."""
    rows = await database.rows(
        """
        (SELECT seq, version, kind, changed_at, before FROM bill_change
         WHERE bill_id = $1 AND changed_at > $2 ORDER BY version DESC LIMIT $3)
        UNION ALL
        (SELECT seq, version, kind, changed_at, ''::bytea FROM bill_change
         WHERE bill_id = $1 AND changed_at <= $2 ORDER BY version DESC LIMIT 1)
        ORDER BY version DESC
        """,
        [bill_id, instant, VERSIONS_LIMIT],
    )
    return [PastChange(r["seq"], r["version"], r["kind"], r["changed_at"], r["before"]) for r in rows]
