"""A meeting that is announced, moved or cancelled is served within a poll, as one change of the bill on its agenda."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from e2e.conftest import PATIENCE, Legis, running
from icalendar import Calendar
from legis.telemetry import trace_tree

POLL_SECONDS = 4.0
GRACE_SECONDS = 1.0
SETTLE_SECONDS = 6
BODY = {"camara": "CCJC", "senado": "CAE"}
PREFIX = {"camara": "camara-event-", "senado": "senado-meeting-"}

pytestmark = pytest.mark.timeout(900)  # the first test waits for the start and for the backfills


@pytest.fixture(scope="module")
def agenda() -> Iterator[Legis]:
    """A system that looks at agendas every few seconds and has read them, and a Congress that stands still."""
    settings = {
        "LEGIS_SAMPLE_BILLS": "100",
        "CAMARA_AGENDA_POLL_SECONDS": str(POLL_SECONDS),
        "SENADO_AGENDA_POLL_SECONDS": str(POLL_SECONDS),
        "LIST_SETTLE_SECONDS": str(SETTLE_SECONDS),
        "POLL_INTERVAL_SECONDS": "15",
    }
    with running(settings) as system:
        system.simulator("/control/freeze", {"frozen": True})
        system.until(lambda: stored_bills(system) == simulated_bills(system), 120, "the bills stored")
        system.until(lambda: agendas_read(system) >= {"camara", "senado"}, 200, "both agendas read")
        yield system


def simulated_bills(legis: Legis) -> int:
    return sum(facts["total"] for facts in legis.simulator("/truth/summary")["sources"].values())


def stored_bills(legis: Legis) -> int:
    return int(legis.query("SELECT count(*) FROM bill WHERE removed_at IS NULL")[0][0])


def agendas_read(legis: Legis) -> set[str]:
    return {source for (source,) in legis.query("SELECT source FROM source_cursor WHERE walk = 'AGENDA'")}


def free_bills(legis: Legis, source: str, count: int) -> list[int]:
    """Ids of bills of a house that no event has had so far."""
    found = []
    for bill in reversed(legis.simulator(f"/truth/bills?source={source}&limit=1000")["bills"]):
        if not bill["deleted"] and not events_of(legis, f"{source}-{bill['id']}"):
            found.append(int(bill["id"]))
        if len(found) == count:
            return found
    raise AssertionError(f"{source} has not {count} bills without events")


def events_of(legis: Legis, bill_id: str) -> dict[str, dict[str, Any]]:
    return {event["id"]: event for event in legis.get(f"/api/v1/bills/{bill_id}/events").json()["data"]}


def agenda_entries(legis: Legis, bill_id: str) -> list[dict[str, Any]]:
    """Entries of the bill's log that tell of its agenda, oldest first."""
    versions = legis.get(f"/api/v1/bills/{bill_id}/versions?limit=100").json()["data"]
    about = [row for row in versions if any(c["field"] == "agenda" for c in row.get("changes", ()))]
    return sorted(about, key=lambda row: row["version"])


def sequences(legis: Legis, bill_id: str) -> dict[str, tuple[int, str]]:
    """SEQUENCE and STATUS of each entry of the bill's calendar, by UID."""
    calendar = Calendar.from_ical(legis.get(f"/api/v1/bills/{bill_id}/events.ics").body)
    return {str(e["UID"]): (int(e["SEQUENCE"]), str(e["STATUS"])) for e in calendar.walk("VEVENT")}


def next_event(legis: Legis, bill_id: str) -> dict[str, Any]:
    return legis.get(f"/api/v1/bills/{bill_id}").json()["data"]["next_event"] or {}


def services_of_trace(legis: Legis, bill_id: str) -> set[str]:
    """Services with spans in the trace of the newest change of the bill's agenda."""
    query = "SELECT trace_id FROM bill_change WHERE bill_id = $1 AND 'agenda' = ANY(fields) ORDER BY seq DESC LIMIT 1"
    ((trace_id,),) = legis.query(query, bill_id)
    return {span.service for span in trace_tree.read_spans(legis.traces) if span.trace_id == trace_id}


