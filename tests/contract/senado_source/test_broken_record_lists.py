"""What the Senado source makes of broken answers about people, votings and agendas."""

from typing import Any

import pytest
from contract.senado_source.lying import Liar, voting
from contract.senado_source.reading import Memory, record_readings, rejected
from contract.senado_source.record_answers import (
    MEETING,
    MISFITS,
    ROW,
    SENATOR,
    SESSION,
    agenda,
    envelope,
    people,
    read,
    script,
    seen,
)
from ingest_senado.source.adapter import SenadoSource
from legis.domain.records.legislator import LegislatorRecord
from legis.errors import UpstreamSchemaChanged, UpstreamUnavailable
from legis.events import Walk


async def test_the_answers_that_are_then_broken_are_sound(liar: Liar, record_reader: SenadoSource) -> None:
    script(liar, people() | agenda() | {"/votacao": [voting(5, 1)]})
    memory = Memory()
    items = [
        one for walk in (Walk.PEOPLE, Walk.AGENDA, Walk.VOTINGS) for one in await read(record_reader, walk, memory)
    ]
    assert rejected(items) == []
    assert memory.records.keys() == {
        "senado-org-34", "senado-senator-5672", "senado-meeting-7", "senado-session-9", "senado-vote-5",
    }  # fmt: skip
    assert seen(items) == {
        "senado-meeting-": [("senado-meeting-7",), ()], "senado-session-": [("senado-session-9",), ()],
        "senado-vote-": [("senado-vote-5",)],
    }  # fmt: skip
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert person.memberships["terms"] == ()
    assert person.in_office is True, "the list of today says so, though no mandate does"


@pytest.mark.parametrize("path", ["/senador/lista/atual", "/comissao/lista/colegiados"])
async def test_a_list_that_is_never_empty_is_asked_twice_and_then_fails(
    liar: Liar, record_reader: SenadoSource, path: str
) -> None:
    root = next(iter(people()[path]))
    script(liar, people() | {path: {root: {"Metadados": {}}}})
    with pytest.raises(UpstreamUnavailable, match="without rows, twice"):
        await read(record_reader, Walk.PEOPLE)
    assert liar.count(path) == 2


@pytest.mark.parametrize(
    ("walk", "path", "broken"),
    [
        (Walk.PEOPLE, "/senador/lista/atual", {"Lista": {}}),
        (Walk.PEOPLE, "/senador/lista/atual", {"ListaParlamentarEmExercicio": {"Parlamentares": {"Senador": ROW}}}),
        (Walk.PEOPLE, "/composicao/lista/blocos", {"ListaBlocoParlamentar": {"Blocos": {"Blocos": [1]}}}),
        (Walk.AGENDA, "/comissao/agenda/20261116/20261215", {"AgendaReuniao": {"reunioes": {"Reuniao": MEETING}}}),
        (Walk.AGENDA, "/plenario/agenda/mes/20261116", {"AgendaPlenario": {"Sessoes": {"Item": SESSION}}}),
        (Walk.AGENDA, "/comissao/agenda/20261116/20261215", envelope("AgendaReuniao", "reunioes", "reuniao", MISFITS)),
    ],
)  # fmt: skip
async def test_another_shape_stops_the_walk(
    liar: Liar, record_reader: SenadoSource, walk: Walk, path: str, broken: dict[str, Any]
) -> None:
    """Taken for an empty list, it would end the window as if there were nothing."""
    script(liar, people() | agenda() | {path: broken})
    with pytest.raises(UpstreamSchemaChanged):
        await read(record_reader, walk)


async def test_a_cut_answer_fails_the_window(liar: Liar, record_reader: SenadoSource) -> None:
    script(liar, agenda() | {"/comissao/agenda/20261116/20261215": b'{"AgendaReuniao": {"reunioes": {"reuniao": ['})
    with pytest.raises(UpstreamUnavailable):
        await read(record_reader, Walk.AGENDA)


async def test_a_bad_row_is_a_dead_letter_without_what_is_private(liar: Liar, record_reader: SenadoSource) -> None:
    bad = {"IdentificacaoParlamentar": {**SENATOR, "CodigoParlamentar": "x"}, "Mandato": ROW["Mandato"]}
    both = envelope("ListaParlamentarEmExercicio", "Parlamentares", "Parlamentar", [ROW, bad])
    script(liar, people() | {"/senador/lista/atual": both})
    (letter,) = rejected(await read(record_reader, Walk.PEOPLE))
    assert b"Alan Rick" in letter.raw
    assert b"@" not in letter.raw


