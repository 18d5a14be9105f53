"""What one row that does not fit, or one matter without an answer, costs: itself, and no other."""

from typing import Any

import pytest
from contract.senado_source.lying import Liar, row, voting
from contract.senado_source.reading import Memory, rejected
from contract.senado_source.record_answers import (
    BODY,
    MEETING,
    SESSION,
    agenda,
    envelope,
    people,
    read,
    script,
    seen,
    walking,
)
from ingest_senado.source.adapter import SenadoSource
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.vote_event_record import OrientationOption
from legis.domain.vocabulary import QualityFlagCode
from legis.events import Walk


async def test_orientations_on_which_the_code_fails_cost_one_voting(
    liar: Liar, record_reader: SenadoSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"SIM": OrientationOption.YES}
    monkeypatch.setattr("ingest_senado.normalizer.vote_events.orientation_option", lambda text: options[text])
    rows = [
        {"sequencialVotacao": number, "dataInicioVotacao": "2026-11-10T16:00:00",
         "orientacoesLideranca": [{"partido": "PT", "voto": word}]}
        for number, word in ((1, "SIM"), (2, "?"))
    ]  # fmt: skip
    path = "/plenario/votacao/orientacaoBancada/20261101/20261124"
    votings = [voting(5, 1, sequencialVotacao=1), voting(6, 1, sequencialVotacao=2)]
    script(liar, people() | {"/votacao": votings, path: {"votacoes": rows}})
    memory = Memory()
    items = await read(record_reader, Walk.VOTINGS, memory)
    assert [letter.upstream_id for letter in rejected(items)] == [None], "its row has the number of no record"
    told = {key for key, one in memory.records.items() if "orientations" in one.model_fields_set}
    assert told == {"senado-vote-5"}


NO_TEXT: list[Any] = [{}]
BODIES = envelope("ListaColegiados", "Colegiados", "Colegiado", [BODY, {"Codigo": "35", "Sigla": NO_TEXT}])
BLOCS = envelope("ListaBlocoParlamentar", "Blocos", "Bloco", {"CodigoBloco": "35", "NomeBloco": NO_TEXT})
OFFICES = {"CargoParlamentar": {"Parlamentar": {"Cargos": {"Cargo": {"id": 35, "DataInicio": NO_TEXT}}}}}
MEETINGS = envelope("AgendaReuniao", "reunioes", "reuniao", [MEETING, {"codigo": "35", "local": NO_TEXT}])
SESSIONS = envelope("AgendaPlenario", "Sessoes", "Sessao", [SESSION, {"CodigoSessao": "35", "Casa": NO_TEXT}])
RESULTS = envelope("ResultadoPlenario", "Sessoes", "Sessao", {"codigoSessao": "35", "Itens": {"Item": [5]}})


@pytest.mark.parametrize(
    ("walk", "path", "broken", "our_id"),
    [
        (Walk.PEOPLE, "/comissao/lista/colegiados", BODIES, "senado-org-35"),
        (Walk.PEOPLE, "/composicao/lista/blocos", BLOCS, "senado-org-bloc-35"),
        (Walk.PEOPLE, "/composicao/lideranca", [{"codigo": 35}], "senado-senator-5672"),
        (Walk.PEOPLE, "/senador/5672/cargos", OFFICES, "senado-senator-5672"),
        (Walk.AGENDA, "/comissao/agenda/20261116/20261215", MEETINGS, "senado-meeting-35"),
        (Walk.AGENDA, "/plenario/agenda/mes/20261116", SESSIONS, "senado-session-35"),
        (Walk.AGENDA, "/plenario/resultado/mes/20261116", RESULTS, "senado-session-35"),
        (Walk.VOTINGS, "/votacao", [voting(5, 1), {**voting(6, 7), "votos": [5]}], "senado-vote-6"),
    ],
)
async def test_a_row_that_does_not_fit_has_our_id(
    liar: Liar, record_reader: SenadoSource, walk: Walk, path: str, broken: Any, our_id: str
) -> None:
    """A bare number is taken for that of a process, whose reading would then resolve the letter."""
    script(liar, people() | agenda() | {path: broken})
    assert [letter.upstream_id for letter in rejected(await read(record_reader, walk))] == [our_id]


