"""The history is whole, in order, and every entry says what it did."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_senado.vocabulary.actions import action_kind
from legis.domain.bill import Bill
from legis.domain.vocabulary import ActionKind, DocumentKind, QualityFlagCode

Read = Callable[[dict[str, Any]], Bill]


def test_reports_and_dispatches_stand_in_order(detail: dict[str, Any], read_detail: Read) -> None:
    bill = read_detail(detail)
    assert [(a.kind, a.kind_code, a.date) for a in bill.actions] == [
        (ActionKind.INTRODUCED, "INFORME", date(2025, 2, 3)),
        (ActionKind.DISPATCHED, "DESPACHO", date(2025, 2, 20)),
        (ActionKind.RAPPORTEUR_DESIGNATED, "INFORME", date(2025, 3, 10)),
    ]
    assert bill.latest_action == bill.actions[-1]
    assert bill.actions[0].at == datetime(2025, 2, 3, 13, 38, 56, tzinfo=UTC)
    assert bill.actions[1].at is None
    assert (bill.actions[2].status_code, bill.actions[2].status_text) == ("RELATOR", "MATÉRIA COM A RELATORIA")


def test_the_body_that_has_the_bill(detail: dict[str, Any], read_detail: Read) -> None:
    holder = read_detail(detail).organization
    assert holder is not None
    assert (holder.code, holder.acronym) == ("34", "CCJ")


def test_documents_stand_with_their_action(detail: dict[str, Any], read_detail: Read) -> None:
    (document,) = read_detail(detail).actions[0].documents
    assert document.kind is DocumentKind.ACTION_TEXT
    assert document.url == "https://legis.senado.leg.br/sdleg-getter/documento?dm=9500009"
    assert document.published_on == date(2025, 2, 3)


def test_every_filing_is_read(detail: dict[str, Any], read_detail: Read) -> None:
    second = {
        "numero": 2,
        "siglaColegiadoControleAtual": "CAE",
        "informesLegislativos": {"id": 2200003, "data": "2025-04-01 09:00:00", "descricao": "Recebido na comissão."},
    }
    detail["autuacoes"].insert(0, second)
    bill = read_detail(detail)
    assert [a.upstream_id for a in bill.actions if a.kind_code == "INFORME"] == ["2200001", "2200002", "2200003"]
    assert bill.organization is not None
    assert bill.organization.acronym == "CCJ"


def test_a_situation_told_by_no_report_becomes_an_action(detail: dict[str, Any], read_detail: Read) -> None:
    detail["autuacoes"][0]["situacoes"].append(
        {"sigla": "PEDVISTA", "descricao": "PEDIDO DE VISTA CONCEDIDO", "inicio": "2025-05-02"}
    )
    added = [a for a in read_detail(detail).actions if a.kind_code == "SITUACAO"]
    assert [(a.kind, a.date, a.status_text) for a in added] == [
        (ActionKind.REQUEST, date(2025, 5, 2), "PEDIDO DE VISTA CONCEDIDO")
    ]


def test_only_movements_that_no_report_tells_become_actions(detail: dict[str, Any], read_detail: Read) -> None:
    told = {"id": 1, "dataEnvio": "2025-03-10 10:00:00", "dataRecebimento": "2025-03-10 10:30:00",
            "enteDestino": {"sigla": "SACCJ"}, "colegiadoDestino": {"sigla": "CCJ"}}  # fmt: skip
    silent = {
        "id": 2,
        "dataEnvio": "2025-06-01 10:00:00",
        "enteDestino": {"id": 9, "sigla": "COARQ", "nome": "Arquivo"},
    }
    detail["autuacoes"][0]["movimentacoes"] = [told, silent]
    bill = read_detail(detail)
    moved = [a for a in bill.actions if a.kind is ActionKind.TRANSFERRED]
    assert [(a.upstream_id, a.organization.acronym if a.organization else None) for a in moved] == [("2", "COARQ")]
    assert [m["id"] for m in bill.extras["movimentacoes"]] == [1, 2]


def test_a_cancelled_dispatch_is_marked(detail: dict[str, Any], read_detail: Read) -> None:
    detail["despachos"][0]["cancelado"] = "Sim"
    (dispatch,) = [a for a in read_detail(detail).actions if a.kind is ActionKind.DISPATCHED]
    assert dispatch.kind_code == "DESPACHO CANCELADO"


def test_a_time_that_came_twice_is_flagged(detail: dict[str, Any], read_detail: Read) -> None:
    detail["autuacoes"][0]["informesLegislativos"][0]["data"] = "2019-02-16 23:30:00"
    flags = {(f.code, f.field) for f in read_detail(detail).quality_flags}
    assert (QualityFlagCode.TIME_AMBIGUOUS, "actions") in flags


@pytest.mark.parametrize(
    ("text", "situation", "kind"),
    [
        ("Autuada a Proposta de Emenda à Constituição nº 1/2024. A proposta vai à publicação", "AGDESP", "INTRODUCED"),
        ("A matéria vai à CCJ.", "MATDESP", "REFERRED"),
        ("Matéria aguardando distribuição.", "AGDREL", "RECEIVED"),
        ("(Sessão realizada) Rejeitado o requerimento. Aprovada a proposta em segundo turno.", "APRVD", "APPROVED"),
        ("Distribuído ao Senador Fulano, para emitir relatório.", None, "RAPPORTEUR_DESIGNATED"),
        ("Recebidas as emendas nºs 1 e 2.", None, "AMENDMENT"),
        ("Recebido o relatório do Senador Fulano.", None, "OPINION"),
        ("Apresentado o Requerimento nº 12.", None, "REQUEST"),
        ("Incluída em ordem do dia da sessão de amanhã.", None, "SCHEDULED"),
        ("Remetido Ofício SF nº 12 ao Primeiro-Secretário da Câmara.", None, "NOTIFIED"),
        ("Encaminhado à publicação.", None, "PUBLISHED"),
        ("Juntei, às 11h56, a carta do sindicato.", None, "DOCUMENT_ISSUED"),
        ("Transformada em norma jurídica.", "TNJR", "ENACTED"),
        ("Qualquer texto.", "TNJRVETO", "PARTIALLY_VETOED"),
        ("Texto sem sinal algum.", None, "OTHER"),
        (None, None, "OTHER"),
        (None, "SITUAÇÃO NOVA", "OTHER"),
    ],
)
def test_what_an_entry_did(text: str | None, situation: str | None, kind: str) -> None:
    assert action_kind(text, situation) is ActionKind(kind)
