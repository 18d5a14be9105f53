"""What the Senado source makes of broken answers about people, votings and agendas."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from contract.senado_source.lying import Liar, row, voting
from contract.senado_source.reading import NOW, Memory, record_readings, rejected, schedule, settings, upstream
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.record_windows import RecordWindows
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.vote_event_record import OrientationOption
from legis.domain.vocabulary import QualityFlagCode
from legis.errors import UpstreamSchemaChanged, UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import Item, RecordsSeen

SENATOR = {"CodigoParlamentar": "5672", "NomeParlamentar": "Alan Rick", "EmailParlamentar": "sen@senado.leg.br"}
ROW = {"IdentificacaoParlamentar": SENATOR, "Mandato": {"DescricaoParticipacao": "Titular", "UfParlamentar": "AC"}}
BODY = {"Codigo": "34", "Sigla": "CCJ", "Nome": "Comissão", "SiglaCasa": "SF", "DescricaoTipoColegiado": "Conselho"}
MEETING = {"codigo": "7", "codigoSituacao": "1", "dataInicio": "2026-11-25T10:00:00.000",
           "colegiados": {"codigo": "34", "sigla": "CCJ", "siglaCasa": "SF"}}  # fmt: skip
SESSION = {"CodigoSessao": "9", "Casa": "SF", "Data": "2026-11-24", "Hora": "14:00", "SituacaoSessao": "Agendada",
           "PautaConfirmada": "Não"}  # fmt: skip

MISFITS = [{"local": "Anexo"}] * 5


def envelope(root: str, outer: str, inner: str, rows: Any) -> dict[str, Any]:
    return {root: {"Metadados": {"Versao": "1"}, outer: {inner: rows}}}


def people() -> dict[str, Any]:
    """Answers with one senator, one body and no bloc, by path."""
    of_senator = {"Codigo": "5672", "Nome": "Alan Rick"}
    lists = {"mandatos": "MandatoParlamentar", "filiacoes": "FiliacaoParlamentar", "cargos": "CargoParlamentar",
             "comissoes": "MembroComissaoParlamentar", "licencas": "LicencaParlamentar"}  # fmt: skip
    return {
        "/comissao/lista/colegiados": envelope("ListaColegiados", "Colegiados", "Colegiado", BODY),
        "/composicao/lista/blocos": {"ListaBlocoParlamentar": {"Metadados": {}}},
        "/composicao/mesaSF": None,
        "/composicao/mesaCN": None,
        "/senador/lista/atual": envelope("ListaParlamentarEmExercicio", "Parlamentares", "Parlamentar", ROW),
        "/senador/afastados": {"AfastamentoAtual": {"Metadados": {}}},
        "/senador/lista/legislatura/57": {"ListaParlamentarLegislatura": {"Metadados": {}}},
        "/senador/5672": {"DetalheParlamentar": {"Parlamentar": {"IdentificacaoParlamentar": SENATOR}}},
        "/composicao/lideranca": [],
        **{f"/senador/5672/{name}": {root: {"Parlamentar": of_senator}} for name, root in lists.items()},
    }


def agenda() -> dict[str, Any]:
    """Answers with one meeting and one session, by path; the session is in the list from its month's first day on."""
    sessions = envelope("AgendaPlenario", "Sessoes", "Sessao", SESSION)
    nothing = {"AgendaPlenario": {"Metadados": {}}}
    return {
        "/comissao/agenda/20261116/20261215": envelope("AgendaReuniao", "reunioes", "reuniao", MEETING),
        "/comissao/agenda/20261216/20261223": {"AgendaReuniao": {"Metadados": {}}},
        "/plenario/agenda/mes/20261116": sessions,
        "/plenario/agenda/mes/20261201": nothing,
        "/plenario/resultado/mes/20261116": {"ResultadoPlenario": {"Metadados": {}}},
    }


def script(liar: Liar, answers: dict[str, Any]) -> None:
    liar.answers = {path: (lambda _, content=content: content) for path, content in answers.items()}


@pytest.fixture
async def walker(liar: Liar) -> AsyncIterator[SenadoSource]:
    found = settings(liar.base)
    timetable = replace(schedule(), records=RecordWindows.of(found))
    walking = SenadoSource(found, upstream(liar.base), timetable, clock=lambda: NOW)
    yield walking
    await walking.close()


async def read(source: SenadoSource, walk: Walk, memory: Memory | None = None) -> list[Item]:
    window = source.next_window(walk, None, NOW)
    assert window is not None
    return await (memory or Memory()).read(source, window)


