"""Reads sessions and meetings by keyset, for lists and calendars."""

from dataclasses import dataclass
from datetime import datetime

from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.list_conditions import Conditions
from api_gateway.store.records.reading.record_reader import Key
from api_gateway.store.records.row_values import NEVER


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Events that match all that is set; `since` and `until` are instants of the start, `until` excluded. `bill_ids`:
    with any of these bills on the agenda.
    """

    house: str | None = None
    organization_id: str | None = None
    bill_ids: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventItem:
    """An event with what a calendar needs: how often its time, place or status changed, and when they last did.
    `removed` where its source has it no more.
    """

    id: str
    start_at: datetime | None
    sequence: int
    calendar_at: datetime
    removed: bool
    summary: bytes
    document: bytes | None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events with the key of each; `more` where others follow."""

    items: list[EventItem]
    keys: list[Key]
    more: bool


WITH_BILL = "SELECT DISTINCT event_id, start_at FROM event_bill WHERE bill_id = ANY({}::text[])"
"""Events with any of some bills on the agenda, each once; `{}` is the place of their ids."""

_LIST = """
SELECT e.id, e.start_at, e.sequence, e.calendar_at, r.removed_at IS NOT NULL AS removed, r.summary, {document}
FROM {tables} JOIN record r ON r.id = e.id
WHERE {conditions} ORDER BY {at} {order}, e.id {order} LIMIT $1
"""


async def list_events(
    database: Database,
    wanted: EventFilter,
    *,
    after: Key | None,
    limit: int,
    newest_first: bool = False,
    whole: bool = False,
    with_removed: bool = False,
) -> EventPage:
    """Events by start; `after` is the key (`start_at`, id) of the last one of the page before. With `whole`, each has
    its document.
    """
    where, tables, at = Conditions(limit + 1), "event e", "e.start_at"
    if wanted.bill_ids:
        with_bill = WITH_BILL.format(where.place(list(wanted.bill_ids)))
        tables, at = f"({with_bill}) AS b JOIN event e ON e.id = b.event_id", "b.start_at"
    if not with_removed:
        where.add("r.removed_at IS NULL")
    where.add_known("e.house = {}", wanted.house)
    where.add_known("e.organization_ids @> ARRAY[{}::text]", wanted.organization_id)
    where.add_known("e.classification = ANY({}::text[])", wanted.classifications)
    where.add_known("e.status = ANY({}::text[])", wanted.statuses)
    where.add_known(at + " >= {}", wanted.since)
    where.add_known(at + " < {}", wanted.until)
    if after is not None:
        where.add(f"({at}, e.id) {'<' if newest_first else '>'} ({{}}, {{}})", *after)
    document = "r.document" if whole else "NULL::bytea AS document"
    order = "DESC" if newest_first else "ASC"
    sql = _LIST.format(tables=tables, at=at, conditions=where.sql, document=document, order=order)
    rows = await database.rows(sql, where.values)
    items = [
        EventItem(
            row["id"],
            None if row["start_at"] == NEVER else row["start_at"],
            row["sequence"],
            row["calendar_at"],
            row["removed"],
            row["summary"],
            row["document"],
        )
        for row in rows[:limit]
    ]
    return EventPage(items, [(row["start_at"], row["id"]) for row in rows[:limit]], len(rows) > limit)
