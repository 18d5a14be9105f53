"""Writes the growing lists of bills into their own table."""

from collections.abc import Sequence

from api_gateway.store.bill_state.apply_observations import BillState
from api_gateway.store.database.connections import Connection

# Entries are JSON without newlines, so newlines separate them; PostgreSQL requires arrays of arrays to have equal
# lengths.
_PUT = """
INSERT INTO bill_history (bill_id, field, items)
SELECT n.bill_id, n.field, string_to_array(n.items, E'\\n')
FROM unnest($1::text[], $2::text[], $3::text[]) AS n(bill_id, field, items)
ON CONFLICT (bill_id, field) DO UPDATE SET items = excluded.items
"""


async def write_histories(connection: Connection, states: Sequence[BillState]) -> None:
    """Replaces the lists that changed, in the order of their keys. One statement."""
    rows = [
        (state.bill_id, field, "\n".join(state.now.snapshot.histories[field].items))
        for state in states
        for field in sorted(state.rewritten)
    ]
    if rows:
        await connection.execute(_PUT, *(list(column) for column in zip(*rows, strict=True)))
