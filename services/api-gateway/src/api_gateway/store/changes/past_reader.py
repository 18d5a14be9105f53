"""Reads for lists as they were at an entry of the change log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api_gateway.store.database.reader import Database

MAX_LEFT = 10_000
"""Bills that may have changed chamber, type, number or year, or been removed, since a moment that is still told."""

MAX_UNDONE = 50_000
"""Entries that are undone for one list."""

# The condition is that of the index `bill_change_left_idx`.
_LEFT = """
SELECT b.id, b.chamber, b.type, b.type_code, b.number, b.year, bool_or(c.kind <> 'REMOVED') AS renamed
FROM bill_change c JOIN bill b ON b.id = c.bill_id
WHERE c.seq > $1
  AND (c.kind = 'REMOVED' OR c.fields && ARRAY['chamber', 'type', 'type_code', 'number', 'year'])
GROUP BY b.id LIMIT $2
"""
_BILLS = """
SELECT id, ordinal, upstream_id, legacy_id, labels, version, document, removed_at, change_seq, changed_at
FROM bill WHERE id = ANY($1::text[])
"""
_ENTRIES = """
SELECT c.* FROM unnest($1::text[]) AS wanted(id) CROSS JOIN LATERAL (
    SELECT bill_id, seq, version, kind, changed_at, before FROM bill_change WHERE bill_id = wanted.id AND seq > $2
    UNION ALL
    (SELECT bill_id, seq, version, kind, changed_at, ''::bytea FROM bill_change
     WHERE bill_id = wanted.id AND seq <= $2 ORDER BY version DESC LIMIT 1)
) AS c ORDER BY c.bill_id, c.version DESC LIMIT $3
"""
_AT = "SELECT seq FROM bill_change WHERE changed_at <= $1 ORDER BY changed_at DESC, seq DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class PastRows:
    """The present rows of bills; and of each its last entry at or before the moment, if there is one, and every later
    one, newest version first. An entry whose version is above its row's was committed between the two reads.
    """

    bills: list[Any]
    entries: list[Any]


async def load_seq_at(database: Database, at: datetime) -> int:
    """The last entry of the log at or before an instant; 0 if there is none."""
    row = await database.row(_AT, [at])
    return 0 if row is None else int(row["seq"])


async def load_time_of(database: Database, seq: int) -> datetime | None:
    """When an entry was stored; None if there is none with that number."""
    row = await database.row("SELECT changed_at FROM bill_change WHERE seq = $1", [seq])
    return None if row is None else row["changed_at"]


async def load_left(database: Database, seq: int) -> list[Any] | None:
    """Bills that were removed after the entry `seq`, or changed chamber, type, number or year (`renamed`), with their
    present values. None if there are more than `MAX_LEFT`.
    """
    rows = await database.rows(_LEFT, [seq, MAX_LEFT + 1])
    return None if len(rows) > MAX_LEFT else rows


async def load_past(database: Database, ids: Sequence[str], seq: int) -> PastRows | None:
    """What is needed to show these bills as they were at the entry `seq`. Two statements, the second from a server that
    has what the first one saw. None if more than `MAX_UNDONE` entries would be undone.
    """
    bills = await database.rows(_BILLS, [list(ids)])
    entries = await database.rows(_ENTRIES, [list(ids), seq, MAX_UNDONE + 1])
    return None if len(entries) > MAX_UNDONE else PastRows(bills, entries)
