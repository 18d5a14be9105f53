"""The Câmara's source before a Câmara that refuses, fails or hides single records, pages and files."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from contract.conftest import TODAY
from contract.test_camara_source import FEW, days, ids, year
from legis.errors import (
    LegisError,
    RecordSetAside,
    RetryableError,
    UpstreamBlocked,
    UpstreamRequestRefused,
)
from legis.events import Walk
from legis.ingest.source import Window, YearOutcome

MakeDesk = Callable[..., Any]
ALL = 400
PARTS = ("", "/autores", "/temas", "/tramitacoes", "/relacionadas", "/votacoes")
API = "/camara/api/v2"


async def poison(at: Any, upstream_id: str, status: int, part: str = "") -> None:
    await at.fault("status", path=f"{API}/proposicoes/{upstream_id}{part}", value=status)


async def read_patiently(at: Any, window: Window, attempts: int = 4) -> Any:
    """As the engine: again after a failure, with what came before kept."""
    for attempt in range(attempts):
        try:
            return await at.read(window)
        except RetryableError:
            if attempt == attempts - 1:
                raise
    return None


@pytest.mark.parametrize(
    ("status", "part"), [*((status, "") for status in (400, 401, 403, 422)), *((400, part) for part in PARTS[1:])]
)
async def test_a_refused_record_is_set_aside_and_all_others_are_read(
    camara_desk: MakeDesk, status: int, part: str
) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = set(ids((await at.read(days(ALL), store=False))[0]))
        bad = sorted(moved)[0]
        await poison(at, bad, status, part)
        readings, rejected = await at.read(days(ALL))
        assert set(ids(readings)) == moved - {bad}
        assert [(type(one), one.upstream_id) for one in rejected] == [(RecordSetAside, bad)]
        assert str(status) in str(rejected[0])
        assert rejected[0].source_url
        assert at.source.upstream.snapshot().blocked_until is None
        await at.ask("/control/faults", "DELETE")
        assert ids((await at.read(days(ALL)))[0]) == [bad], "the next list asks once more"


@pytest.mark.parametrize("status", [500, 502, 504])
@pytest.mark.parametrize("part", ["", "/tramitacoes"])
async def test_a_failing_record_holds_up_no_other_and_is_set_aside_in_the_end(
    camara_desk: MakeDesk, status: int, part: str
) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = set(ids((await at.read(days(ALL), store=False))[0]))
        bad = sorted(moved)[0]
        await poison(at, bad, status, part)
        with pytest.raises(RetryableError):
            await at.read(days(ALL))
        assert {upstream_id for upstream_id, _ in at.memory.marks} == moved - {bad}, "all others in the first window"
        _, rejected = await read_patiently(at, days(ALL))
        assert [one.upstream_id for one in rejected] == [bad]


async def test_a_failing_record_alone_in_its_window_is_set_aside_too(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        bad = ids((await at.read(days(ALL)))[0])[0]
        await at.change(bad)
        await poison(at, bad, 500)
        for attempt in range(3):
            try:
                _, rejected = await at.read(days(1, Walk.INCREMENTAL))
            except RetryableError:
                continue
            assert attempt == 2
            assert [one.upstream_id for one in rejected] == [bad]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_record_that_is_gone_is_no_fault(camara_desk: MakeDesk, status: int) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = set(ids((await at.read(days(ALL), store=False))[0]))
        bad = sorted(moved)[0]
        await poison(at, bad, status)
        readings, rejected = await at.read(days(ALL))
        assert (set(ids(readings)), rejected) == (moved - {bad}, [])


async def test_when_every_detail_is_refused_it_is_our_mistake(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        await at.fault("status", match="/proposicoes/", value=400)
        with pytest.raises(UpstreamRequestRefused):
            await at.read(days(ALL))


async def test_a_firewall_before_everything_is_a_block(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        await at.fault("waf403")
        with pytest.raises(UpstreamBlocked):
            await at.read(days(ALL))
        assert at.source.upstream.snapshot().blocked_until is not None
        assert (await at.requests())["total"] <= 4


async def test_a_record_that_hangs_delays_no_other(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = set(ids((await at.read(days(ALL), store=False))[0]))
        bad = sorted(moved)[0]
        await at.fault("slow_first_byte", path=f"{API}/proposicoes/{bad}", value=2)
        began, came = time.monotonic(), {}
        async for item in at.source.read(days(ALL), at.memory):
            came[item.bill.upstream_id] = time.monotonic() - began
        assert set(came) == moved
        assert came[bad] >= 2
        assert list(came)[-1] == bad


@pytest.mark.parametrize("status", [400, 403, 404, 500])
@pytest.mark.parametrize("place", [3, 5, 22])
async def test_a_poisoned_row_costs_no_other_row_of_its_page(camara_desk: MakeDesk, status: int, place: int) -> None:
    """The server fails on every page that holds one certain row, however large the page is."""
    async with camara_desk() as at:
        moved = ids((await at.read(days(ALL), store=False))[0])
        assert len(moved) > 22
        for size in (20, 2, 1):
            await at.fault("status", match=f"itens={size}&pagina={(place - 1) // size + 1}", value=status)
        readings, rejected = await at.read(days(ALL))
        lost = set(moved) - set(ids(readings))
        assert len(lost) == 1
        assert [type(one) for one in rejected] == [RecordSetAside]
        assert rejected[0].upstream_id == days(ALL).detail["first"]
        again = (await at.read(days(ALL)))[1]
        assert again[0].raw == rejected[0].raw, "the same row is one letter"


async def test_a_list_that_fails_as_a_whole_fails_its_window(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        for status in (400, 404, 500):
            await at.fault("status", match="/proposicoes?", value=status)
            with pytest.raises(LegisError):
                await at.read(days(ALL))
            await at.ask("/control/faults", "DELETE")
        assert at.memory.marks == {}


async def test_the_last_day_is_asked_for_by_the_day_after_it(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        asked: list[dict[str, Any]] = []
        get = at.source.upstream.get

        async def listening(url: str, **more: Any) -> Any:
            asked.append(dict(more.get("params") or {}))
            return await get(url, **more)

        at.source.upstream.get = listening
        window = days(2)
        await at.read(window)
        ends = {datetime.fromisoformat(one["dataFim"]).date() for one in asked if "dataFim" in one}
        assert all(0 <= (end - TODAY).days <= 2 for end in ends)
        assert max((end - TODAY).days for end in ends) >= 1


async def test_the_deputies_may_be_refused(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        await at.fault("status", match="/deputados", value=400)
        assert (await at.read(days(ALL)))[0]


async def outcomes(at: Any, window: Window) -> list[tuple[int, bool]]:
    """Which years the window tells of: whether each is not read."""
    found = [item async for item in at.source.read(window, at.memory) if isinstance(item, YearOutcome)]
    return [(one.year, one.reason is not None) for one in found]


async def fullest(at: Any) -> int:
    years = (await at.ask("/truth/summary"))["sources"]["camara"]["by_year_of_presentation"]
    return int(max(years, key=lambda one: int(years[one])))


@pytest.mark.parametrize("status", [400, 403, 404, 410])
async def test_a_year_whose_file_is_refused_or_missing_is_not_read(camara_desk: MakeDesk, status: int) -> None:
    async with camara_desk() as at:
        number = await fullest(at)
        await at.fault("status", match=f"/proposicoes-{number}.csv", value=status)
        assert await outcomes(at, year(number)) == [(number, True)]
        at.memory.left = (number,)
        assert await outcomes(at, Window(Walk.YEARS, 0, 1, "years")) == [(number, True)]
        await at.ask("/control/faults", "DELETE")
        assert await outcomes(at, Window(Walk.YEARS, 0, 1, "years")) == [(number, False)]


async def test_a_year_whose_file_fails_again_and_again_is_left_for_later(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        number = await fullest(at)
        await at.fault("status", match=f"/proposicoes-{number}.csv", value=500)
        for _ in range(2):
            with pytest.raises(RetryableError):
                await at.read(year(number))
        assert await outcomes(at, year(number)) == [(number, True)]


async def test_a_year_without_a_file_is_empty_only_if_the_list_says_so_and_is_heard(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        assert await outcomes(at, year(1901)) == []
        for kind, more in (("empty200", {}), ("status", {"value": 400}), ("status", {"value": 404})):
            await at.fault(kind, match="dataApresentacaoInicio", **more)
            assert await outcomes(at, year(1901)) == [(1901, True)], (kind, more)
            await at.ask("/control/faults", "DELETE")


async def test_without_its_authors_a_year_is_read_but_not_done(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        number = await fullest(at)
        await at.fault("status", match=f"/proposicoesAutores-{number}.csv", value=404)
        readings, _ = await at.read(year(number))
        assert readings
        assert all("sponsorships" not in reading.bill.model_fields_set for reading in readings)
        at.memory.left = (number,)
        at.memory.marks.clear()
        assert await outcomes(at, Window(Walk.YEARS, 0, 1, "years")) == [(number, True)]
        await at.ask("/control/faults", "DELETE")
        readings, _ = await at.read(year(number))
        assert any(reading.bill.sponsorships for reading in readings)


async def test_a_redirect_of_the_chamber_is_followed(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = set(ids((await at.read(days(ALL), store=False))[0]))
        await at.fault("redirect", match="/proposicoes?", count=2)
        await at.fault("redirect", path=f"{API}/proposicoes/{sorted(moved)[0]}", count=3)
        readings, rejected = await at.read(days(ALL))
        assert (set(ids(readings)), rejected) == (moved, [])


async def test_a_redirect_that_leads_elsewhere_or_nowhere_is_a_refusal(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        moved = sorted(ids((await at.read(days(ALL), store=False))[0]))
        await at.fault("redirect", path=f"{API}/proposicoes/{moved[0]}")
        await at.fault("redirect", path=f"{API}/proposicoes/{moved[1]}", value="http://elsewhere.example/x")
        readings, rejected = await at.read(days(ALL))
        assert set(ids(readings)) == set(moved[2:])
        assert sorted(str(one.upstream_id) for one in rejected) == moved[:2]


async def test_one_record_asked_for_alone_is_set_aside_or_waited_for(camara_desk: MakeDesk) -> None:
    async with camara_desk(bills=FEW) as at:
        refused, failing = ids((await at.read(days(ALL), store=False))[0])[:2]
        await poison(at, refused, 400)
        await poison(at, failing, 500)
        (letter,) = await at.source.read_one(refused, at.memory)
        assert isinstance(letter, RecordSetAside)
        for _ in range(2):
            with pytest.raises(RetryableError):
                await at.source.read_one(failing, at.memory)
        (letter,) = await at.source.read_one(failing, at.memory)
        assert isinstance(letter, RecordSetAside)