class Meeting:
    """A meeting of the simulator with one bill of one house, and what is served about it."""

    def __init__(self, legis: Legis, source: str, *bills: int) -> None:
        self.legis, self.source = legis, source
        self.bill_id = f"{source}-{bills[0]}"
        self.starts = (datetime.now() + timedelta(days=20)).replace(hour=10, minute=0, second=0, microsecond=0)
        starts = self.starts.isoformat()
        spec = {"source": source, "body": BODY[source], "starts": starts, "bills": list(bills)}
        self.began = time.monotonic()
        self.number = legis.simulator("/control/agenda/announce", spec)["id"]

    @property
    def event_id(self) -> str:
        return f"{PREFIX[self.source]}{self.number}"

    def order(self, name: str, **more: Any) -> None:
        self.began = time.monotonic()
        answer = self.legis.simulator(f"/control/agenda/{name}", {"source": self.source, "id": self.number, **more})
        self.number = answer["id"]

    def served(self, **wanted: Any) -> dict[str, Any]:
        """Waits until the event is served with these values, and holds the time against poll and grace."""

        def shown() -> Any:
            event = events_of(self.legis, self.bill_id).get(self.event_id, {})
            return event if event and all(event[name] == value for name, value in wanted.items()) else None

        event = self.legis.until(shown, 60, f"{self.event_id} with {wanted}")
        seconds = time.monotonic() - self.began
        print(f"{self.source}: {wanted or 'announced'} served in {seconds:.2f} s (poll {POLL_SECONDS:g} s)")
        assert seconds <= POLL_SECONDS + PATIENCE * GRACE_SECONDS
        return dict(event)

    def one_change_more(self, entries: int) -> dict[str, Any]:
        """The newest entry about the agenda, after three more polls; `entries` are there then."""
        self.legis.until(lambda: len(agenda_entries(self.legis, self.bill_id)) >= entries, 20, "the change")
        time.sleep(3 * POLL_SECONDS)
        found = agenda_entries(self.legis, self.bill_id)
        assert len(found) == entries, found
        assert found[-1]["kind"] == "MOVED"
        return found[-1]


def utc(local: datetime) -> str:
    """A Brasília time as the API writes it."""
    return f"{local + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("source", ["camara", "senado"])
def test_a_meeting_is_announced_moved_and_cancelled(agenda: Legis, source: str) -> None:
    (bill,) = free_bills(agenda, source, 1)
    meeting = Meeting(agenda, source, bill)
    meeting.served(start=utc(meeting.starts))
    meeting.one_change_more(1)
    assert next_event(agenda, meeting.bill_id)["id"] == meeting.event_id
    agenda.until(lambda: f"ingest-{source}" in services_of_trace(agenda, meeting.bill_id), 15, "the reading's trace")
    ((uid, (sequence, _)),) = sequences(agenda, meeting.bill_id).items()
    assert sequence == 0

    later, first_id = meeting.starts + timedelta(days=3), meeting.event_id
    meeting.order("reschedule", starts=later.isoformat())
    meeting.served(start=utc(later))
    entry = meeting.one_change_more(2)
    told = next(change for change in entry["changes"] if change["field"] == "agenda")
    assert [one["event_id"] for one in told["old"]] == [first_id]
    assert [one["event_id"] for one in told["new"]] == [meeting.event_id]
    after = sequences(agenda, meeting.bill_id)
    assert after[uid][0] == 1
    if source == "senado":  # a transfer: two linked events, one change
        events = events_of(agenda, meeting.bill_id)
        old = agenda.get(f"/api/v1/events/{first_id}").json()["data"]
        assert (events[first_id]["status"], old["moved_to"]) == ("MOVED", meeting.event_id)
        assert agenda.get(f"/api/v1/events/{meeting.event_id}").json()["data"]["moved_from"] == first_id
        assert after[uid] == (1, "CANCELLED")
    assert next_event(agenda, meeting.bill_id)["start"] == utc(later)

    meeting.order("cancel")
    meeting.served(status="CANCELLED")
    meeting.one_change_more(3)
    assert not next_event(agenda, meeting.bill_id)
    cancelled = sequences(agenda, meeting.bill_id)
    assert {status for _, status in cancelled.values()} == {"CANCELLED"}
    assert sum(sequence for sequence, _ in cancelled.values()) == 2


@pytest.mark.parametrize("source", ["camara", "senado"])
def test_an_item_goes_after_two_answers_without_it(agenda: Legis, source: str) -> None:
    first, second = free_bills(agenda, source, 2)
    meeting = Meeting(agenda, source, first, second)
    meeting.served()
    meeting.one_change_more(1)

    meeting.order("drop-item", bill=first)
    agenda.until(lambda: in_doubt(agenda, meeting.event_id), 30, "the agenda in doubt")
    assert meeting.event_id in events_of(agenda, meeting.bill_id)
    meeting.order("return-item", bill=first)
    agenda.until(lambda: not in_doubt(agenda, meeting.event_id), 30, "the doubt ended")
    meeting.one_change_more(1)
    assert meeting.event_id in events_of(agenda, meeting.bill_id)

    meeting.order("drop-item", bill=first)
    agenda.until(lambda: meeting.event_id not in events_of(agenda, meeting.bill_id), 60, "the item gone")
    assert time.monotonic() - meeting.began >= SETTLE_SECONDS
    meeting.one_change_more(2)
    assert meeting.event_id in events_of(agenda, f"{source}-{second}")


def in_doubt(legis: Legis, event_id: str) -> bool:
    return bool(legis.query("SELECT 1 FROM list_doubt WHERE bill_id = $1", event_id))
