"""The Câmara's source against a simulated Câmara over HTTP: what it reads, what it leaves out, what it survives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from contract.conftest import TODAY, WINDOW_END
from ingest_camara.source import changes
from legis.clock import epoch_micros
from legis.domain.brasilia_time import ZONE
from legis.domain.vocabulary import ReadingPart
from legis.errors import PermanentError, RetryableError, UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import Absence, Reading, Window

ALL = 400
"""Days back that hold everything recent of the simulated Câmara."""

FEW = 100
"""Bills of both simulated chambers together, where few will do."""

MakeDesk = Callable[..., Any]


def days(count: int, walk: Walk = Walk.OVERLAP) -> Window:
    begin = WINDOW_END - timedelta(days=count)
    first = begin.astimezone(ZONE).date().isoformat()
    return Window(walk, epoch_micros(begin), epoch_micros(WINDOW_END), f"last {count} days", {"first": first})


def weekly() -> Window:
    now = epoch_micros(WINDOW_END)
    years = ",".join(str(TODAY.year - back) for back in range(5))
    return Window(Walk.RECONCILE, now - 1, now, "files", {"years": years})


async def test_the_files_tell_which_bills_they_hold(camara_desk: Any) -> None:
    async with camara_desk() as at:
        await at.files()
        listed = [upstream_id for seen in at.years.values() for upstream_id in seen.upstream_ids]
        assert sorted(listed) == sorted(await at.truth())


async def test_one_bill_is_read_whole_or_known_to_be_gone(camara_desk: Any) -> None:
    async with camara_desk() as at:
        await at.files()
        kept, lost = sorted(await at.truth())[:2]
        await at.ask("/control/delete", "POST", source="camara", id=int(lost))
        for _ in range(2):  # the second time too, though the same is stored
            (reading,) = await at.source.read_one(kept, at.memory)
            assert (reading.bill.upstream_id, "actions" in reading.bill.model_fields_set) == (kept, True)
        (absence,) = await at.source.read_one(lost, at.memory)
        assert isinstance(absence, Absence)
        assert absence.upstream_id == lost
        with pytest.raises(PermanentError):
            await at.source.read_one("../1", at.memory)


def year(number: int) -> Window:
    return Window(Walk.BACKFILL, -number, -number + 1, f"bulk {number}")


def ids(readings: list[Reading]) -> list[str]:
    return [reading.bill.upstream_id for reading in readings]


def agree(readings: list[Reading], truth: dict[str, Any]) -> bool:
    for reading in readings:
        bill, true = reading.bill, truth[reading.bill.upstream_id]
        assert (bill.title or "", bill.status_code, bill.status_text) == tuple(
            true[name] for name in ("title", "status_code", "status_text")
        )
        assert bill.latest_action is not None
        assert str(bill.latest_action.date) == true["last_action_date"]
    return True


async def test_the_files_hold_every_bill_once_as_it_is(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        readings, rejected = await at.files()
        truth = await at.truth()
        assert sorted(ids(readings)) == sorted(truth)
        assert rejected == []
        assert agree(readings, truth)
        assert {reading.part for reading in readings} == {ReadingPart.BULK}
        assert all("sponsorships" in reading.bill.model_fields_set for reading in readings)
        assert any(sponsor.party for reading in readings for sponsor in reading.bill.sponsorships)
        assert any(reading.bill.subjects for reading in readings)
        assert await at.files() == ([], [])
        assert await at.read(year(1901)) == ([], [])  # no file, no bills


async def test_what_moved_is_read_whole_once_and_then_left_alone(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        readings, rejected = await at.read(days(ALL))
        assert len(set(ids(readings))) == len(readings) > 20
        assert rejected == []
        assert agree(readings, await at.truth())
        whole = {"sponsorships", "subjects", "actions", "related_bills", "vote_events", "status", "documents"}
        assert all(reading.bill.model_fields_set >= whole for reading in readings)
        assert any(sponsor.party for reading in readings for sponsor in reading.bill.sponsorships)
        assert len({reading.read_seq for reading in readings}) == len(readings)
        await at.ask("/control/requests", "DELETE")
        assert await at.read(days(ALL)) == ([], [])
        assert {path.rsplit("/", 1)[1] for path in (await at.requests())["paths"]} == {"proposicoes", "{id}"}


async def test_a_change_is_found_and_nothing_else(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        touched = ids((await at.read(days(ALL)))[0])[:3]
        for upstream_id in touched:
            await at.change(upstream_id)
        readings, _ = await at.read(days(1, Walk.INCREMENTAL))
        assert sorted(ids(readings)) == sorted(touched)
        assert agree(readings, await at.truth())


async def test_a_bill_read_whole_is_not_overlaid_by_a_file(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        whole, _ = await at.read(days(ALL))
        await at.change(whole[0].bill.upstream_id)
        readings, _ = await at.files()
        assert readings
        assert not set(ids(whole)) & set(ids(readings))


async def test_the_weekly_comparison_finds_what_the_polls_missed(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        await at.files()
        recent = [reading.bill for reading in (await at.read(days(ALL)))[0]]
        target = next(b.upstream_id for b in recent if b.introduced_on and b.introduced_on.year >= TODAY.year - 3)
        assert await at.read(weekly()) == ([], []), "nothing changed, and details foretell their rows"
        await at.change(target)
        assert ids((await at.read(days(1)))[0]) == [target]
        assert await at.read(weekly()) == ([], []), "a poll found it, and foretold its row as well"
        await at.change(target)
        readings, _ = await at.read(weekly())
        assert [(r.bill.upstream_id, r.part) for r in readings] == [(target, ReadingPart.DETAIL)]
        assert readings[0].bill.model_fields_set >= {"actions", "status"}
        at.memory.marks[target, ReadingPart.BULK] = "what a file will say only tomorrow"
        readings, _ = await at.read(weekly())
        assert ids(readings) == [target]
        assert not readings[0].bill.model_fields_set & {"status", "latest_action", "title", "related_bills"}
        assert await at.read(weekly()) == ([], [])


FAULTS: dict[str, dict[str, Any]] = {
    "503": {"rate": 0.15},
    "500": {"rate": 0.15},
    "504": {"rate": 0.15},
    "429": {"count": 2, "value": 0},
    "truncated": {"rate": 0.15},
    "half_body": {"rate": 0.1},
    "empty200": {"rate": 0.15},
    "html200": {"rate": 0.15},
    "reset": {"rate": 0.15},
    "moving_pages": {"count": 3},
}


@pytest.mark.parametrize("kind", FAULTS)
async def test_faults_lose_nothing_and_invent_nothing(camara_desk: MakeDesk, kind: str) -> None:
    async with camara_desk(bills=FEW) as at:
        expected, _ = await at.read(days(ALL), store=False)
        await at.fault(kind, **FAULTS[kind])
        for _ in range(60):
            try:
                _, rejected = await at.read(days(ALL))
            except RetryableError:
                continue
            break
        else:
            pytest.fail(f"{kind}: not read in 60 attempts")
        assert rejected == []
        assert at.memory.marks == {(r.bill.upstream_id, p): mark for r in expected for p, mark in r.marks.items()}


async def test_a_list_that_never_stands_still_is_given_up(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        await at.fault("moving_pages")
        with pytest.raises(UpstreamUnavailable, match="moved during each of 5 walks"):
            await at.read(days(ALL))


@pytest.mark.parametrize("variant", ["types", "bytes"])
async def test_poisoned_records_are_handed_on_raw_and_alone(camara_desk: MakeDesk, variant: str) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = set(ids((await at.read(days(ALL), store=False))[0]))
        filed = set(await at.truth())
        poisoned = sorted(moved)[:2]
        await at.fault("poison_record", value={"ids": [int(one) for one in poisoned], "variant": variant})
        for expected, (readings, rejected) in (
            (moved, await at.read(days(ALL), store=False)),
            (filed, await at.files()),
        ):
            assert sorted(item.upstream_id or "" for item in rejected) == poisoned
            assert all(item.raw and item.source_url for item in rejected)
            assert set(ids(readings)) == expected - set(poisoned)


@pytest.mark.parametrize("part", ["autores", "temas", "tramitacoes", "relacionadas", "votacoes"])
async def test_no_bill_is_published_without_a_part_that_could_not_be_had(camara_desk: MakeDesk, part: str) -> None:
    async with camara_desk(bills=FEW) as at:
        await at.fault("500", match=f"/{part}")
        with pytest.raises(RetryableError):
            await at.read(days(ALL))
        assert at.memory.marks == {}
        await at.ask("/control/faults", "DELETE")
        assert (await at.read(days(ALL)))[0]


async def test_one_bill_that_upstream_fails_on_does_not_hold_up_the_others(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = ids((await at.read(days(ALL)))[0])
        bad, others = moved[0], moved[1:]
        await at.fault("500", match=f"/{bad}/relacionadas")
        await at.change(bad)
        for attempt in range(12):
            await at.change(others[attempt % len(others)])
            try:
                _, rejected = await at.read(days(1))
            except RetryableError:
                continue
            assert attempt == 2
            assert [item.upstream_id for item in rejected] == [bad]
            break
        else:
            pytest.fail("still held up")
        await at.ask("/control/faults", "DELETE")
        assert [item.upstream_id for item in (await at.read(days(1)))[1]] == [bad], "it rests, and is told all the same"
        assert ids(await at.source.read_one(bad, at.memory)) == [bad], "as the store has it asked for"
        await at.change(bad)
        assert ids((await at.read(days(1)))[0]) == [bad]


async def test_a_broken_body_is_asked_for_again_at_once(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        await at.fault("half_body", match="/proposicoes?", count=2)
        assert (await at.read(days(ALL)))[0]


async def test_a_cut_file_is_not_taken_for_whole(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        years = (await at.ask("/truth/summary"))["sources"]["camara"]["by_year_of_presentation"]
        fullest = max(years, key=lambda one: int(years[one]))
        for kind in ("truncated", "half_body"):
            await at.fault(kind, match=f"proposicoes-{fullest}.csv", count=1)
            with pytest.raises(RetryableError):
                await at.read(year(int(fullest)), store=False)
        assert len((await at.read(year(int(fullest))))[0]) == years[fullest]


async def test_the_polite_rate_is_kept(camara_desk: MakeDesk) -> None:
    async with camara_desk(per_second=60, camara_max_in_flight=4) as at:
        await at.read(days(ALL))
        traffic = await at.requests()
        print(f"\n{traffic['total']} requests, at most {traffic['max_in_one_second']} in a second")
        assert traffic["total"] > 120
        assert traffic["max_in_one_second"] <= 63
        assert traffic["max_in_flight"] <= 4


async def test_a_detail_older_than_its_list_row_is_asked_for_again(
    camara_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "STALE_PAUSE_SECONDS", 0.05)
    async with camara_desk() as at:
        target = next(r.bill.upstream_id for r in (await at.read(days(ALL)))[0] if r.bill.title)
        for _ in range(80):
            title = (await at.truth())[target]["title"]
            await at.change(target)
            if (await at.truth())[target]["title"] != title:
                break
            await at.read(days(1))
        await at.fault("stale", match=f"/proposicoes/{target}", count=1)
        readings, _ = await at.read(days(1))
        assert ids(readings) == [target]
        assert readings[0].bill.title == (await at.truth())[target]["title"] != title


async def test_only_wanted_types_are_read(camara_desk: MakeDesk) -> None:
    async with camara_desk(camara_types="PL") as at:
        readings = [*(await at.read(days(ALL)))[0], *(await at.files())[0]]
        assert {reading.bill.type_code for reading in readings} == {"PL"}


async def test_votes_are_asked_for_again_only_after_a_new_voting(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        readings, _ = await at.read(days(4000))
        voted = next(r.bill.upstream_id for r in readings if any(event.votes for event in r.bill.vote_events))
        del at.memory.marks[voted, ReadingPart.DETAIL]
        await at.ask("/control/requests", "DELETE")
        again, _ = await at.read(days(4000))
        assert ids(again) == [voted]
        assert "vote_events" not in again[0].bill.model_fields_set
        assert not any("votos" in path for path in (await at.requests())["paths"])
