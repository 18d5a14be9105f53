"""Reads the rendered calendar entries of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api_gateway.store.database.reader import Database

MOST_ENTRIES = 1000
"""Most entries of one calendar, the next ones first: some 1 MB. Calendar programs read a calendar whole every time."""

CANCELLED_KEPT = timedelta(days=90)
"""How long a cancelled event stays in calendars: those that drop it at once would leave people at a closed door, since
some programs keep what a calendar no longer has.
"""


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """Which events a calendar has. All conditions are joined by AND; empty lists and None exclude nothing."""

    since: datetime
    until: datetime
    houses: Sequence[str] = ()
    organizations: Sequence[str] = ()
    bills: Sequence[str] = ()


_ENTRIES = """
SELECT e.calendar FROM event e
WHERE e.start_at >= $1 AND e.start_at < $2 AND e.calendar IS NOT NULL
  AND (e.status NOT IN ('CANCELLED', 'MOVED') OR e.calendar_at > $3){conditions}
ORDER BY e.start_at, e.id LIMIT {most}
"""


async def load_calendar(database: Database, wanted: CalendarFilter, now: datetime) -> list[bytes]:
    """Entries in order of their start, at most MOST_ENTRIES. One statement."""
    args: list[Any] = [wanted.since, wanted.until, now - CANCELLED_KEPT]
    conditions = ""
    for values, condition in (
        (wanted.houses, "e.house = ANY(${}::text[])"),
        (wanted.organizations, "e.organization_ids && ${}::text[]"),
        (wanted.bills, "e.id IN (SELECT event_id FROM event_bill WHERE bill_id = ANY(${}::text[]))"),
    ):
        if values:
            args.append(list(values))
            conditions += " AND " + condition.format(len(args))
    sql = _ENTRIES.format(conditions=conditions, most=MOST_ENTRIES)
    return [row["calendar"] for row in await database.rows(sql, args)]
