"""Events, calendars and journeys as a user reads them, from records stored by the real writer."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.documents.records.calendar_entry import calendar_uid
from icalendar import Calendar
from integration.store.records.record_readings import agenda, event, reading, store, votes, voting
from legis.domain.organization import Organization
from legis.domain.records.event_record import EventStatus
from legis.domain.records.organization_record import OrganizationRecord
from legis.domain.vocabulary import Chamber, Source

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
_seq = itertools.count(10_000)


@pytest.fixture(scope="module")
async def pool(module_database_url: str) -> AsyncIterator[Any]:
    opened = await asyncpg.create_pool(module_database_url, min_size=0, max_size=2)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
async def told(pool: Any, write: Any, make_bill: Any) -> Any:
    """`await told(event, …)` stores readings of records, later than all before."""
    await write([make_bill(1, upstream_id="1"), make_bill(2, upstream_id="2")])

    async def put(*records: Any) -> None:
        await store(pool, *(reading(one, next(_seq)) for one in records), now=datetime.now(UTC))

    return put


def meeting(number: int, days: float, **claims: Any) -> Any:
    known = {"start": NOW + days * DAY, "organizations": (Organization(acronym="CFT", code="2003", name="Finanças"),),
             "organization_ids": ("camara-org-2003",)}  # fmt: skip
    return event(number, **(known | claims))


async def calendar(api: httpx2.AsyncClient, path: str) -> dict[str, Any]:
    reply = await api.get(path)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(reply.content)
    assert [part.errors for part in found.walk() if part.errors] == []
    return {str(one["UID"]): one for one in found.walk("VEVENT")}


async def test_a_meeting_from_its_announcement_to_its_end(api: httpx2.AsyncClient, told: Any) -> None:
    first = meeting(1, 2, agenda=agenda("camara-1", "camara-2"))
    await told(first, meeting(2, -400, status=EventStatus.HELD, agenda=agenda("camara-1")), meeting(3, 5))
    coming = (await api.get("/api/v1/events")).json()
    assert [one["id"] for one in coming["data"]] == ["camara-event-1", "camara-event-3"]
    whole = (await api.get("/api/v1/events/camara-event-1")).json()["data"]
    assert [item["bill_ids"] for item in whole["agenda"]] == [["camara-1"], ["camara-2"]]
    of_bill = (await api.get("/api/v1/bills/camara-1/events")).json()["data"]
    assert [one["id"] for one in of_bill] == ["camara-event-1", "camara-event-2"]
    bill = (await api.get("/api/v1/bills/camara-1")).json()["data"]
    assert bill["next_event"]["id"] == "camara-event-1"
    uid = calendar_uid("camara-event-1")
    entry = (await calendar(api, "/api/v1/bills/camara-1/events.ics"))[uid]
    assert (entry["DTSTART"].dt, entry["SEQUENCE"], entry["STATUS"]) == (first.start, 0, "CONFIRMED")
    both = await calendar(api, "/api/v1/events.ics?bill=senado-1&bill=camara-1,camara-2")
    assert uid in both
    assert calendar_uid("camara-event-3") not in both

    moved = first.model_copy(update={"start": NOW + 3 * DAY})
    await told(moved)
    entry = (await calendar(api, "/api/v1/events.ics?organization=camara-org-2003"))[uid]
    assert (entry["DTSTART"].dt, entry["SEQUENCE"]) == (moved.start, 1)
    await told(moved.model_copy(update={"description": "Outro texto"}))
    assert (await calendar(api, "/api/v1/events.ics"))[uid]["SEQUENCE"] == 1
    await told(moved.model_copy(update={"status": EventStatus.CANCELLED}))
    entry = (await calendar(api, "/api/v1/events.ics?house=CAMARA"))[uid]
    assert (entry["SEQUENCE"], entry["STATUS"], str(entry["SUMMARY"])) == (2, "CANCELLED", "CANCELADA: CFT: Reunião 1")
    assert (await api.get("/api/v1/bills/camara-1")).json()["data"]["next_event"] is None
    log = (await api.get("/api/v1/changes?field=agenda&kind=MOVED&limit=100")).json()["data"]
    of_first = [one for one in log if one["bill_id"] == "camara-1"]
    assert len(of_first) == 3  # put on, moved, cancelled; a new text is no movement


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("events.ics", "Congresso Nacional"),
        ("events.ics?house=senado", "Senado Federal"),
        ("events.ics?organization=camara-org-7&house=CAMARA", "Comissão de Finanças (CFT), Câmara dos Deputados"),
        ("events.ics?organization=camara-org-404", "camara-org-404"),
        ("events.ics?bill=camara-2,senado-404&bill=camara-1", "PL 2/2024, senado-404, PL 1/2024"),
        ("bills/camara-1/events.ics", "PL 1/2024"),
    ],
)
async def test_a_calendar_has_the_name_of_what_it_shows(
    api: httpx2.AsyncClient, told: Any, path: str, name: str
) -> None:
    facts = {"source": Source.CAMARA, "house": Chamber.CAMARA, "acronym": "CFT", "name": "Comissão de Finanças"}
    await told(OrganizationRecord(id="camara-org-7", upstream_id="7", **facts))
    found = Calendar.from_ical((await api.get(f"/api/v1/{path}")).content)
    assert found["NAME"] == f"Agenda: {name}"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("from=2000-01-01", ["101", "102", "103"]),
        ("from=2000-01-01&to=9999-12-31", ["101", "102", "103"]),
        ("to=2000-01-01", []),
        ("from=2000-01-01&house=SENADO", ["103"]),
        ("from=2000-01-01&status=HELD", ["101"]),
        ("from=2000-01-01&organization=camara-org-9", ["102"]),
        ("from=2000-01-01&bill=camara-2", ["102"]),
        ("from=2000-01-01&bill=camara-2,senado-2&bill=camara-3", ["102"]),
        ("sort=-start", ["103", "102", "101"]),
    ],
)
async def test_filters(api: httpx2.AsyncClient, told: Any, query: str, ids: list[str]) -> None:
    await told(
        meeting(101, -100, status=EventStatus.HELD, organizations=(), organization_ids=()),
        meeting(102, -50, organization_ids=("camara-org-9",), agenda=agenda("camara-2", "senado-2")),
        meeting(103, -10, house=Chamber.SENADO, organization_ids=()),
    )
    reply = (await api.get(f"/api/v1/events?{query}&limit=100")).json()["data"]
    assert [one["id"].rsplit("-", 1)[1] for one in reply if one["id"].rsplit("-", 1)[1] in ("101", "102", "103")] == ids


async def test_pages_fit_together(api: httpx2.AsyncClient, told: Any) -> None:
    await told(*[meeting(200 + n, 20 + n // 3) for n in range(10)])
    seen: list[str] = []
    address = "/api/v1/events?limit=3&from=2000-01-01"
    while address is not None:
        page = (await api.get(address)).json()
        seen += [one["id"] for one in page["data"]]
        address = page["page"]["next"]
    assert len(seen) == len(set(seen))
    assert {f"camara-event-{200 + n}" for n in range(10)} <= set(seen)


async def test_a_transfer_links_both_meetings(api: httpx2.AsyncClient, told: Any) -> None:
    senado = {"source": Source.SENADO, "word": "meeting", "house": Chamber.SENADO}
    await told(
        meeting(300, 30, status=EventStatus.MOVED, moved_to="senado-meeting-301", **senado),
        meeting(301, 31, moved_from="senado-meeting-300", **senado),
    )
    entries = await calendar(api, "/api/v1/events.ics?house=SENADO")
    old, new = (entries[calendar_uid(f"senado-meeting-{n}")] for n in (300, 301))
    assert (old["STATUS"], new["STATUS"]) == ("CANCELLED", "CONFIRMED")
    assert (str(old["RELATED-TO"]), str(new["RELATED-TO"])) == (str(new["UID"]), str(old["UID"]))


async def test_a_journey_has_votings_and_events(api: httpx2.AsyncClient, told: Any) -> None:
    await told(voting(400, bill="camara-2", votes=votes("Y" * 30)), meeting(401, -3, agenda=agenda("camara-2")))
    journey = (await api.get("/api/v1/bills/camara-2/journey?limit=100")).json()
    kinds = {(one["type"], one["id"]) for one in journey["data"]}
    assert {("VOTE_EVENT", "camara-vote-400"), ("EVENT", "camara-event-401")} <= kinds
    assert [bill["id"] for bill in journey["bills"]] == ["camara-2"]
    assert journey["page"]["count"]["value"] == len(journey["data"])


async def test_what_is_not_there(api: httpx2.AsyncClient, told: Any) -> None:
    for path in ("events/camara-event-999", "bills/camara-999/events", "bills/camara-999/events.ics",
                 "bills/camara-999/journey"):  # fmt: skip
        assert (await api.get(f"/api/v1/{path}")).status_code == 404, path
    assert (await api.get("/api/v1/events.ics?from=2026-02-01&to=2026-01-01")).status_code == 400
    assert (await api.get("/api/v1/events?status=NEVER")).json()["errors"][0]["parameter"] == "status"
    assert (await api.get("/api/v1/events.ics", headers={"Accept": "application/json"})).status_code == 406


async def test_a_list_has_the_agendas_that_are_asked_for(api: httpx2.AsyncClient, told: Any) -> None:
    await told(meeting(70, 70, agenda=agenda("camara-1", "camara-2")), meeting(71, 71))
    days = {"from": (NOW + 69 * DAY).date().isoformat(), "to": (NOW + 72 * DAY).date().isoformat()}
    listed = (await api.get("/api/v1/events", params={**days, "agenda": "true"})).json()["data"]
    whole = (await api.get("/api/v1/events/camara-event-70")).json()["data"]
    assert [one["id"] for one in listed] == ["camara-event-70", "camara-event-71"]
    assert listed[0]["agenda"] == whole["agenda"] != []
    assert listed[1]["agenda"] == []
    assert all("agenda" not in one for one in (await api.get("/api/v1/events", params=days)).json()["data"])
