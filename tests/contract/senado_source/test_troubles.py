"""The Senado source before a Senado that refuses or fails single processes, and lists of whole years."""

import asyncio
from typing import Any

import pytest
from contract.senado_source.lying import Liar, full, row, voting
from contract.senado_source.reading import NOW, Memory, changes, readings, rejected, schedule, settings, upstream, year
from ingest_senado.source.adapter import SenadoSource
from legis.domain.vocabulary import ReadingPart
from legis.errors import (
    BreakerOpen,
    LegisError,
    RecordSetAside,
    RetryableError,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)
from legis.events import Walk
from legis.ingest.source import Window, YearOutcome
from legis.upstream import UpstreamClient

TEN = range(1, 11)
YEARS = Window(Walk.YEARS, 0, 1, "years")


def answering(liar: Liar, bad: int, status: int, part: str = "detail") -> None:
    """Ten processes moved; one of them, or what belongs to it, is answered with a status."""
    details = {f"/processo/{number}": (lambda _, n=number: full(n, at=NOW)) for number in TEN}
    liar.answers = {"/processo": lambda _: [row(number, at=NOW) for number in TEN], **details}
    if part == "detail":
        liar.answers[f"/processo/{bad}"] = lambda _: status
        return

    def answer(request: Any) -> Any:
        return status if request.query.get("idProcesso") == str(bad) else []

    liar.answers[f"/{part}"] = answer


@pytest.mark.parametrize("status", [400, 401, 405, 406, 422])
@pytest.mark.parametrize("part", ["detail", "processo/relatoria", "votacao"])
async def test_a_refused_process_is_set_aside_and_all_others_are_read(
    liar: Liar, reader: SenadoSource, status: int, part: str
) -> None:
    answering(liar, 4, status, part)
    memory = Memory()
    items = await memory.read(reader, changes(1))
    whole = {item.bill.upstream_id for item in readings(items) if item.part is ReadingPart.DETAIL}
    assert whole == {str(number) for number in TEN} - {"4"}
    (letter,) = rejected(items)
    assert isinstance(letter, RecordSetAside)
    assert letter.upstream_id == "4"
    assert memory.bills["4"].title == "Dispõe.", "what the list says of it is served all the same"


@pytest.mark.parametrize("status", [500, 502])
@pytest.mark.parametrize("part", ["detail", "processo/relatoria", "votacao"])
async def test_a_failing_process_is_set_aside_after_some_windows(
    liar: Liar, reader: SenadoSource, status: int, part: str
) -> None:
    answering(liar, 4, status, part)
    memory = Memory()
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            await memory.read(reader, changes(1))
        assert sum("actions" in bill.model_fields_set for bill in memory.bills.values()) == 9
        memory.marks.clear()  # all are read again: where one alone fails again and again the circuit opens
    (letter,) = rejected(await memory.read(reader, changes(1)))
    assert letter.upstream_id == "4"
    memory.marks.clear()
    items = await memory.read(reader, changes(1))
    assert [one.upstream_id for one in rejected(items)] == ["4"], "no patience is spent on it twice"


async def test_a_single_403_is_one_process_and_403_for_all_is_a_block(liar: Liar) -> None:
    policy = upstream(liar.base).policy
    client = UpstreamClient(type(policy)(**{
        **{name: getattr(policy, name) for name in policy.__slots__}, "probe_url": f"{liar.base}/processo/siglas"
    }))  # fmt: skip
    source = SenadoSource(settings(liar.base), client, schedule(), clock=lambda: NOW, stale_wait=0.01)
    try:
        answering(liar, 4, 403)
        liar.answers["/processo/siglas"] = lambda _: [{"sigla": "PL"}]
        (letter,) = rejected(await Memory().read(source, changes(1)))
        assert letter.upstream_id == "4"
        assert liar.count("/processo/siglas") == 1
        assert client.snapshot().blocked_until is None
        liar.answers = dict.fromkeys([*liar.answers], lambda _: 403)
        with pytest.raises(LegisError):
            await Memory().read(source, changes(1))
        assert client.snapshot().blocked_until is not None
    finally:
        await source.close()


