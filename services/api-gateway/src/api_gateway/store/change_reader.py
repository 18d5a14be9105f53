"""The change log as readers see it: in order of `seq`, and of single bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api_gateway.store.database import Database

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


async def load_changes(database: Database, *, after: int, limit: int) -> ChangePage:
    """At most `limit` entries with `seq` above `after`, in order. One statement."""
    rows = await database.rows(
        "SELECT seq, document FROM bill_change WHERE seq > $1 ORDER BY seq LIMIT $2", [after, limit + 1]
    )
    page = rows[:limit]
    seqs = [row["seq"] for row in page]
    return ChangePage([row["document"] for row in page], seqs, seqs[-1] if seqs else after, len(rows) > limit)


async def load_entries(database: Database, *, after: int, limit: int) -> list[Any]:
    """Rows of at most `limit` entries behind `after`, with what undoing each takes. One statement."""
    return await database.rows(
        "SELECT seq, bill_id, version, kind, changed_at, document, before FROM bill_change WHERE seq > $1"
        " ORDER BY seq LIMIT $2",
        [after, limit],
    )


async def load_bills_of_entries(database: Database, ids: Sequence[str], after: int) -> tuple[list[Any], list[Any]]:
    """The bills as they are now, and every entry about them behind `after`, newest version first. Two statements: an
    entry of a later version than that of its bill came in between.
    """
    wanted = sorted(set(ids))
    bills = await database.rows(_BILLS, [wanted])
    later = await database.rows(
        "SELECT bill_id, version, kind, before FROM bill_change WHERE bill_id = ANY($1::text[]) AND seq > $2"
        " ORDER BY bill_id, version DESC",
        [wanted, after],
    )
    return bills, later


_BILLS = """
SELECT id, ordinal, upstream_id, legacy_id, labels, version, document, removed_at FROM bill WHERE id = ANY($1::text[])
"""


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
