"""Reads what messages are made of: entries of the change log and the present list items of their bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api_gateway.store.changes.legacy_entries import as_shown
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 5.0

_ENTRIES = """
SELECT c.seq, c.bill_id, c.kind, c.document, c.changed_at, b.summary
FROM bill_change c LEFT JOIN bill b ON b.id = c.bill_id WHERE c.seq = ANY($1::bigint[]) ORDER BY c.seq
"""
# Entries that are not stored any more count for the position alone.
_UNSENT = """
WITH matched AS (
    SELECT m.seq, c.bill_id, c.changed_at
    FROM change_match m LEFT JOIN bill_change c ON c.seq = m.seq AND c.seq > $2
    WHERE m.seq > $2 AND m.subscription_ids @> ARRAY[$1::integer]
), told AS (
    SELECT b.id, max(m.seq) AS seq FROM matched m JOIN bill b ON b.id = m.bill_id GROUP BY b.id
)
SELECT max(seq) AS up_to, min(changed_at) AS first_changed_at, (SELECT count(*) FROM told) AS count,
       ARRAY(SELECT b.summary FROM (SELECT id, seq FROM told ORDER BY seq DESC LIMIT $3) n JOIN bill b ON b.id = n.id
             ORDER BY n.seq DESC) AS newest
FROM matched
"""


@dataclass(frozen=True, slots=True)
class ChangeContent:
    """One entry of the change log as it is served, and its bill's list item (None: the bill is not stored)."""

    seq: int
    entry: bytes
    bill: bytes | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """What matched a subscription and is not told yet: `count` bills in entries up to `up_to`, the first of which is of
    `first_changed_at` (None: no entry is stored any more), and the list items of those that changed last.
    """

    up_to: int
    first_changed_at: datetime | None
    count: int
    newest: tuple[bytes, ...]


async def load_unsent(pool: Pool, subscription_id: int, after: int, most_bills: int) -> Unsent | None:
    """All that one subscription matched after an entry, with at most `most_bills` list items, the one that changed last
    first; None where nothing matched. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            row = await connection.fetchrow(_UNSENT, subscription_id, after, most_bills)
    assert row is not None  # an aggregate always has one row
    if row["up_to"] is None:
        return None
    return Unsent(row["up_to"], row["first_changed_at"], row["count"], tuple(row["newest"]))


async def load_contents(pool: Pool, seqs: Sequence[int]) -> dict[int, ChangeContent]:
    """The contents of these entries, by number; entries that are not stored any more are left out."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(_ENTRIES, list(seqs))
    return {row["seq"]: ChangeContent(row["seq"], as_shown(row), row["summary"], row["changed_at"]) for row in rows}
