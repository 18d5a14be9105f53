"""Events as records: situations, kinds, places, times, and the keys of agenda items."""

from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.events import from_file, from_item
from ingest_camara.vocabulary.event_words import agenda_outcome, event_classification, event_status
from ingest_camara.wire.event_columns import EventBodyRow, EventRow
from ingest_camara.wire.event_records import AgendaRow, EventItem
from legis.telemetry.metrics import UNKNOWN_CODES

RAW: dict[str, Any] = {
    "id": 80001,
    "dataHoraInicio": "2026-12-02T14:00",
    "dataHoraFim": None,
    "situacao": "Convocada",
    "descricaoTipo": "Reunião Deliberativa",
    "descricao": "Discussão e Votação de Propostas\r\n",
    "localExterno": None,
    "localCamara": {"nome": "Plenário 4", "predio": "Anexo II", "sala": None, "andar": None},
    "orgaos": [{"id": 2002, "sigla": "CFT", "nome": "Comissão de Finanças"}, {"id": 180, "sigla": "PLEN", "nome": "P"}],
}


def item(**changes: Any) -> EventItem:
    return EventItem.model_validate({**RAW, **changes})


def entry(**fields: Any) -> AgendaRow:
    return AgendaRow.model_validate(fields)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Não Confirmada", "TENTATIVE"),
        ("Convocada", "CONFIRMED"),
        ("Agendada", "CONFIRMED"),
        ("Em Andamento", "IN_PROGRESS"),
        ("Encerrada (Termo)", "HELD"),
        ("Encerrada", "HELD"),
        ("Cancelada", "CANCELLED"),
        ("Suspensa", "SUSPENDED"),
        ("5   ", "CANCELLED"),
        (" 130 ", "CONFIRMED"),
        ("8", "HELD"),
        (None, "UNKNOWN"),
        ("  ", "UNKNOWN"),
    ],
)
def test_situations(text: str | None, status: str) -> None:
    assert event_status(text) == status
    assert from_item(item(situacao=text)).status == status


def test_unknown_words_are_counted_and_kept() -> None:
    before = UNKNOWN_CODES.labels("camara", "situacao")._value.get()
    record = from_item(item(situacao="Levitando"))
    assert (record.status, record.status_text) == ("UNKNOWN", "Levitando")
    assert UNKNOWN_CODES.labels("camara", "situacao")._value.get() == before + 1
    before = UNKNOWN_CODES.labels("camara", "situacaoItem")._value.get()
    assert agenda_outcome("Levitado") == "OTHER"
    assert UNKNOWN_CODES.labels("camara", "situacaoItem")._value.get() == before + 1


def test_kinds() -> None:
    kinds = {
        "Sessão Deliberativa": "SESSION", "Sessão Solene": "SESSION", "Audiência Pública": "HEARING",
        "Reunião de Instalação e Eleição": "MEETING", "Visita Técnica": "OTHER", None: "OTHER",
    }  # fmt: skip
    assert {text: event_classification(text) for text in kinds} == kinds


def test_outcomes() -> None:
    outcomes = {
        "Vista concedida": "VIEW_GRANTED", "Retirado": "WITHDRAWN", "Retirado de pauta": "WITHDRAWN",
        "Aprovado o Parecer": "APPROVED", "Rejeitado o Parecer": "REJECTED", "Não deliberado": "NOT_REACHED",
        "Adiada a Discussão": "POSTPONED", "": None, None: None,
    }  # fmt: skip
    assert {text: agenda_outcome(text) for text in outcomes} == outcomes


def test_an_event_of_the_next_weeks() -> None:
    record = from_item(item())
    assert record.start == datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
    assert record.end is None
    assert record.description == "Discussão e Votação de Propostas"
    assert record.location == "Anexo II, Plenário 4"
    assert record.organization_ids == ("camara-org-180", "camara-org-2002"), "in an order of its own"
    assert record.flags == (), "a future day is no doubt"
    assert not {"agenda", "media"} & record.model_fields_set
    assert from_item(item(localExterno="Assembleia Legislativa")).location == "Assembleia Legislativa"


