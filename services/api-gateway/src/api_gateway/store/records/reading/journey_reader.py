"""Reads everything that one timeline of a bill is made of, from the records of both houses."""

from dataclasses import dataclass
from typing import Any

from api_gateway.store.bills.bill_reader import READ_WHOLE
from api_gateway.store.database.reader import Database

MOST_OF_EACH = 1000
"""Most votings, and most events, of one journey; the newest are kept. No bill has had a tenth as many."""


@dataclass(frozen=True, slots=True)
class JourneyRows:
    """The records of a bill in both houses, the requested one first, and the rendered summaries of their votings and
    events, oldest first.
    """

    bills: list[Any]
    votings: list[Any]
    events: list[Any]


_BILLS = f"""
SELECT b.id, b.source, b.chamber, b.identifier, b.status, {READ_WHOLE} AS read_whole, b.document, h.items AS actions
FROM bill b LEFT JOIN bill_history h ON h.bill_id = b.id AND h.field = 'actions'
WHERE b.id = $1 OR b.id IN (SELECT counterpart_id FROM bill_counterpart WHERE bill_id = $1)
ORDER BY b.id <> $1, b.id
"""
_VOTINGS = """
SELECT * FROM (
    SELECT DISTINCT ON (v.sort_at, b.vote_event_id) b.bill_id, b.vote_event_id AS id, v.sort_at, r.summary
    FROM vote_event_bill b JOIN vote_event v ON v.id = b.vote_event_id JOIN record r ON r.id = v.id
    WHERE b.bill_id = ANY($1::text[]) AND r.removed_at IS NULL
    ORDER BY v.sort_at DESC, b.vote_event_id, b.role LIMIT $2
) AS newest ORDER BY sort_at, id
"""
_EVENTS = """
SELECT * FROM (
    SELECT b.bill_id, b.event_id AS id, e.start_at AS sort_at, r.summary
    FROM event_bill b JOIN event e ON e.id = b.event_id JOIN record r ON r.id = e.id
    WHERE b.bill_id = ANY($1::text[]) AND r.removed_at IS NULL
    ORDER BY e.start_at DESC, b.event_id LIMIT $2
) AS newest ORDER BY sort_at, id
"""


async def load_journey(database: Database, bill_id: str) -> JourneyRows | None:
    """The rows of a bill's journey; None if there is no such bill. Three statements."""
    bills = await database.rows(_BILLS, [bill_id], fixed=True)
    if not bills or bills[0]["id"] != bill_id:
        return None
    ids = [bill["id"] for bill in bills]
    votings = await database.rows(_VOTINGS, [ids, MOST_OF_EACH], fixed=True)
    events = await database.rows(_EVENTS, [ids, MOST_OF_EACH], fixed=True)
    return JourneyRows(bills, votings, events)
