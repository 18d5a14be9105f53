"""That the Senado source reads sessions and meetings, and what becomes of them."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from contract.senado_source.reading import NOW, Memory, record_readings, rejected
from contract.senado_source.simulated import Simulator, walk, walk_back
from ingest_senado.source.adapter import SenadoSource
from legis.domain.brasilia_time import ZONE
from legis.domain.records.event_record import AgendaOutcome, EventClassification, EventRecord, EventStatus
from legis.domain.vocabulary import ReadingPart
from legis.events import Walk
from legis.ingest.source import RecordsSeen


def events(memory: Memory) -> dict[str, EventRecord]:
    return {key: one for key, one in memory.records.items() if isinstance(one, EventRecord)}


def seen(items: list[Any]) -> dict[str, list[RecordsSeen]]:
    """The lists by the beginning of their ids, in the order of their days."""
    found: dict[str, list[RecordsSeen]] = {}
    for item in items:
        if isinstance(item, RecordsSeen):
            found.setdefault(item.prefix, []).append(item)
    return found


class Secretary:
    """Orders meetings about through the control routes."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    async def order(self, action: str, **order: Any) -> dict[str, Any]:
        body = {"source": "senado", **order}
        found: dict[str, Any] = await self.simulator.ask("POST", f"/control/agenda/{action}", body)
        return found


@pytest.fixture
async def secretary(simulator: Simulator) -> Secretary:
    return Secretary(simulator)


def weekday(ahead: int) -> datetime:
    day = NOW.replace(tzinfo=None, hour=10, minute=0, second=0, microsecond=0)
    return day + timedelta(days=ahead)


async def test_agendas_of_two_years(simulator: Simulator, walker: SenadoSource) -> None:
    memory = Memory()
    items = await walk_back(walker, memory, Walk.AGENDA_BACKFILL, windows=2)
    assert rejected(items) == []
    found = events(memory)
    today = NOW.date()
    truth = await simulator.ask("GET", f"/truth/meetings?source=senado&first={today.year - 1}-01-01&last={today}")
    keys = {f"senado-{'session' if one['body'] == 'PLEN' else 'meeting'}-{one['id']}": one for one in truth}
    assert keys.keys() <= found.keys()
    words = {"held": EventStatus.HELD, "cancelled": EventStatus.CANCELLED, "running": EventStatus.IN_PROGRESS}
    for key, told in keys.items():
        event = found[key]
        start = datetime.fromisoformat(told["starts"]).replace(tzinfo=ZONE)
        assert event.start == start, key
        if told["state"] in words:
            assert event.status is words[told["state"]], key
        assert {f"senado-{item['bill']}" for item in told["items"]} == {
            bill for item in event.agenda for bill in item.bill_ids
        }, key
    outcomes = Counter(item.outcome for one in found.values() for item in one.agenda)
    assert {AgendaOutcome.APPROVED, AgendaOutcome.REJECTED, AgendaOutcome.NOT_REACHED} <= outcomes.keys()
    assert {AgendaOutcome.WITHDRAWN, AgendaOutcome.DISCUSSED} <= outcomes.keys()
    assert {one.classification for one in found.values()} == set(EventClassification) - {EventClassification.OTHER}
    again = await walk_back(walker, memory, Walk.AGENDA_BACKFILL, windows=2)
    assert {type(one) for one in again} == {RecordsSeen}, "nothing is new"


async def test_a_meeting_is_announced_and_cancelled(walker: SenadoSource, secretary: Secretary) -> None:
    memory = Memory()
    await walk(walker, memory, Walk.AGENDA)
    made = await secretary.order("announce", body="CCJ", starts=weekday(3).isoformat())
    key = f"senado-meeting-{made['id']}"
    items = await walk(walker, memory, Walk.AGENDA)
    (reading,) = record_readings(items)
    assert (reading.record.id, reading.part) == (key, ReadingPart.LIST)
    assert key in seen(items)["senado-meeting-"][0].ids
    event = events(memory)[key]
    assert (event.status, event.organization_ids, event.start) == (
        EventStatus.CONFIRMED, ("senado-org-34",), weekday(3).replace(tzinfo=ZONE),
    )  # fmt: skip
    await secretary.order("cancel", id=made["id"])
    (reading,) = record_readings(await walk(walker, memory, Walk.AGENDA))
    assert events(memory)[key].status is EventStatus.CANCELLED
    assert events(memory)[key].moved_to is None


