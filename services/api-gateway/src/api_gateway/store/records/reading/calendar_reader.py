"""Reads the rendered calendar entries of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api_gateway.documents.records.calendar_entry import seal_calendar_entry
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.event_reader import WITH_BILL
from api_gateway.store.records.reading.list_conditions import Conditions

MOST_ENTRIES = 1000
"""Most entries of one calendar, the next ones first: some 1 MB. Calendar programs read a calendar whole every time."""

MOST_ITEMS = 20_000
"""Most items of agendas whose bills are looked up for the calendar of a search, those of the next events first. Six
months of both houses have about half as many.
"""

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


@dataclass(frozen=True, slots=True)
class Agendas:
    """The bills on the agendas of the events before `until`: ids by ordinal."""

    bills: Mapping[int, str]
    until: datetime


async def load_agendas(database: Database, wanted: CalendarFilter) -> Agendas:
    """The bills on the agendas of a calendar's days, of both houses. Of more than MOST_ITEMS items the first are read:
    `until` is then earlier than the calendar's, and all items before it are read. One statement.
    """
    rows = await database.rows(_AGENDAS, [wanted.since, wanted.until, MOST_ITEMS + 1])
    until = wanted.until
    if len(rows) > MOST_ITEMS:
        until = rows[-1]["start_at"]
        rows = [row for row in rows if row["start_at"] < until]
    return Agendas({row["ordinal"]: row["id"] for row in rows}, until)


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

_AGENDAS = """
SELECT b.id, b.ordinal, e.start_at
FROM event e JOIN event_bill i ON i.event_id = e.id JOIN bill b ON b.id = i.bill_id
WHERE e.start_at >= $1 AND e.start_at < $2 ORDER BY e.start_at, e.id LIMIT $3
"""
