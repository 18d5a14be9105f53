"""Windows of events against the simulated Câmara: what is announced, moved, cancelled, dropped, broken or missing."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from contract.camara_records.reading import events, gather, poll, readings, rejected, seen, walk
from contract.conftest import TODAY
from legis.domain.brasilia_time import ZONE
from legis.domain.vocabulary import ReadingPart
from legis.errors import UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import RecordAbsence, RecordReading

SOON = datetime.combine(TODAY + timedelta(days=9), time(15, 30))


async def announce(at: Any, starts: datetime = SOON, **more: Any) -> dict[str, Any]:
    order = {"source": "camara", "body": "CFT", "starts": starts.isoformat(), **more}
    told: dict[str, Any] = await at.ask("/control/agenda/announce", "POST", **order)
    return told


async def order(at: Any, what: str, told: dict[str, Any], **more: Any) -> None:
    await at.ask(f"/control/agenda/{what}", "POST", source="camara", id=told["id"], **more)


async def test_a_meeting_is_announced_moved_and_cancelled(camara_desk: Any) -> None:
    async with camara_desk() as at:
        await poll(at, Walk.AGENDA)
        told = await announce(at)
        key = str(told["id"])
        event = events(await poll(at, Walk.AGENDA))[key]
        assert (event.id, event.status, event.classification) == (f"camara-event-{key}", "TENTATIVE", "MEETING")
        assert event.start == SOON.replace(tzinfo=ZONE)
        assert (event.end, event.organization_ids) == (None, ("camara-org-2002",))
        assert event.location is not None
        assert event.location.startswith("Anexo II, Plenário ")
        assert [item.bill_ids for item in event.agenda] == [(f"camara-{item['bill']}",) for item in told["items"]]
        assert await poll(at, Walk.AGENDA) == seen(await poll(at, Walk.AGENDA)) or not readings(
            await poll(at, Walk.AGENDA)
        )

        await order(at, "reschedule", told, starts=(SOON + timedelta(days=1, hours=2)).isoformat())
        moved = events(await poll(at, Walk.AGENDA))
        assert list(moved) == [key], "one reading, under the same id"
        assert moved[key].start == (SOON + timedelta(days=1, hours=2)).replace(tzinfo=ZONE)

        await order(at, "cancel", told)
        (reading,) = readings(await poll(at, Walk.AGENDA))
        assert events([reading])[key].status == "CANCELLED"
        assert "agenda" not in reading.record.model_fields_set, "a cancelled event keeps the agenda that it had"
        assert readings(await poll(at, Walk.AGENDA)) == []


async def test_an_item_leaves_the_agenda_and_returns(camara_desk: Any) -> None:
    async with camara_desk(bills=1000) as at:
        told = await announce(at)
        key, items = str(told["id"]), [str(item["bill"]) for item in told["items"]]
        before = events(await poll(at, Walk.AGENDA))[key]
        assert [item.key for item in before.agenda] == items
        await order(at, "drop-item", told, bill=int(items[0]))
        (reading,) = readings(await poll(at, Walk.AGENDA))
        assert reading.part is ReadingPart.AGENDA
        assert [item.key for item in events([reading])[key].agenda] == items[1:]
        await order(at, "return-item", told, bill=int(items[0]))
        assert events(await poll(at, Walk.AGENDA))[key].agenda == before.agenda


async def test_the_list_names_what_upstream_has(camara_desk: Any) -> None:
    async with camara_desk() as at:
        told = await announce(at)
        (listed,) = seen(await poll(at, Walk.AGENDA))
        assert (listed.first, listed.last) == (TODAY - timedelta(days=7), TODAY + timedelta(days=45))
        assert listed.prefix == "camara-event-"
        assert f"camara-event-{told['id']}" in listed.ids
        days = f"first={listed.first}&last={listed.last}"
        truth = await at.ask(f"/truth/meetings?source=camara&{days}")
        assert set(listed.ids) == {f"camara-event-{meeting['id']}" for meeting in truth}


async def test_outcomes_are_read_when_an_event_is_over(camara_desk: Any) -> None:
    async with camara_desk(bills=1000) as at:
        now = at.now().astimezone(ZONE).replace(tzinfo=None)
        told = await announce(at, now - timedelta(hours=1))
        key = str(told["id"])
        running = events(await poll(at, Walk.AGENDA))[key]
        assert (running.status, {item.outcome for item in running.agenda}) == ("IN_PROGRESS", {None})
        await at.ask("/control/advance", "POST", seconds=3 * 3600)
        held = events(await poll(at, Walk.AGENDA))[key]
        assert held.status == "HELD"
        assert held.end is not None
        assert all(item.outcome is not None and item.outcome_text for item in held.agenda)


async def test_files_and_lists_say_the_same(camara_desk: Any) -> None:
    async with camara_desk(camara_agendas_from_year=TODAY.year) as at:
        items = await walk(at, Walk.AGENDA_BACKFILL)
        assert rejected(items) == []
        filed = {one.record.upstream_id: one.record for one in readings(items) if one.part is ReadingPart.BULK}
        listed = {one.record.upstream_id: one.record for one in readings(items) if one.part is not ReadingPart.BULK}
        assert len(filed) > 500
        assert listed.keys() <= filed.keys()
        for key, record in listed.items():
            for name in record.model_fields_set & filed[key].model_fields_set:
                assert getattr(record, name) == getattr(filed[key], name), (key, name)
        years = {one.first.year: one for one in seen(items) if (one.last - one.first).days > 31}
        assert set(years) == {TODAY.year - 2, TODAY.year - 1, TODAY.year}
        assert years[TODAY.year].last <= TODAY - timedelta(days=3)
        assert {record.start.year for record in listed.values() if record.start} == {TODAY.year}


async def test_agendas_of_older_years_come_last_a_month_at_a_time(camara_desk: Any) -> None:
    async with camara_desk(backfill_from_year=TODAY.year - 1, camara_agendas_from_year=TODAY.year - 1) as at:
        position, labels = None, []
        while (window := at.source.next_window(Walk.AGENDA_BACKFILL, position, at.now())) is not None:
            assert position is None or window.lo == position < window.hi
            labels.append(window.label)
            position = window.hi
        assert labels[:2] == [f"files of {TODAY.year}", f"files of {TODAY.year - 1}"]
        assert labels[2] == f"agendas of {TODAY:%Y-%m}"
        assert labels[-1] == f"agendas of {TODAY.year - 1}-01"
        assert len(labels) == 2 + 12 + TODAY.month


async def test_an_agenda_that_is_not_answered_is_not_claimed(camara_desk: Any) -> None:
    async with camara_desk() as at:
        told = await announce(at)
        await at.fault("status", value=404, path=f"/camara/api/v2/eventos/{told['id']}/pauta")
        (reading,) = (one for one in readings(await poll(at, Walk.AGENDA)) if one.record.upstream_id == str(told["id"]))
        assert "agenda" not in reading.record.model_fields_set
        await at.ask("/control/faults", "DELETE")
        assert events(await poll(at, Walk.AGENDA))[str(told["id"])].agenda


async def test_a_refused_agenda_costs_one_event(camara_desk: Any) -> None:
    async with camara_desk() as at:
        first, second = await announce(at), await announce(at)
        await at.fault("status", value=400, path=f"/camara/api/v2/eventos/{first['id']}/pauta")
        items = await poll(at, Walk.AGENDA)
        assert [one.upstream_id for one in rejected(items)] == [f"camara-event-{first['id']}"]
        assert str(second["id"]) in events(items)


@pytest.mark.parametrize("kind", ["500", "half_body", "html200", "empty200"])
async def test_a_broken_list_fails_its_window(camara_desk: Any, kind: str) -> None:
    async with camara_desk() as at:
        await at.fault(kind, match="/eventos?")
        with pytest.raises(UpstreamUnavailable):
            await poll(at, Walk.AGENDA)


@pytest.mark.parametrize("name", ["eventos", "eventosOrgaos"])
async def test_a_broken_file_fails_its_year(camara_desk: Any, name: str) -> None:
    async with camara_desk() as at:
        await at.fault("truncated", path=f"/camara/arquivos/{name}/csv/{name}-{TODAY.year}.csv")
        with pytest.raises(UpstreamUnavailable):
            await poll(at, Walk.AGENDA_BACKFILL)


async def test_without_the_file_of_bodies_none_are_claimed(camara_desk: Any) -> None:
    async with camara_desk() as at:
        await at.fault("status", value=404, path=f"/camara/arquivos/eventosOrgaos/csv/eventosOrgaos-{TODAY.year}.csv")
        found = readings(await poll(at, Walk.AGENDA_BACKFILL))
        assert found
        assert not any("organizations" in one.record.model_fields_set for one in found)


async def test_a_year_without_events(camara_desk: Any) -> None:
    async with camara_desk(backfill_from_year=1991) as at:
        window = at.source.next_window(Walk.AGENDA_BACKFILL, -1995, at.now())
        assert window is not None
        assert await gather(at, window) == []
        assert date(1995, 1, 1) < TODAY


async def test_one_event_by_id(camara_desk: Any) -> None:
    async with camara_desk() as at:
        told = await announce(at)
        (found,) = await at.source.read_one(f"camara-event-{told['id']}", at.memory)
        assert isinstance(found, RecordReading)
        listed = events(await poll(at, Walk.AGENDA))[str(told["id"])]
        assert found.record == listed, "the detail says what the list says"
        (gone,) = await at.source.read_one("camara-event-7", at.memory)
        assert isinstance(gone, RecordAbsence)
        assert (gone.record_id, gone.kind) == ("camara-event-7", "EVENT")
