"""The calendar of a search: the events with a bill on their agenda that the search finds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from api_gateway.documents.records.calendar_entry import calendar_uid
from api_gateway.store.records.reading import calendar_reader
from icalendar import Calendar
from integration.store.records.record_readings import agenda, event
from legis.domain.records.event_record import EventStatus

PATH = "/api/v1/bills/events.ics"
NOW = datetime.now(UTC).replace(microsecond=0)
NUMBERS = {calendar_uid(f"camara-event-{number}"): number for number in range(1, 8)}


def at(number: int, days: float, *bills: str, **claims: Any) -> Any:
    return event(number, start=NOW + timedelta(days=days), agenda=agenda(*bills), **claims)


@pytest.fixture(scope="module", autouse=True)
async def told(store: Any, make_bill: Any, put: Any, settle: Any) -> None:
    await store([
        make_bill(1, title="Trata da educação no campo.", authors=[("Ana", "PT", "SP")]),
        make_bill(2, title="Trata da pesca.", type_code="PEC"),
        make_bill(3, title="Trata da educação na cidade."),
    ])  # fmt: skip
    await put(
        at(1, 2, "camara-1"), at(2, 3, "camara-2"), at(3, 4, "camara-2", "camara-3"), at(4, -100, "camara-1"),
        at(5, 200, "camara-1"), at(6, 5), at(7, 6, "camara-3", status=EventStatus.CANCELLED),
    )  # fmt: skip
    await settle()


async def calendar(api: httpx2.AsyncClient, query: str) -> Calendar:
    reply = await api.get(f"{PATH}?{query}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(reply.content)
    assert [part.errors for part in found.walk() if part.errors] == []
    return found


def numbers(found: Calendar) -> list[int]:
    return [NUMBERS[str(one["UID"])] for one in found.walk("VEVENT")]


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("q=educacao", [1, 3, 7]),
        ("q=educação+campo", [1]),
        ("type=PEC", [2, 3]),
        ("type=-PEC", [1, 3, 7]),
        ("party=PT&state=SP", [1]),
        ("ids=camara-1&ids=camara-2", [1, 2, 3]),
        ("", [1, 2, 3, 7]),
        ("q=educacao&from=2000-01-01", [4, 1, 3, 7]),
        ("q=educacao&to=9999-12-31", [1, 3, 7, 5]),
        ("q=minera%C3%A7%C3%A3o", []),
        ("q=PL+3/2024", [3, 7]),
    ],
)
async def test_it_has_the_events_of_what_is_found(api: httpx2.AsyncClient, query: str, events: list[int]) -> None:
    found = await calendar(api, query)
    assert numbers(found) == events


async def test_a_search_that_finds_nothing_is_a_calendar_too(api: httpx2.AsyncClient) -> None:
    found = await calendar(api, "q=minera%C3%A7%C3%A3o&type=PL")
    assert numbers(found) == []
    assert (found["VERSION"], found["NAME"]) == ("2.0", "Agenda: busca mineração; tipo PL")
    assert found.walk("VTIMEZONE")


@pytest.mark.parametrize("query", ["status=NEVER", "introduced_from=2024-02-30", "ids=a&ids=" + "b" * 400, "number=x"])
async def test_a_wrong_filter_is_the_list_s_400(api: httpx2.AsyncClient, query: str) -> None:
    calendar, listed = [await api.get(f"{path}?{query}") for path in (PATH, "/api/v1/bills")]
    assert (calendar.status_code, listed.status_code) == (400, 400)
    assert calendar.json()["errors"] == listed.json()["errors"]


@pytest.mark.parametrize("name", ["sort", "limit", "cursor", "facets", "fields", "format", "house", "bill"])
async def test_what_makes_no_sense_of_a_calendar_is_refused(api: httpx2.AsyncClient, name: str) -> None:
    reply = await api.get(f"{PATH}?{name}=1")
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["parameter"] == name


async def test_it_is_what_the_other_calendars_are(api: httpx2.AsyncClient) -> None:
    mine, other = [await api.get(path) for path in (f"{PATH}?ids=camara-1", "/api/v1/bills/camara-1/events.ics")]
    assert mine.headers.keys() == other.headers.keys()
    assert mine.headers["content-disposition"] == other.headers["content-disposition"]
    assert mine.content.partition(b"BEGIN:VEVENT")[2] == other.content.partition(b"BEGIN:VEVENT")[2]
    assert (await api.get(PATH, headers={"If-None-Match": mine.headers["etag"]})).status_code == 200
    same = await api.get(f"{PATH}?ids=camara-1", headers={"If-None-Match": mine.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert (await api.get(PATH, headers={"Accept": "application/json"})).status_code == 406


async def test_of_too_many_agendas_the_first_are_read(api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five items are in the window; an event of which an item may be left is not shown."""
    for most, events in ((1, [1]), (2, [1, 2]), (3, [1, 2]), (4, [1, 2, 3]), (5, [1, 2, 3, 7])):
        monkeypatch.setattr(calendar_reader, "MOST_ITEMS", most)
        assert numbers(await calendar(api, "")) == events, most
