"""Rows of events and of bills on their agendas."""

from collections.abc import Sequence
from typing import Any

from legis.domain.records.event_record import EventRecord, EventStatus

from api_gateway.documents.records.calendar_entry import calendar_body
from api_gateway.store.database.connections import Connection
from api_gateway.store.records.record_rows import WrittenRecord
from api_gateway.store.records.row_values import NEVER, execute_rows

# A calendar takes an event for changed only when its sequence rises: by time, place or status, never by a text.
_PUT = """
INSERT INTO event AS e (id, house, classification, status, start_at, end_at, location, organization_ids,
                        organization_name, sequence, calendar_at, moved_to, calendar)
SELECT n.id, n.house, n.classification, n.status, n.start_at, n.end_at, n.location,
       string_to_array(n.organization_ids, ','), n.organization_name, 0, clock_timestamp(), n.moved_to,
       n.calendar
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::bytea[])
     AS n(id, house, classification, status, start_at, end_at, location, organization_ids, organization_name, moved_to,
          calendar)
ORDER BY n.id
ON CONFLICT (id) DO UPDATE SET
    house = excluded.house, classification = excluded.classification, status = excluded.status,
    start_at = excluded.start_at, end_at = excluded.end_at, location = excluded.location,
    organization_ids = excluded.organization_ids, organization_name = excluded.organization_name,
    moved_to = excluded.moved_to, calendar = excluded.calendar,
    sequence = e.sequence + ((e.status, e.start_at, e.end_at, e.location)
        IS DISTINCT FROM (excluded.status, excluded.start_at, excluded.end_at, excluded.location))::integer,
    calendar_at = CASE WHEN (e.status, e.start_at, e.end_at, e.location)
        IS DISTINCT FROM (excluded.status, excluded.start_at, excluded.end_at, excluded.location)
        THEN excluded.calendar_at ELSE e.calendar_at END
"""
_DROP_BILLS = "DELETE FROM event_bill WHERE event_id = ANY($1::text[])"
_BILLS = """
INSERT INTO event_bill (event_id, bill_id, start_at)
SELECT n.* FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS n(event_id, bill_id, start_at)
"""


async def write_events(connection: Connection, written: Sequence[WrittenRecord]) -> None:
    """Writes the rows of the events of a batch. One statement per table. A removed event has no bills any more, and is
    cancelled in calendars.
    """
    events = [_planned(w.shown, w) for w in written if isinstance(w.shown, EventRecord)]
    there = [w.shown for w in written if isinstance(w.shown, EventRecord) and not w.state.is_removed]
    if not events:
        return
    await execute_rows(connection, _PUT, [_row(record) for record in events])
    await connection.execute(_DROP_BILLS, [record.id for record in events])
    rows = [(record.id, bill, start_of(record)) for record in there for bill in sorted(bills_of(record))]
    await execute_rows(connection, _BILLS, rows)


def _planned(record: EventRecord, written: WrittenRecord) -> EventRecord:
    return record.model_copy(update={"status": EventStatus.CANCELLED}) if written.state.is_removed else record


def start_of(record: EventRecord) -> Any:
    """The start, or `NEVER`."""
    return record.start or NEVER


def bills_of(record: EventRecord | None) -> frozenset[str]:
    """The bills on the agenda."""
    return frozenset(bill for item in record.agenda for bill in item.bill_ids) if record else frozenset()


def _row(record: EventRecord) -> tuple[Any, ...]:
    return (
        record.id, record.house and record.house.value, record.classification.value, record.status.value,
        start_of(record), record.end, record.location, ",".join(record.organization_ids), _body(record),
        record.moved_to, calendar_body(record),
    )  # fmt: skip


def _body(record: EventRecord) -> str | None:
    return next((one.name or one.acronym for one in record.organizations if one.name or one.acronym), None)
