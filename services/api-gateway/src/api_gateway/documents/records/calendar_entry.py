"""Renders an event as a VEVENT of iCalendar (RFC 5545, 7986) when it is written; a calendar joins such entries.

In two steps, as documents are: the slow one renders the properties, the fast one adds what is known only when the
change is committed.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Event as CalendarEvent
from icalendar import vDatetime, vUri
from legis.domain.records.event_record import AgendaItem, EventRecord, EventStatus

ZONE = ZoneInfo("America/Sao_Paulo")
NO_MORE_SUMMER_TIME = datetime(2019, 2, 17, 3, tzinfo=UTC)
"""The end of Brazil's last summer time. Earlier events are given in UTC: local times of the changes do not exist or
occur twice, and calendars would need a rule for each of forty years.
"""

REFRESH = timedelta(minutes=30)
"""How often a subscriber is asked to fetch a calendar again: a reply of a chamber may be as old."""

MOST_ITEMS = 40
"""Agenda items named in the description of an entry."""

CANCELLED_PREFIX = "CANCELADA: "
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-legis:event")
_END = b"END:VEVENT\r\n"
_STATUS = {
    EventStatus.TENTATIVE: "TENTATIVE",
    EventStatus.UNKNOWN: "TENTATIVE",
    EventStatus.CANCELLED: "CANCELLED",
    EventStatus.MOVED: "CANCELLED",
}
"""Status of a calendar by ours; all others are CONFIRMED."""


def calendar_uid(event_id: str) -> str:
    """The entry's UID, the same for ever (RFC 7986 §5.3: a UUID, here made from our id)."""
    return str(uuid.uuid5(_NAMESPACE, event_id))


def calendar_body(event: EventRecord) -> bytes | None:
    """The entry without its end, for `seal_calendar_entry`; None for an event without a start, which no calendar can
    show.
    """
    if event.start is None:
        return None
    entry = CalendarEvent()
    entry.add("uid", calendar_uid(event.id))
    entry.add("summary", _summary(event))
    _add_times(entry, event)
    entry.add("status", _STATUS.get(event.status, "CONFIRMED"))
    if event.location:
        entry.add("location", event.location)
    if text := "\n".join(_description(event)):
        entry.add("description", text)
    if event.url:
        entry.add("url", vUri(event.url))
    if other := event.moved_to or event.moved_from:
        entry.add("related-to", calendar_uid(other), parameters={"RELTYPE": "SIBLING"})
    entry.add("categories", [event.classification.value])
    return bytes(entry.to_ical()).removesuffix(_END)


def seal_calendar_entry(body: bytes, sequence: int, changed_at: datetime) -> bytes:
    """The complete entry. Without a METHOD, DTSTAMP is when the entry was last changed (RFC 5545 §3.8.7.2)."""
    instant = changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").encode()
    return body + b"DTSTAMP:%b\r\nLAST-MODIFIED:%b\r\nSEQUENCE:%d\r\n" % (instant, instant, sequence) + _END


def _summary(event: EventRecord) -> str:
    acronyms = "/".join(dict.fromkeys(body.acronym for body in event.organizations if body.acronym))
    name = event.name or event.classification_text or event.description or "Reunião"
    summary = f"{acronyms}: {name}" if acronyms and acronyms not in name else name
    cancelled = _STATUS.get(event.status) == "CANCELLED"
    return CANCELLED_PREFIX + summary if cancelled else summary


def _add_times(entry: CalendarEvent, event: EventRecord) -> None:
    """Start, and end only where one is published that is later: nobody knows how long a sitting lasts."""
    times = {"dtstart": event.start}
    if event.start and event.end and event.end > event.start:
        times["dtend"] = event.end
    for name, instant in times.items():
        if instant is None:
            continue
        local = event.start is not None and event.start >= NO_MORE_SUMMER_TIME
        value = vDatetime(instant.astimezone(ZONE if local else UTC))
        entry.add(name, value)


def _description(event: EventRecord) -> Iterator[str]:
    if event.status_text:
        yield f"Situação: {event.status_text}"
    if event.description and event.description != event.name:
        yield event.description
    for item in event.agenda[:MOST_ITEMS]:
        yield _line(item)
    if len(event.agenda) > MOST_ITEMS:
        yield f"… e mais {len(event.agenda) - MOST_ITEMS} itens"


def _line(item: AgendaItem) -> str:
    head = f"{item.order}. " if item.order is not None else "– "
    return head + " – ".join(part for part in (item.identifier, item.text, item.outcome_text) if part)