async def test_a_process_that_hangs_delays_no_other(liar: Liar, reader: SenadoSource) -> None:
    """The first of ten is read only when the nine others have been handed on."""
    answering(liar, 99, 400)
    others_came, read = asyncio.Event(), reader._bills.read

    async def slow(process_id: str, *args: Any, **more: Any) -> Any:
        if process_id == "1":
            await asyncio.wait_for(others_came.wait(), 60)
        return await read(process_id, *args, **more)

    reader._bills.read = slow  # type: ignore[method-assign]
    came: list[str] = []
    async for item in reader.read(changes(1), Memory()):
        came.append(item.bill.upstream_id)
        if len(came) == len(TEN) - 1:
            others_came.set()
    assert sorted(came[:-1], key=int) == [str(number) for number in TEN if number > 1]
    assert came[-1] == "1"


async def outcomes(source: SenadoSource, memory: Memory, window: Window) -> list[tuple[int, bool]]:
    items = await memory.read(source, window)
    return [(one.year, one.reason is not None) for one in items if isinstance(one, YearOutcome)]


@pytest.mark.parametrize("status", [400, None])
async def test_a_year_whose_list_is_refused_or_missing_is_not_read(
    liar: Liar, reader: SenadoSource, status: int | None
) -> None:
    memory = Memory()
    liar.answers = {"/processo": lambda _: status}
    assert await outcomes(reader, memory, year(2001)) == [(2001, True)]
    memory.left = (2001,)
    assert await outcomes(reader, memory, YEARS) == [(2001, True)]
    liar.answers = {"/processo": lambda _: [row(1, 2001)], "/processo/1": lambda _: full(1, 2001)}
    assert await outcomes(reader, memory, YEARS) == [(2001, False)]
    assert "1" in memory.bills


async def test_a_year_that_fails_again_and_again_is_left_for_later(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: 500}
    memory = Memory()
    for _ in range(2):
        with pytest.raises(RetryableError):
            await memory.read(reader, year(2001))
    assert await outcomes(reader, memory, year(2001)) == [(2001, True)]


async def test_a_year_whose_votings_are_refused_is_read_but_not_done(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {
        "/processo": lambda _: [row(1, 2001)],
        "/processo/1": lambda _: full(1, 2001),
        "/votacao": lambda request: 400 if "dataInicio" in request.query else [],
    }
    memory = Memory()
    assert await outcomes(reader, memory, year(2001)) == [(2001, True)]
    assert "actions" in memory.bills["1"].model_fields_set
    liar.answers["/votacao"] = lambda _: []
    memory.left = (2001,)
    assert await outcomes(reader, memory, YEARS) == [(2001, False)]


async def test_a_year_that_cannot_be_compared_keeps_no_other_from_it(liar: Liar, reader: SenadoSource) -> None:
    def answer(request: Any) -> Any:
        if request.query.get("ano") == "2025":
            return 400
        return [row(1, 2024)] if request.query.get("ano") == "2024" else [row(9, at=NOW)]

    liar.answers = {"/processo": answer, "/processo/9": lambda _: full(9, at=NOW), "/processo/1": lambda _: full(1)}
    window = Window(Walk.RECONCILE, 0, 1, "", {"days": "30", "years": "2025,2024", "first": "yes"})
    memory = Memory()
    items = await memory.read(reader, window)
    assert "1" in memory.bills
    assert not [one for one in items if isinstance(one, YearOutcome)], "it was read before"


async def test_votings_of_a_refused_process_cost_no_other(liar: Liar, reader: SenadoSource) -> None:
    def answer(request: Any) -> Any:
        asked = request.query.get("idProcesso")
        if asked is None:
            return [voting(n, n) for n in (1, 2, 3)]
        return 400 if asked == "2" else [voting(int(asked), int(asked))]

    details = {f"/processo/{n}": (lambda _, n=n: full(n)) for n in (1, 2, 3)}
    liar.answers = {"/votacao": answer, **details}
    memory = Memory()
    items = await memory.read(reader, Window(Walk.VOTES, 0, 1, "", {"days": "30"}))
    assert memory.bills.keys() == {"1", "3"}
    assert [one.upstream_id for one in rejected(items)] == ["2"]


async def test_one_process_asked_for_alone_is_set_aside_or_waited_for(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo/1": lambda _: 400, "/processo/2": lambda _: 500}
    (letter,) = await reader.read_one("1", Memory())
    assert isinstance(letter, RecordSetAside)
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            await reader.read_one("2", Memory())
    (letter,) = await reader.read_one("2", Memory())
    assert isinstance(letter, RecordSetAside)


async def test_when_everything_is_refused_it_is_our_mistake(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(number, at=NOW) for number in range(1, 20)]}
    liar.answers |= {f"/processo/{number}": lambda _: 400 for number in range(1, 20)}
    with pytest.raises((UpstreamRequestRefused, BreakerOpen)):
        await Memory().read(reader, changes(1))
