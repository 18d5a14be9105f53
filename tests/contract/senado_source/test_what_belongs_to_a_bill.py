"""Which further answers the Senado source asks for to tell one bill whole."""

from datetime import timedelta

import pytest
from contract.senado_source.lying import Liar, full, row, voting
from contract.senado_source.reading import NOW, Memory, changes, readings, year
from ingest_senado.source.adapter import SenadoSource
from legis.domain.vocabulary import QualityFlagCode, ReadingPart
from legis.errors import UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import Reading, Window


async def test_rapporteurs_and_votings_come_with_a_moved_bill(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {
        "/processo": lambda _: [row(1, at=NOW)],
        "/processo/1": lambda _: full(1, at=NOW),
        "/processo/relatoria": lambda _: [{"id": 5, "idProcesso": 1, "nomeParlamentar": "João"}],
        "/votacao": lambda _: [voting(9, 1)],
    }
    memory = Memory()
    (item,) = readings(await memory.read(reader, changes(1)))
    assert [r.name for r in item.bill.rapporteurs] == ["João"]
    assert [e.upstream_id for e in item.bill.vote_events] == ["9"]
    assert item.marks.keys() == {ReadingPart.DETAIL, ReadingPart.LIST, ReadingPart.VOTES}
    later = NOW + timedelta(seconds=5)
    liar.answers |= {"/processo": lambda _: [row(1, at=later)], "/processo/1": lambda _: full(1, at=later)}
    liar.answers["/votacao"] = lambda _: []
    before = liar.count("/votacao")
    (item,) = readings(await memory.read(reader, changes(1)))
    assert liar.count("/votacao") == before + 2, "of a bill that had votings one empty answer is none"
    assert "vote_events" in item.bill.model_fields_set, "the store decides whether to believe it"
    assert ReadingPart.VOTES not in item.marks


async def test_a_list_that_is_not_found_claims_nothing(liar: Liar, reader: SenadoSource) -> None:
    """A 404 of a list is no 404 of the bill: it is read, without that list, and the store is told to ask again."""
    liar.answers = {
        "/processo": lambda _: [row(1, at=NOW)],
        "/processo/1": lambda _: full(1, at=NOW, documento={"autoria": [{"autor": "Ana", "siglaTipo": "SENADOR"}]}),
        "/processo/relatoria": lambda _: None,
        "/votacao": lambda _: None,
    }
    (item,) = readings(await Memory().read(reader, changes(1)))
    assert item.part is ReadingPart.DETAIL
    assert not {"rapporteurs", "vote_events"} & item.bill.model_fields_set
    assert [s.name for s in item.bill.sponsorships] == ["Ana"]
    doubted = [flag.field for flag in item.bill.quality_flags if flag.code is QualityFlagCode.LIST_IN_DOUBT]
    assert doubted == ["rapporteurs", "vote_events"]
    memory = Memory()
    (again,) = await reader.read_one("1", memory)
    assert isinstance(again, Reading), "asked for alone it is there too"


async def test_a_process_without_an_author_has_not_shown_them(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(1, at=NOW)], "/processo/1": lambda _: full(1, at=NOW)}
    (item,) = readings(await Memory().read(reader, changes(1)))
    assert "sponsorships" not in item.bill.model_fields_set
    assert [f.field for f in item.bill.quality_flags if f.code is QualityFlagCode.LIST_IN_DOUBT] == ["sponsorships"]
    assert item.bill.model_fields_set >= {"rapporteurs", "vote_events"}, "what was answered and empty is a claim"


async def test_votings_of_an_unknown_bill_bring_the_bill(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/votacao": lambda _: [voting(9, 1)], "/processo/1": lambda _: full(1)}
    memory = Memory()
    (item,) = readings(await memory.read(reader, Window(Walk.VOTES, 0, 1, "", {"days": "30"})))
    assert (item.part, item.bill.identifier) == (ReadingPart.DETAIL, "PL 1/2024")
    assert "dataInicio=2026-10-24" in liar.asked[0]


async def test_votings_of_a_known_bill_are_all_of_its_votings(liar: Liar, reader: SenadoSource) -> None:
    memory = Memory()
    liar.answers = {"/processo": lambda _: [row(1)], "/processo/1": lambda _: full(1)}
    await memory.read(reader, year(2024))
    own = [voting(8, 1, dataSessao="2020-01-01"), voting(9, 1)]
    liar.answers["/votacao"] = lambda q: own if "idProcesso" in q.query else own[1:]
    window = Window(Walk.VOTES, 0, 1, "", {"days": "30"})
    (item,) = readings(await memory.read(reader, window))
    assert item.part is ReadingPart.VOTES
    assert [event.upstream_id for event in item.bill.vote_events] == ["8", "9"]
    assert "identifier" not in item.bill.model_fields_set
    assert await memory.read(reader, window) == []
    liar.answers["/votacao"] = lambda q: own[:1] if "idProcesso" in q.query else [voting(10, 1)]
    with pytest.raises(UpstreamUnavailable, match="not in its own list"):
        await memory.read(reader, window)


async def test_the_list_of_a_year_alone_asks_for_no_details(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(1)]}
    assert len(readings(await Memory().read(reader, year(2024, step=None)))) == 1
    assert liar.count("/processo/1") == 0


async def test_we_name_ourselves_and_ask_for_json(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(1)], "/processo/1": lambda _: full(1)}
    await Memory().read(reader, year(2024))
    assert {h["User-Agent"] for h in liar.headers} == {"Legis/test"}
    assert all("json" in h["Accept"] for h in liar.headers)
