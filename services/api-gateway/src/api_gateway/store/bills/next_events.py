"""The next session or meeting that has a bill on its agenda, as it is shown in the bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api_gateway.documents import render
from api_gateway.store.database.connections import Connection

_OVER = ("HELD", "CANCELLED", "MOVED")
_NEXT = """
SELECT n.bill_id, x.* FROM unnest($1::text[]) AS n(bill_id) CROSS JOIN LATERAL (
    SELECT e.id, e.start_at, e.status, e.location, e.organization_ids, e.organization_name
    FROM event_bill b JOIN event e ON e.id = b.event_id
    WHERE b.bill_id = n.bill_id AND b.start_at > $2 AND e.status <> ALL($3::text[])
    ORDER BY b.start_at, b.event_id LIMIT 1
) AS x
"""


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The next event of a bill: `shown` is its part of the bill's documents."""

    start_at: datetime
    shown: dict[str, Any]


async def load_next_events(connection: Connection, bill_ids: Sequence[str], now: datetime) -> dict[str, NextEvent]:
    """The next event of each of these bills that has one after `now`. One statement."""
    rows = await connection.fetch(_NEXT, list(bill_ids), now, list(_OVER)) if bill_ids else ()
    return {row["bill_id"]: NextEvent(row["start_at"], _shown(row)) for row in rows}


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "start": render.instant(row["start_at"]),
        "status": row["status"],
        "location": row["location"],
        "organization_id": next(iter(row["organization_ids"]), None),
        "organization_name": row["organization_name"],
        "outcome": None,
    }
