"""Calendar entries: what another calendar program reads of them is what the event says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.documents.records.calendar_entry import calendar_body, calendar_uid, seal_calendar_entry
from api_gateway.web.responses.feeds.calendar import CalendarHead, calendar_feed
from icalendar import Calendar
from legis.domain.organization import Organization
from legis.domain.records.event_record import AgendaItem, EventRecord
from legis.domain.vocabulary import Source

START = datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 20, 8, 0, 1, tzinfo=UTC)
HEAD = CalendarHead("Câmara; plenário, sessões", "https://legis.example/api/v1/events.ics?house=CAMARA&limit=5")


def event(**claims: Any) -> EventRecord:
    known = {"id": "camara-event-9", "source": Source.CAMARA, "upstream_id": "9", "name": "Sessão", "start": START}
    return EventRecord(**(known | {"status": "CONFIRMED"} | claims))


def feed(one: EventRecord, sequence: int = 0) -> bytes:
    body = calendar_body(one)
    assert body is not None
    return calendar_feed(HEAD, [seal_calendar_entry(body, sequence, CHANGED)])


def read(one: EventRecord, sequence: int = 0) -> Any:
    calendar = Calendar.from_ical(feed(one, sequence))
    assert [part.errors for part in calendar.walk()] == [[], [], [], []]
    (entry,) = calendar.walk("VEVENT")
    return entry


def test_what_an_entry_says() -> None:
    item = AgendaItem(key="1", order=1, identifier="PL 1/2024", text="Água; saneamento, esgoto\\n")
    entry = read(
        event(location="Plenário 9", end=START + timedelta(hours=2), agenda=(item,), status_text="Convocada",
              organizations=(Organization(acronym="CFT"),)),
        sequence=3,
    )  # fmt: skip
    assert entry["SUMMARY"] == "CFT: Sessão"
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (START, START + timedelta(hours=2))
    assert entry["DTSTART"].params["TZID"] == "America/Sao_Paulo"
    assert entry["LOCATION"] == "Plenário 9"
    assert entry["DESCRIPTION"] == "Situação: Convocada\n1. PL 1/2024 – Água; saneamento, esgoto\\n"
    assert (entry["SEQUENCE"], entry["DTSTAMP"].dt, entry["LAST-MODIFIED"].dt) == (3, CHANGED, CHANGED)
    assert entry["UID"] == calendar_uid("camara-event-9") != calendar_uid("camara-event-8")
    assert "VALARM" not in feed(event()).decode()


@pytest.mark.parametrize(
    ("status", "shown", "summary"),
    [
        ("HELD", "CONFIRMED", "Sessão"),
        ("IN_PROGRESS", "CONFIRMED", "Sessão"),
        ("SUSPENDED", "CONFIRMED", "Sessão"),
        ("TENTATIVE", "TENTATIVE", "Sessão"),
        ("CANCELLED", "CANCELLED", "CANCELADA: Sessão"),
        ("MOVED", "CANCELLED", "CANCELADA: Sessão"),
    ],
)
def test_status(status: str, shown: str, summary: str) -> None:
    entry = read(event(status=status))
    assert (entry["STATUS"], entry["SUMMARY"]) == (shown, summary)


def test_a_moved_meeting_and_its_new_one_name_each_other() -> None:
    old, new = read(event(status="MOVED", moved_to="camara-event-10")), read(event(moved_from="camara-event-9"))
    assert old["RELATED-TO"] == calendar_uid("camara-event-10")
    assert new["RELATED-TO"] == calendar_uid("camara-event-9")
    assert old["RELATED-TO"].params["RELTYPE"] == "SIBLING"


@pytest.mark.parametrize(
    ("start", "line"),
    [
        (datetime(2019, 2, 17, 3, tzinfo=UTC), "DTSTART;TZID=America/Sao_Paulo:20190217T000000"),
        (datetime(2019, 2, 17, 1, 30, tzinfo=UTC), "DTSTART:20190217T013000Z"),  # 23:30 came twice that night
        (datetime(2018, 11, 4, 3, tzinfo=UTC), "DTSTART:20181104T030000Z"),  # 00:00 does not exist
    ],
)
def test_local_time_is_used_only_since_the_last_summer_time(start: datetime, line: str) -> None:
    assert line in feed(event(start=start)).decode().splitlines()


def test_an_end_that_is_no_end_is_left_out() -> None:
    assert "DTEND" not in read(event(end=START))


def test_an_event_without_a_start_has_no_entry() -> None:
    assert calendar_body(event(start=None)) is None


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    body = feed(event(name="ç" * 200, location="💧" * 60))
    assert b"\r\n" in body
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    for line in body.split(b"\r\n"):
        line.decode()


def test_the_calendar_says_what_it_is() -> None:
    calendar = Calendar.from_ical(feed(event()))
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == HEAD.name
    assert calendar["SOURCE"] == HEAD.address
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=30)
    assert "METHOD" not in calendar