def seen(items: list[Item]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for item in items:
        if isinstance(item, RecordsSeen):
            found.setdefault(item.prefix, []).append(item.ids)
    return found


async def test_the_answers_that_are_then_broken_are_sound(liar: Liar, walker: SenadoSource) -> None:
    script(liar, people() | agenda() | {"/votacao": [voting(5, 1)]})
    memory = Memory()
    items = [one for walk in (Walk.PEOPLE, Walk.AGENDA, Walk.VOTINGS) for one in await read(walker, walk, memory)]
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
    liar: Liar, walker: SenadoSource, path: str
) -> None:
    root = next(iter(people()[path]))
    script(liar, people() | {path: {root: {"Metadados": {}}}})
    with pytest.raises(UpstreamUnavailable, match="without rows, twice"):
        await read(walker, Walk.PEOPLE)
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
    liar: Liar, walker: SenadoSource, walk: Walk, path: str, broken: dict[str, Any]
) -> None:
    """Taken for an empty list, it would end the window as if there were nothing."""
    script(liar, people() | agenda() | {path: broken})
    with pytest.raises(UpstreamSchemaChanged):
        await read(walker, walk)


async def test_a_cut_answer_fails_the_window(liar: Liar, walker: SenadoSource) -> None:
    script(liar, agenda() | {"/comissao/agenda/20261116/20261215": b'{"AgendaReuniao": {"reunioes": {"reuniao": ['})
    with pytest.raises(UpstreamUnavailable):
        await read(walker, Walk.AGENDA)


async def test_a_bad_row_is_a_dead_letter_without_what_is_private(liar: Liar, walker: SenadoSource) -> None:
    bad = {"IdentificacaoParlamentar": {**SENATOR, "CodigoParlamentar": "x"}, "Mandato": ROW["Mandato"]}
    both = envelope("ListaParlamentarEmExercicio", "Parlamentares", "Parlamentar", [ROW, bad])
    script(liar, people() | {"/senador/lista/atual": both})
    (letter,) = rejected(await read(walker, Walk.PEOPLE))
    assert b"Alan Rick" in letter.raw
    assert b"@" not in letter.raw


async def test_a_list_with_a_bad_row_does_not_say_what_is_missing(liar: Liar, walker: SenadoSource) -> None:
    bad = {"dataInicio": "2026-11-26T10:00:00.000"}
    meetings = envelope("AgendaReuniao", "reunioes", "reuniao", [MEETING, bad])
    votings = [voting(5, 1), {"idProcesso": 1}]
    script(liar, people() | agenda() | {"/comissao/agenda/20261116/20261215": meetings, "/votacao": votings})
    lists = seen(await read(walker, Walk.AGENDA))
    assert lists == {"senado-meeting-": [()], "senado-session-": [("senado-session-9",), ()]}
    assert seen(await read(walker, Walk.VOTINGS)) == {}


async def test_a_bad_row_of_a_senators_list_is_kept_and_the_list_not_claimed(liar: Liar, walker: SenadoSource) -> None:
    seats = {"MembroComissaoParlamentar": {"Parlamentar": {"MembroComissoes": {"Comissao": [{"DataInicio": "2020"}]}}}}
    script(liar, people() | {"/senador/5672/comissoes": seats})
    memory = Memory()
    items = await read(walker, Walk.PEOPLE, memory)
    assert len(rejected(items)) == 1
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert person.memberships.keys() == {"terms", "parties", "offices", "leaves", "leadership"}


async def test_another_senators_answer_is_refused(liar: Liar, walker: SenadoSource) -> None:
    other = {"DetalheParlamentar": {"Parlamentar": {"IdentificacaoParlamentar": {**SENATOR, "CodigoParlamentar": "1"}}}}
    script(liar, people() | {"/senador/5672": other})
    items = await read(walker, Walk.PEOPLE)
    assert [letter.upstream_id for letter in rejected(items)] == ["senado-senator-5672"]
    assert "senado-senator-1" not in {one.record.id for one in record_readings(items)}


async def test_unreadable_days_are_flagged_and_unknown_words_kept(liar: Liar, walker: SenadoSource) -> None:
    odd = {**MEETING, "dataInicio": "amanhã", "codigoSituacao": "77", "situacao": "Em estudo"}
    script(
        liar, agenda() | {"/comissao/agenda/20261116/20261215": envelope("AgendaReuniao", "reunioes", "reuniao", odd)}
    )
    found = {one.record.id: one.record for one in record_readings(await read(walker, Walk.AGENDA))}
    event = found["senado-meeting-7"]
    assert [flag.code.value for flag in event.flags] == ["DATE_UNREADABLE"]
    assert (event.status.value, event.status_text) == ("UNKNOWN", "Em estudo")  # type: ignore[union-attr]


async def test_a_list_without_its_senator_is_no_answer(liar: Liar, walker: SenadoSource) -> None:
    script(liar, people() | {"/senador/5672/licencas": {"LicencaParlamentar": {"Metadados": {}}}})
    memory = Memory()
    await read(walker, Walk.PEOPLE, memory)
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert "leaves" not in person.memberships
    assert "offices" in person.memberships


@pytest.mark.parametrize(("began", "joined"), [("2026-11-10T16:00:00", True), ("2026-10-10T16:00:00", False)])
async def test_orientations_of_another_day_are_not_joined(
    liar: Liar, walker: SenadoSource, began: str, joined: bool
) -> None:
    orientation = {
        "sequencialVotacao": 4235,
        "dataInicioVotacao": began,
        "orientacoesLideranca": [{"partido": "PT", "voto": "SIM"}],
    }
    path = "/plenario/votacao/orientacaoBancada/20261101/20261124"
    script(liar, people() | {"/votacao": [voting(5, 1, sequencialVotacao=4235)], path: {"votacoes": [orientation]}})
    memory = Memory()
    await read(walker, Walk.VOTINGS, memory)
    assert ("orientations" in memory.records["senado-vote-5"].model_fields_set) is joined


