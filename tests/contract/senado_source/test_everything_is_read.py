"""That the Senado source reads all that a simulator has."""

from collections import Counter

import pytest
from contract.senado_source.reading import (
    NOW,
    Memory,
    changes,
    clock,
    readings,
    rejected,
    schedule,
    settings,
    upstream,
    year,
)
from contract.senado_source.simulated import Simulator, backfill
from ingest_senado.legacy.legacy_adapter import LegacySenadoSource
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.backfill_walk import MAKES_NORMS, Step
from legis.domain.vocabulary import ReadingPart
from legis.errors import PermanentError
from legis.events import Walk
from legis.ingest.source import Absence, Window, YearSeen


async def test_everything_is_read_and_nothing_twice(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    truth = await simulator.bills()
    items = await backfill(source, memory)
    assert rejected(items) == []
    assert memory.bills.keys() == truth.keys()
    for upstream_id, bill in memory.bills.items():
        told = truth[upstream_id]
        assert (bill.identifier, bill.title, bill.status_code, bill.status_text) == (
            told["identifier"], told["title"], told["status_code"], told["status_text"],
        )  # fmt: skip
        assert bill.latest_action is not None
        assert str(bill.latest_action.date) == told["last_action_date"]
    details = [item for item in readings(items) if item.part is ReadingPart.DETAIL]
    assert Counter(item.bill.upstream_id for item in details).most_common(1)[0][1] == 1
    await simulator.ask("DELETE", "/control/requests")
    again = await backfill(source, memory)
    assert {type(item) for item in again} == {YearSeen}, "nothing is new"
    listed = [upstream_id for seen in again if isinstance(seen, YearSeen) for upstream_id in seen.upstream_ids]
    assert sorted(listed) == sorted(truth), "the lists of all years together hold every bill once"
    assert "/senado/dadosabertos/processo/{id}" not in (await simulator.requests())["paths"]


async def test_one_process_is_read_whole_or_known_to_be_gone(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    kept, lost = sorted(await simulator.bills())[:2]
    await simulator.ask("POST", "/control/delete", {"source": "senado", "id": int(lost)})
    try:
        for _ in range(2):  # the second time too, though the same is stored
            read = readings(list(await source.read_one(kept, memory)))
            assert {item.bill.upstream_id for item in read} == {kept}
            assert any("actions" in item.bill.model_fields_set for item in read)
            for item in read:
                memory.store(item)
        (absence,) = await source.read_one(lost, memory)
        assert isinstance(absence, Absence)
        assert (absence.upstream_id, absence.read_seq > 0) == (lost, True)
        with pytest.raises(PermanentError):
            await source.read_one("../1", memory)
    finally:
        await simulator.ask("POST", "/control/restore", {"source": "senado", "id": int(lost)})


async def test_list_and_detail_tell_the_same(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    compared = 0
    for item in readings(await backfill(source, memory, since=2000)):
        if item.part is ReadingPart.LIST:
            first = item.bill
            full = memory.bills[first.upstream_id]
            shared = first.model_fields_set - {"extras", "quality_flags"}
            assert {n: getattr(first, n) for n in shared} == {n: getattr(full, n) for n in shared}
            compared += 1
    assert compared > 30


async def test_every_list_comes_before_any_detail_and_bills_before_other_papers(
    simulator: Simulator, source: SenadoSource
) -> None:
    items = readings(await backfill(source, Memory()))
    lists = [item for item in items if item.part is ReadingPart.LIST]
    assert len(lists) == len(await simulator.bills())
    assert items[: len(lists)] == lists
    assert {item.part for item in items[len(lists) :]} == {ReadingPart.DETAIL}
    # what was voted on is read whole with the votings of that year
    details = [item for item in items[len(lists) :] if "vote_events" not in item.bill.model_fields_set]
    assert 0 < len(details) < len(items) - len(lists)
    makes_norms = [item.bill.type in MAKES_NORMS for item in details]
    assert makes_norms == sorted(makes_norms, reverse=True)
    assert 0 < sum(makes_norms) < len(details)
    for these in (True, False):
        years = [item.bill.year or 0 for item, is_bill in zip(details, makes_norms, strict=True) if is_bill is these]
        assert years == sorted(years, reverse=True)
    once = [item.bill.upstream_id for item in items[len(lists) :]]
    assert len(once) == len(set(once)), "nothing is read whole twice"
    assert all(item.traceparent is None or len(item.traceparent) == 55 for item in items)


async def test_a_backfill_in_the_old_order_goes_on_in_the_new(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    truth = await simulator.bills()
    for number in range(NOW.year, 2014, -1):  # as it was: each year's list, then all its details
        for step in Step:
            await memory.read(source, year(number, step))
    whole = {upstream_id for upstream_id, part in memory.marks if part is ReadingPart.DETAIL}
    rest = readings(await backfill(source, memory, position=-2014))
    assert memory.bills.keys() == truth.keys()
    assert {item.bill.upstream_id for item in rest if item.part is ReadingPart.DETAIL} == truth.keys() - whole
    assert {item.bill.upstream_id for item in rest if item.part is ReadingPart.LIST} == truth.keys() - whole


async def test_votings_of_the_last_days(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    items = readings(await memory.read(source, Window(Walk.VOTES, 0, 1, "", {"days": "360"})))
    again = await memory.read(source, Window(Walk.VOTES, 0, 1, "", {"days": "360"}))
    assert again == []
    for item in items:
        assert item.bill.vote_events
        assert memory.bills[item.bill.upstream_id].identifier


async def test_the_deprecated_family_reads_the_same_bills(simulator: Simulator) -> None:
    source = LegacySenadoSource(settings(simulator.api), upstream(simulator.api), schedule(), clock=clock)
    memory = Memory()
    try:
        items = await backfill(source, memory, since=2012)
        truth = {b["identifier"]: b for b in (await simulator.bills()).values()}
        assert rejected(items) == []
        by_label = {bill.identifier: bill for bill in memory.bills.values()}
        wanted = {label for label in truth if int(label.split("/")[1][:4]) >= 2012}
        assert wanted == by_label.keys()
        for label in wanted:
            assert (by_label[label].title, by_label[label].status_code) == (
                truth[label]["title"], truth[label]["status_code"],
            )  # fmt: skip
        assert await backfill(source, memory, since=2012) == []
        moved = sorted(memory.bills)[0]
        code = memory.bills[moved].legacy_id
        number = next(b["id"] for b in truth.values() if b["identifier"] == memory.bills[moved].identifier)
        await simulator.ask("POST", "/control/change", {"source": "senado", "id": number})
        updated = readings(await memory.read(source, changes()))
        assert code in {item.bill.legacy_id for item in updated}
        assert source.next_window(Walk.VOTES, None, NOW) is None
    finally:
        await source.close()
