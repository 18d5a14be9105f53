"""What the Senado source makes of answers that cannot be right."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contract.senado_source.lying import Liar, full, row
from contract.senado_source.reading import NOW, Memory, changes, readings, rejected, year
from ingest_senado.source.adapter import SenadoSource
from legis.domain.vocabulary import QualityFlagCode, ReadingPart
from legis.errors import UpstreamSchemaChanged, UpstreamUnavailable
from legis.ingest.source import YearSeen


async def test_an_ignored_filter_is_noticed(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(n, 2020 + n) for n in range(1, 5)]}
    with pytest.raises(UpstreamSchemaChanged, match="ano=2024"):
        await Memory().read(reader, year(2024))
    liar.answers = {"/processo": lambda _: [row(n, at=datetime(2020, 1, n, tzinfo=UTC)) for n in range(1, 5)]}
    with pytest.raises(UpstreamSchemaChanged, match="numdias=1"):
        await Memory().read(reader, changes(1))


async def test_a_shape_that_no_row_fits_stops_the_source(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [{"processo": row(n)} for n in range(5)]}
    with pytest.raises(UpstreamSchemaChanged, match="none of 5 rows"):
        await Memory().read(reader, year(2024))


@pytest.mark.parametrize("body", [{"dados": []}, {"status": 500, "detail": "Erro"}])
async def test_an_object_that_is_no_row_is_no_list(liar: Liar, reader: SenadoSource, body: dict[str, Any]) -> None:
    """Taken for a single row that does not fit, it would end the window as if nothing had moved."""
    liar.answers["/processo"] = lambda request: body
    with pytest.raises(UpstreamUnavailable, match="no row"):
        await Memory().read(reader, changes())
    assert liar.count("numdias=1") == 2, "it is asked once more before it fails the window"


async def test_one_bad_row_is_a_dead_letter(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {
        "/processo": lambda _: [row(1), {"id": 2, "identificacao": {"x": 1}}],
        "/processo/1": lambda _: full(1),
    }
    (letter,) = rejected(await Memory().read(reader, year(2024)))
    assert letter.upstream_id == "2"
    assert json.loads(letter.raw) == {"id": 2, "identificacao": {"x": 1}}


@pytest.mark.parametrize("number", ["não informado", "7914763;", "9" * 65, "", None])
async def test_a_row_whose_id_is_no_number_may_be_any(liar: Liar, reader: SenadoSource, number: str | None) -> None:
    """A list that does not name each of its rows says of no bill that it is missing."""
    liar.answers = {"/processo": lambda _: [row(1), {**row(2), "id": number}]}
    memory = Memory()
    items = await memory.read(reader, year(2024, None))
    assert [letter.upstream_id for letter in rejected(items)] == [None]
    assert memory.bills.keys() == {"1"}
    assert not any(isinstance(item, YearSeen) for item in items)


async def test_a_lone_surrogate_costs_a_character_not_a_page(liar: Liar, reader: SenadoSource) -> None:
    body = json.dumps([row(1, ementa="a\ud800b\x00c"), row(2)]).encode()
    liar.answers = {"/processo": lambda _: body, "/processo/1": lambda _: None, "/processo/2": lambda _: full(2)}
    memory = Memory()
    await memory.read(reader, year(2024))
    assert memory.bills["1"].title == "abc"
    assert [flag.code for flag in memory.bills["1"].quality_flags] == [QualityFlagCode.CHARACTERS_REMOVED]
    assert memory.bills.keys() == {"1", "2"}


async def test_a_row_whose_detail_is_gone_still_stands(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(1, at=NOW)], "/processo/1": lambda _: None}
    memory = Memory()
    items = readings(await memory.read(reader, changes(1)))
    assert [item.part for item in items] == [ReadingPart.LIST]


async def test_one_unreadable_detail_does_not_hold_up_its_year(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {
        "/processo": lambda _: [row(1), row(2)],
        "/processo/1": lambda _: 500,
        "/processo/2": lambda _: full(2),
    }
    memory = Memory()
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            await memory.read(reader, year(2024))
    assert "actions" in memory.bills["2"].model_fields_set
    (letter,) = rejected(await memory.read(reader, year(2024)))
    assert letter.upstream_id == "1"


async def test_a_row_from_a_lagging_replica_changes_nothing(liar: Liar, reader: SenadoSource) -> None:
    now = NOW - timedelta(hours=2)
    liar.answers = {"/processo": lambda _: [row(1, at=now)], "/processo/1": lambda _: full(1, at=now)}
    memory = Memory()
    await memory.read(reader, changes(1))
    old = row(1, at=now - timedelta(hours=1), situacaoAtual="AGUARDANDO DESPACHO")
    liar.answers["/processo"] = lambda _: [old]
    assert await memory.read(reader, changes(1)) == []