async def test_orientations_on_which_the_code_fails_cost_one_voting(
    liar: Liar, walker: SenadoSource, monkeypatch: pytest.MonkeyPatch
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
    items = await read(walker, Walk.VOTINGS, memory)
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
    liar: Liar, walker: SenadoSource, walk: Walk, path: str, broken: Any, our_id: str
) -> None:
    """A bare number is taken for that of a process, whose reading would then resolve the letter."""
    script(liar, people() | agenda() | {path: broken})
    assert [letter.upstream_id for letter in rejected(await read(walker, walk))] == [our_id]


async def test_a_row_of_which_no_record_can_be_made_has_our_id(
    liar: Liar, walker: SenadoSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest_senado.normalizer.events.is_moved", {}.__getitem__)
    odd = {**MEETING, "codigo": "35", "codigoSituacao": None, "situacao": "Cancelada"}
    meetings = envelope("AgendaReuniao", "reunioes", "reuniao", [MEETING, odd])
    script(liar, agenda() | {"/comissao/agenda/20261116/20261215": meetings})
    monkeypatch.setattr("ingest_senado.normalizer.events.moved_pairs", lambda rows, sighting: {})
    assert [letter.upstream_id for letter in rejected(await read(walker, Walk.AGENDA))] == ["senado-meeting-35"]


async def test_a_result_that_does_not_fit_takes_no_outcomes_away(liar: Liar, walker: SenadoSource) -> None:
    """Without its result a session would be read as one of which nothing came."""
    held = [{**SESSION, "CodigoSessao": code, "Data": "2026-11-20"} for code in ("9", "35")]
    script(
        liar,
        agenda()
        | {"/plenario/agenda/mes/20261116": envelope("AgendaPlenario", "Sessoes", "Sessao", held)}
        | {"/plenario/resultado/mes/20261116": RESULTS},
    )
    memory = Memory()
    items = await read(walker, Walk.AGENDA, memory)
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
    liar: Liar, walker: SenadoSource, answer: Any
) -> None:
    script(liar, matters(1, 2))
    look_up(liar, {1: answer})
    memory = Memory()
    await read(walker, Walk.AGENDA, memory)
    assert bills_of(memory) == {"matter-1": (), "matter-2": ("senado-102",)}
    (flag,) = memory.records["senado-session-9"].flags
    assert (flag.code, flag.field) == (QualityFlagCode.LIST_IN_DOUBT, "agenda[matter-1].bill_ids")
    look_up(liar, {})
    await read(walker, Walk.AGENDA, memory)
    assert bills_of(memory) == {"matter-1": ("senado-101",), "matter-2": ("senado-102",)}
    assert memory.records["senado-session-9"].flags == ()
    assert liar.count("codigoMateria=2") == 1, "it is known"


async def test_an_unanswered_matter_keeps_its_bill(liar: Liar, walker: SenadoSource) -> None:
    """After a restart no process is known here, while the store has them all."""
    script(liar, matters(1, 2))
    look_up(liar, {})
    memory = Memory()
    await read(walker, Walk.AGENDA, memory)
    known = bills_of(memory)
    found = settings(liar.base)
    timetable = replace(schedule(), records=RecordWindows.of(found))
    restarted = SenadoSource(found, upstream(liar.base), timetable, clock=lambda: NOW)
    look_up(liar, {1: 400})
    try:
        await read(restarted, Walk.AGENDA, memory)
    finally:
        await restarted.close()
    assert bills_of(memory) == known
    assert len(memory.records["senado-session-9"].flags) == 1


async def test_no_more_matters_are_asked_for_where_none_is_answered(liar: Liar, walker: SenadoSource) -> None:
    script(liar, matters(*range(1, 9)))
    look_up(liar, dict.fromkeys(range(1, 9), 400))
    memory = Memory()
    await read(walker, Walk.AGENDA, memory)
    assert liar.count("codigoMateria=") == 4
    assert len(memory.records["senado-session-9"].flags) == 8, "those that were not asked for are not known either"


async def test_odd_characters_of_a_plain_list_cost_only_themselves(liar: Liar, walker: SenadoSource) -> None:
    leads = {"codigo": 1, "codigoParlamentar": 5672, "descricaoTipoLideranca": "L\u00edder\x00\ud83d", "casa": "SF"}
    script(liar, people() | {"/composicao/lideranca": [leads]})
    memory = Memory()
    items = await read(walker, Walk.PEOPLE, memory)
    assert rejected(items) == []
    person = memory.records["senado-senator-5672"]
    assert isinstance(person, LegislatorRecord)
    assert [one.role for one in person.memberships["leadership"]] == ["L\u00edder"]
