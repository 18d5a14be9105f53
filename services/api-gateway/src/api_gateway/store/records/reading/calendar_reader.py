"""Reads the rendered calendar entries of events."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api_gateway.documents.records.calendar_entry import seal_calendar_entry
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.event_reader import WITH_BILL
from api_gateway.store.records.reading.list_conditions import Conditions

MOST_ENTRIES = 1000
"""Most entries of one calendar, the next ones first: some 1 MB. Calendar programs read a calendar whole every time."""

CANCELLED_KEPT = timedelta(days=90)
"""How long a cancelled event stays in calendars: those that drop it at once would leave people at a closed door, since
some programs keep what a calendar no longer has.
"""


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """Which events a calendar has: those that match all that is set. `since` and `until` are instants of the start,
    `until` excluded. `bill_ids`: with any of these bills on the agenda.
    """

    since: datetime
    until: datetime
    house: str | None = None
    organization_id: str | None = None
    bill_ids: tuple[str, ...] = ()


async def load_calendar(database: Database, wanted: CalendarFilter, now: datetime) -> list[bytes]:
    """Entries in order of their start, at most MOST_ENTRIES. One statement."""
    where, tables = Conditions(), "event e"
    if wanted.bill_ids:
        tables = f"({WITH_BILL.format(where.place(list(wanted.bill_ids)))}) AS b JOIN event e ON e.id = b.event_id"
    where.add("e.start_at >= {}", wanted.since)
    where.add("e.start_at < {}", wanted.until)
    where.add("(e.status NOT IN ('CANCELLED', 'MOVED') OR e.calendar_at > {})", now - CANCELLED_KEPT)
    where.add_known("e.house = {}", wanted.house)
    where.add_known("e.organization_ids @> ARRAY[{}::text]", wanted.organization_id)
    sql = _ENTRIES.format(tables=tables, conditions=where.sql, most=MOST_ENTRIES)
    rows = await database.rows(sql, where.values)
    return [seal_calendar_entry(row["calendar"], row["sequence"], row["changed_at"]) for row in rows]


_ENTRIES = """
SELECT e.calendar, e.sequence, r.changed_at FROM {tables} JOIN record r ON r.id = e.id
WHERE {conditions} AND e.calendar IS NOT NULL ORDER BY e.start_at, e.id LIMIT {most}
"""
