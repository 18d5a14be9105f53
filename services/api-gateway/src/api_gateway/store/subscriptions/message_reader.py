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


@dataclass(frozen=True, slots=True)
class ChangeContent:
    """One entry of the change log as it is served, and its bill's list item (None: the bill is not stored)."""

    seq: int
    entry: bytes
    bill: bytes | None
    changed_at: datetime


async def load_contents(pool: Pool, seqs: Sequence[int]) -> dict[int, ChangeContent]:
    """The contents of these entries, by number; entries that are not stored any more are left out."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(_ENTRIES, list(seqs))
    return {row["seq"]: ChangeContent(row["seq"], as_shown(row), row["summary"], row["changed_at"]) for row in rows}
