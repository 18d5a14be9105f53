"""A calendar (iCalendar, RFC 5545 and 7986) joined from entries that were rendered when they were written."""

from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, vDuration, vUri

from api_gateway.documents.records.calendar_entry import REFRESH

MEDIA_TYPE = "text/calendar"
_END = b"END:VCALENDAR\r\n"

_ZONE = b"""BEGIN:VTIMEZONE
TZID:America/Sao_Paulo
BEGIN:STANDARD
DTSTART:20190217T000000
TZOFFSETFROM:-0200
TZOFFSETTO:-0300
TZNAME:-03
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")
"""Brasília's time since its last summer time; earlier entries are in UTC. Written by hand: what libraries make of the
zone's forty years is long and, for the onset of summer time, an hour late.
"""


@dataclass(frozen=True, slots=True)
class CalendarHead:
    """The calendar's own properties: what it shows, and the address that it is subscribed to."""

    name: str
    address: str


def calendar_feed(head: CalendarHead, entries: Iterable[bytes]) -> bytes:
    """The calendar as UTF-8 bytes with CRLF line ends."""
    calendar = Calendar()
    calendar.add("prodid", "-//Legis//Agenda do Congresso Nacional//PT")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", head.name)
    calendar.add("x-wr-calname", head.name)
    calendar.add("source", vUri(head.address), parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    body = bytes(calendar.to_ical()).removesuffix(_END)
    return b"".join((body, _ZONE, *entries, _END))