async def test_a_row_of_which_no_record_can_be_made_has_our_id(
    liar: Liar, record_reader: SenadoSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest_senado.normalizer.events.is_moved", {}.__getitem__)
    odd = {**MEETING, "codigo": "35", "codigoSituacao": None, "situacao": "Cancelada"}
    meetings = envelope("AgendaReuniao", "reunioes", "reuniao", [MEETING, odd])
    script(liar, agenda() | {"/comissao/agenda/20261116/20261215": meetings})
    monkeypatch.setattr("ingest_senado.normalizer.events.moved_pairs", lambda rows, sighting: {})
    assert [letter.upstream_id for letter in rejected(await read(record_reader, Walk.AGENDA))] == ["senado-meeting-35"]


async def test_a_result_that_does_not_fit_takes_no_outcomes_away(liar: Liar, record_reader: SenadoSource) -> None:
    """Without its result a session would be read as one of which nothing came."""
    held = [{**SESSION, "CodigoSessao": code, "Data": "2026-11-20"} for code in ("9", "35")]
    script(
        liar,
        agenda()
        | {"/plenario/agenda/mes/20261116": envelope("AgendaPlenario", "Sessoes", "Sessao", held)}
        | {"/plenario/resultado/mes/20261116": RESULTS},
    )
    memory = Memory()
    items = await read(record_reader, Walk.AGENDA, memory)
    assert [letter.upstream_id for letter in rejected(items)] == ["senado-session-35"]
    assert {key for key in memory.records if "session" in key} == {"senado-session-9"}
    assert seen(items)["senado-session-"][0] == ("senado-session-35", "senado-session-9")


def matters(*codes: int) -> dict[str, Any]:
    """Answers with one session that has these matters on its agenda."""
    items = {"Materia": [{"codigoMateria": str(code), "tipoPauta": "P", "sequencialItem": code} for code in codes]}
    sessions = envelope("AgendaPlenario", "Sessoes", "Sessao", {**SESSION, "Materias": items})
    return agenda() | {"/plenario/agenda/mes/20261116": sessions}


def look_up(liar: Liar, failing: dict[int, Any]) -> None:
    """Answers for the process of each matter, whose number is a hundred more, but for those that fail."""

    def answer(request: Any) -> Any:
        code = int(request.query["codigoMateria"])
        return failing.get(code, [row(code + 100, codigoMateria=code)])

    liar.answers["/processo"] = answer


def bills_of(memory: Memory) -> dict[str, tuple[str, ...]]:
    return {item.key: item.bill_ids for item in memory.records["senado-session-9"].agenda}  # type: ignore[union-attr]


@pytest.mark.parametrize("answer", [400, 500, b"[{", [{"id": 101, "codigoMateria": 1, "identificacao": {}}], [row(9)]])
async def test_a_matter_whose_process_is_not_answered_costs_no_agenda(
    liar: Liar, record_reader: SenadoSource, answer: Any
) -> None:
    script(liar, matters(1, 2))
    look_up(liar, {1: answer})
    memory = Memory()
    await read(record_reader, Walk.AGENDA, memory)
    assert bills_of(memory) == {"matter-1": (), "matter-2": ("senado-102",)}
    (flag,) = memory.records["senado-session-9"].flags
    assert (flag.code, flag.field) == (QualityFlagCode.LIST_IN_DOUBT, "agenda[matter-1].bill_ids")
    look_up(liar, {})
    await read(record_reader, Walk.AGENDA, memory)
    assert bills_of(memory) == {"matter-1": ("senado-101",), "matter-2": ("senado-102",)}
    assert memory.records["senado-session-9"].flags == ()
    assert liar.count("codigoMateria=2") == 1, "it is known"


async def test_an_unanswered_matter_keeps_its_bill(liar: Liar, record_reader: SenadoSource) -> None:
    """After a restart no process is known here, while the store has them all."""
    script(liar, matters(1, 2))
    look_up(liar, {})
    memory = Memory()
    await read(record_reader, Walk.AGENDA, memory)
    known = bills_of(memory)
    look_up(liar, {1: 400})
    async with walking(liar) as restarted:
        await read(restarted, Walk.AGENDA, memory)
    assert bills_of(memory) == known
    assert len(memory.records["senado-session-9"].flags) == 1


async def test_no_more_matters_are_asked_for_where_none_is_answered(liar: Liar, record_reader: SenadoSource) -> None:
    script(liar, matters(*range(1, 9)))
    look_up(liar, dict.fromkeys(range(1, 9), 400))
    memory = Memory()
    await read(record_reader, Walk.AGENDA, memory)
    assert liar.count("codigoMateria=") == 4
    assert len(memory.records["senado-session-9"].flags) == 8, "those that were not asked for are not known either"


async def test_odd_characters_of_a_plain_list_cost_only_themselves(liar: Liar, record_reader: SenadoSource) -> None:
    leads = {"codigo": 1, "codigoParlamentar": 5672, "descricaoTipoLideranca": "L\u00edder\x00\ud83d", "casa": "SF"}
    script(liar, people() | {"/composicao/lideranca": [leads]})
    memory = Memory()
    items = await read(record_reader, Walk.PEOPLE, memory)
    assert rejected(items) == []
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert [one.role for one in person.memberships["leadership"]] == ["L\u00edder"]