def test_a_time_that_cannot_be_read_is_flagged() -> None:
    record = from_item(item(dataHoraInicio="amanhã"))
    assert record.start is None
    assert [(flag.code, flag.field) for flag in record.flags] == [("DATE_UNREADABLE", "start")]
    midnight = from_item(item(dataHoraInicio="2026-12-02T00:00"))
    assert midnight.start == datetime(2026, 12, 2, 3, 0, tzinfo=UTC)


def test_a_row_of_the_file_says_the_same() -> None:
    row = EventRow(
        "80001", "2026-12-02T14:00", "", "Convocada", "Reunião Deliberativa", RAW["descricao"], "", "Plenário 4",
        "Anexo II", "", "", "",
    )  # fmt: skip
    bodies = [EventBodyRow("80001", "180", "PLEN", "P"), EventBodyRow("80001", "2002", "CFT", "Comissão de Finanças")]
    assert from_file(row, bodies, {}) == from_item(item())
    assert "organizations" not in from_file(row, None, {}).model_fields_set
    assert from_file(row, None, {"nova": "x"}).extras == {"eventos": {"nova": "x"}}


def test_items_are_known_by_their_bill_or_their_title() -> None:
    rows = [
        entry(
            ordem=1, proposicao_={"id": 5, "siglaTipo": "PL", "numero": 1, "ano": 2025}, situacaoItem="Vista concedida"
        ),
        entry(ordem=2, proposicao_={"id": 5, "siglaTipo": "PL", "numero": 1, "ano": 2025}, titulo="PL 1/2025"),
        entry(ordem=3, titulo="Eleição do  Presidente"),
        entry(ordem=4, titulo="Eleição do Presidente"),
    ]
    agenda = from_item(item(), rows).agenda
    assert [one.key for one in agenda] == ["5", "5#2", "eleicao do presidente", "eleicao do presidente#2"]
    assert [one.bill_ids for one in agenda] == [("camara-5",), ("camara-5",), (), ()]
    assert [one.outcome for one in agenda] == ["VIEW_GRANTED", None, None, None]
    assert agenda[0].identifier == "PL 1/2025"


def test_an_item_about_another_bill_has_both() -> None:
    (new,) = from_item(item(), [entry(proposicao_={"id": 9}, proposicaoRelacionada_={"id": 5})]).agenda
    assert new.bill_ids == ("camara-9", "camara-5")
    address = "https://dadosabertos.camara.leg.br/api/v2/proposicoes/5"
    (old,) = from_item(item(), [entry(proposicao_={"id": 9}, uriProposicaoRelacionada=address)]).agenda
    assert old.bill_ids == ("camara-9", "camara-5")
    (none,) = from_item(item(), [entry(proposicao_={"id": 9}, proposicaoRelacionada_={"id": None})]).agenda
    assert none.bill_ids == ("camara-9",)


def test_a_rapporteur_without_contact() -> None:
    person = {"id": 77, "nome": "Fulana  de Tal", "email": "dep@camara.leg.br", "siglaPartido": "PT"}
    record = from_item(item(), [entry(titulo="x", relator=person, uriVotacao="https://h/api/v2/votacoes/5-1")])
    (found,) = record.agenda
    assert (found.rapporteur, found.rapporteur_id) == ("Fulana de Tal", "camara-deputy-77")
    assert found.vote_event_id == "camara-vote-5-1"
    assert "dep@camara" not in record.model_dump_json()


def test_fields_without_a_place_are_kept() -> None:
    record = from_item(item(nova="x", fases=[{"titulo": "Ordem do Dia"}], requerimentos=[]))
    assert record.extras == {"nova": "x", "fases": [{"titulo": "Ordem do Dia"}]}