async def test_a_list_with_a_bad_row_does_not_say_what_is_missing(liar: Liar, record_reader: SenadoSource) -> None:
    bad = {"dataInicio": "2026-11-26T10:00:00.000"}
    meetings = envelope("AgendaReuniao", "reunioes", "reuniao", [MEETING, bad])
    votings = [voting(5, 1), {"idProcesso": 1}]
    script(liar, people() | agenda() | {"/comissao/agenda/20261116/20261215": meetings, "/votacao": votings})
    lists = seen(await read(record_reader, Walk.AGENDA))
    assert lists == {"senado-meeting-": [()], "senado-session-": [("senado-session-9",), ()]}
    assert seen(await read(record_reader, Walk.VOTINGS)) == {}


async def test_a_bad_row_of_a_senators_list_is_kept_and_the_list_not_claimed(
    liar: Liar, record_reader: SenadoSource
) -> None:
    seats = {"MembroComissaoParlamentar": {"Parlamentar": {"MembroComissoes": {"Comissao": [{"DataInicio": "2020"}]}}}}
    script(liar, people() | {"/senador/5672/comissoes": seats})
    memory = Memory()
    items = await read(record_reader, Walk.PEOPLE, memory)
    assert len(rejected(items)) == 1
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert person.memberships.keys() == {"terms", "parties", "offices", "leaves", "leadership"}


async def test_another_senators_answer_is_refused(liar: Liar, record_reader: SenadoSource) -> None:
    other = {"DetalheParlamentar": {"Parlamentar": {"IdentificacaoParlamentar": {**SENATOR, "CodigoParlamentar": "1"}}}}
    script(liar, people() | {"/senador/5672": other})
    items = await read(record_reader, Walk.PEOPLE)
    assert [letter.upstream_id for letter in rejected(items)] == ["senado-senator-5672"]
    assert "senado-senator-1" not in {one.record.id for one in record_readings(items)}


async def test_unreadable_days_are_flagged_and_unknown_words_kept(liar: Liar, record_reader: SenadoSource) -> None:
    odd = {**MEETING, "dataInicio": "amanhã", "codigoSituacao": "77", "situacao": "Em estudo"}
    script(
        liar, agenda() | {"/comissao/agenda/20261116/20261215": envelope("AgendaReuniao", "reunioes", "reuniao", odd)}
    )
    found = {one.record.id: one.record for one in record_readings(await read(record_reader, Walk.AGENDA))}
    event = found["senado-meeting-7"]
    assert [flag.code.value for flag in event.flags] == ["DATE_UNREADABLE"]
    assert (event.status.value, event.status_text) == ("UNKNOWN", "Em estudo")  # type: ignore[union-attr]


async def test_a_list_without_its_senator_is_no_answer(liar: Liar, record_reader: SenadoSource) -> None:
    script(liar, people() | {"/senador/5672/licencas": {"LicencaParlamentar": {"Metadados": {}}}})
    memory = Memory()
    await read(record_reader, Walk.PEOPLE, memory)
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert "leaves" not in person.memberships
    assert "offices" in person.memberships


@pytest.mark.parametrize(("began", "joined"), [("2026-11-10T16:00:00", True), ("2026-10-10T16:00:00", False)])
async def test_orientations_of_another_day_are_not_joined(
    liar: Liar, record_reader: SenadoSource, began: str, joined: bool
) -> None:
    orientation = {
        "sequencialVotacao": 4235,
        "dataInicioVotacao": began,
        "orientacoesLideranca": [{"partido": "PT", "voto": "SIM"}],
    }
    path = "/plenario/votacao/orientacaoBancada/20261101/20261124"
    script(liar, people() | {"/votacao": [voting(5, 1, sequencialVotacao=4235)], path: {"votacoes": [orientation]}})
    memory = Memory()
    await read(record_reader, Walk.VOTINGS, memory)
    assert ("orientations" in memory.records["senado-vote-5"].model_fields_set) is joined