async def test_a_moved_meeting_is_two_linked_events(walker: SenadoSource, secretary: Secretary) -> None:
    memory = Memory()
    made = await secretary.order("announce", body="CAE", starts=weekday(4).isoformat())
    await walk(walker, memory, Walk.AGENDA)
    moved = await secretary.order("reschedule", id=made["id"], starts=weekday(9).isoformat())
    assert moved["id"] != made["id"]
    readings = record_readings(await walk(walker, memory, Walk.AGENDA))
    old, new = (f"senado-meeting-{each['id']}" for each in (made, moved))
    assert {one.record.id for one in readings} == {old, new}
    assert (events(memory)[old].status, events(memory)[old].moved_to) == (EventStatus.MOVED, new)
    assert (events(memory)[new].status, events(memory)[new].moved_from) == (EventStatus.CONFIRMED, old)
    assert [item.bill_ids for item in events(memory)[new].agenda] == [
        item.bill_ids for item in events(memory)[old].agenda
    ]  # fmt: skip


async def test_an_item_leaves_and_comes_back_under_its_key(walker: SenadoSource, secretary: Secretary) -> None:
    for body, word in (("CAS", "meeting"), ("PLEN", "session")):
        memory = Memory()
        made = await secretary.order("announce", body=body, starts=weekday(5).isoformat())
        key = f"senado-{word}-{made['id']}"
        await walk(walker, memory, Walk.AGENDA)
        before = events(memory)[key].agenda
        assert len(before) > 1
        bill = made["items"][0]["bill"]
        await secretary.order("drop-item", id=made["id"], bill=bill)
        await walk(walker, memory, Walk.AGENDA)
        assert events(memory)[key].agenda == before[1:], "the other items keep their keys"
        await secretary.order("return-item", id=made["id"], bill=bill)
        await walk(walker, memory, Walk.AGENDA)
        assert events(memory)[key].agenda == before


async def test_a_month_without_results_leaves_past_sessions_as_they_are(
    simulator: Simulator, walker: SenadoSource
) -> None:
    memory = Memory()
    await simulator.fault(kind="status", value=404, match="/plenario/resultado/mes/")
    await walk_back(walker, memory, Walk.AGENDA_BACKFILL, windows=2)
    today = NOW.date()
    past = [one for one in events(memory).values() if one.start and one.start.astimezone(ZONE).date() < today]
    assert {one.classification for one in past} <= {EventClassification.MEETING, EventClassification.HEARING}


async def test_each_answer_lists_its_own_days(walker: SenadoSource, secretary: Secretary) -> None:
    """Joined, a hollow answer would pass for a whole one beside another, and all meetings of its days for gone."""
    near, far = [await secretary.order("announce", body="CCJ", starts=weekday(ahead).isoformat()) for ahead in (3, 28)]
    lists = seen(await walk(walker, Memory(), Walk.AGENDA))
    meetings, sessions = lists["senado-meeting-"], lists["senado-session-"]
    days = [(one.first, one.last) for one in meetings]
    today = NOW.date()
    first, last = today - timedelta(days=7), today + timedelta(days=30)
    assert days == [(first, first + timedelta(days=29)), (first + timedelta(days=30), last)]
    assert [f"senado-meeting-{near['id']}" in one.ids for one in meetings] == [True, False]
    assert [f"senado-meeting-{far['id']}" in one.ids for one in meetings] == [False, True]
    months = [(first, today.replace(day=30)), (today.replace(month=12, day=1), last)]
    assert [(one.first, one.last) for one in sessions] == months
    seqs = [one.read_seq for one in (*meetings, *sessions)]
    assert len(set(seqs)) == len(seqs), "the store knows lists of a window by their sequence"


async def test_a_list_that_is_not_answered_lists_nothing(simulator: Simulator, walker: SenadoSource) -> None:
    second = NOW.date() + timedelta(days=23)  # the second of two stretches of 30 days
    await simulator.fault(kind="status", value=404, match=f"/comissao/agenda/{second:%Y%m%d}/")
    items = await walk(walker, Memory(), Walk.AGENDA)
    (meetings,) = seen(items)["senado-meeting-"]
    assert meetings.last < second
    assert len(seen(items)["senado-session-"]) == 2


async def test_one_meeting_is_read_again(walker: SenadoSource, secretary: Secretary) -> None:
    memory = Memory()
    made = await secretary.order("announce", body="CMA", starts=weekday(6).isoformat())
    await walk(walker, memory, Walk.AGENDA)
    key = f"senado-meeting-{made['id']}"
    (reading,) = record_readings(list(await walker.read_one(key, memory)))
    assert (reading.part, reading.record) == (ReadingPart.DETAIL, events(memory)[key])
