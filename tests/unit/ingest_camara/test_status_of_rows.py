"""The same rule for a row, which has only the last entry, and for a detail with its history."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.bill import SubResources, from_bulk_row, from_detail
from ingest_camara.normalizer.marks import row_mark
from ingest_camara.wire.bill_records import Status
from legis.domain.bill import Bill
from legis.domain.vocabulary import ActionKind, BillStatus, StatusBasis, StatusReason

Make = Callable[..., Any]
NOW = datetime(2025, 6, 1, tzinfo=UTC)
SILENT = {"codSituacao": None, "descricaoSituacao": None}


def flags(bill: Bill) -> dict[tuple[str, str], str | None]:
    return {(flag.code.value, flag.field): flag.detail for flag in bill.quality_flags}


def of_row(bulk_row: Make, code: str, text: str, situation: str = "", said: str = "", **cells: str) -> Bill:
    return from_bulk_row(
        bulk_row(
            ultimoStatus_idTipoTramitacao=code,
            ultimoStatus_descricaoTramitacao="",
            ultimoStatus_sequencia="1",
            ultimoStatus_despacho=text,
            ultimoStatus_idSituacao=situation,
            ultimoStatus_descricaoSituacao=said,
            **cells,
        ),
        fetched_at=NOW,
    )


@pytest.mark.parametrize(
    ("code", "text", "status", "basis"),
    [
        ("502", "Ao Arquivo - Memorando nº 113/06 - CCP", "ARCHIVED", "ACTION_CODE"),
        ("180", "Ao arquivo - Guia 22", "ARCHIVED", "ACTION_TEXT"),
        ("5", "TRANSFORMADO NO PROJETO DE DECRETO LEGISLATIVO 142/70. DCN1", "TRANSFORMED", "ACTION_TEXT"),
        ("5", "TRANSFORMADO NA LEI 1457/51. DOFC 16 10 51.", "ENACTED", "ACTION_TEXT"),
        ("251", "Transformado na Lei Ordinária 14790/2023. DOU 30/12/23", "ENACTED", "ACTION_CODE"),
        ("129", "APENSE-SE A MSC 544/96.", "JOINED", "ACTION_CODE"),
        ("640", "Indeferido o pedido de desarquivamento desta proposição.", "ARCHIVED", "ACTION_TEXT"),
        ("100", "Apresentação do Parecer de Comissão pela Comissão de Finanças", "INTRODUCED", "ACTION_CODE"),
        ("1010", "Devolução à CCP", "IN_PROGRESS", "ACTION_CODE"),
        ("250", "Retirado de pauta, de ofício.", "AWAITING_DELIBERATION", "ACTION_CODE"),
        ("5", "PREJUDICADA PELO ENCERRAMENTO DOS TRABALHOS DA REVISÃO", "MOOT", "ACTION_TEXT"),
        ("5", "", "UNKNOWN", "NONE"),
    ],
)
def test_a_row_without_a_situation(bulk_row: Make, code: str, text: str, status: str, basis: str) -> None:
    bill = of_row(bulk_row, code, text)
    assert (bill.status, bill.status_basis) == (BillStatus(status), StatusBasis(basis))
    assert (("STATUS_MISSING", "status") in flags(bill)) == (status == "UNKNOWN")


def test_a_row_of_a_law_whose_situation_is_stale(bulk_row: Make) -> None:
    letter = "Recebido Ofício nº 61/2024-CN que comunica a promulgação de partes vetadas do PL 1/2023."
    for code, text in (("100", letter), ("1012", "Transformado na Lei Ordinária 14790/2023. DOU"), ("180", letter)):
        bill = of_row(bulk_row, code, text, "1293", "Aguardando Envio ao Senado Federal")
        assert (bill.status, bill.in_progress) == (BillStatus.ENACTED, False), code
        assert flags(bill)["STATUS_STALE", "status"] == "Aguardando Envio ao Senado Federal, though it became law"


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        ("502", "Arquivado nos termos do Artigo 105 do Regimento Interno", "END_OF_LEGISLATURE"),
        ("1024", "Arquivado.", "REJECTED_IN_COMMITTEE"),
        ("502", "Arquivado nos termos do § 4º do artigo 164 do RICD (prejudicialidade).", "MOOT"),
        ("240", "Aprovada a Mensagem nº 57, que solicita a retirada de tramitação desta", "WITHDRAWN_BY_AUTHOR"),
        ("502", "TRANSFORMADO NO PL 12/70.", "TRANSFORMED"),
        ("604", "Encaminhada à publicação.", None),
    ],
)  # fmt: skip
def test_what_arquivada_hides(bulk_row: Make, code: str, text: str, reason: str | None) -> None:
    bill = of_row(bulk_row, code, text, "923", "Arquivada")
    assert (bill.status, bill.status_basis, bill.in_progress) == (BillStatus.ARCHIVED, StatusBasis.SITUATION, False)
    assert bill.status_reason == (None if reason is None else StatusReason(reason))


def test_a_request_for_information_that_was_answered(bulk_row: Make) -> None:
    text = "Recebimento de resposta conforme Ofício nº 12/2023, do Ministério da Saúde"
    for situation, said in (("923", "Arquivada"), ("1285", "Tramitação Finalizada"), ("", "")):
        bill = of_row(bulk_row, "162", text, situation, said, siglaTipo="RIC", codTipo="148")
        assert (bill.status, bill.in_progress) == (BillStatus.ANSWERED, False)
    waiting = of_row(bulk_row, "604", "Publicação", "921", "Aguardando Resposta", siglaTipo="INC", codTipo="133")
    assert (waiting.status, waiting.in_progress) == (BillStatus.AWAITING_ANSWER, True)


def test_a_situation_older_than_the_last_action_is_flagged_and_kept(bulk_row: Make) -> None:
    bill = of_row(bulk_row, "502", "Arquivado nos termos do Artigo 105 do RICD", "924", "Pronta para Pauta")
    assert bill.status is BillStatus.READY_FOR_AGENDA
    assert flags(bill)["STATUS_STALE", "status"] == "Pronta para Pauta, though its last action says ARCHIVED"


def test_the_history_tells_what_the_last_entry_does_not(detail: Make) -> None:
    rows = [
        {"sequencia": 1, "codTipoTramitacao": "502", "despacho": "Arquivado nos termos do Artigo 105 do RICD"},
        {"sequencia": 2, "codTipoTramitacao": "604", "despacho": "Publicação no DCD."},
    ]
    last = {**SILENT, "sequencia": 2, "codTipoTramitacao": "604", "despacho": "Publicação no DCD."}
    parts = SubResources(proceedings=[Status.model_validate(row) for row in rows])
    whole, alone = from_detail(detail(status=last), parts), from_detail(detail(status=last))
    assert (whole.status, whole.status_basis) == (BillStatus.ARCHIVED, StatusBasis.ACTION_CODE)
    assert alone.status is BillStatus.IN_PROGRESS
    assert row_mark(whole) == row_mark(alone), "a row could not know better"


def test_a_bill_that_goes_with_a_main_bill(detail: Make) -> None:
    main = "https://dadosabertos.camara.leg.br/api/v2/proposicoes/2330749"
    status = {**SILENT, "codTipoTramitacao": "604", "despacho": "Encaminhada à publicação."}
    bill = from_detail(detail(status=status, uriPropPrincipal=main))
    assert (bill.status, bill.status_basis, bill.in_progress) == (BillStatus.JOINED, StatusBasis.RELATION, True)
    paper = from_detail(detail(status=status, uriPropPrincipal=main, siglaTipo="PRL", codTipo=190))
    assert paper.status is BillStatus.IN_PROGRESS


def test_another_bill_joined_to_this_one_does_not_join_it(detail: Make) -> None:
    status = {**SILENT, "codTipoTramitacao": "504", "despacho": "Apense-se a este(a) o(a) PL-7878/2010."}
    bill = from_detail(detail(status=status))
    assert bill.status is not BillStatus.JOINED
    assert bill.latest_action is not None
    assert bill.latest_action.kind is ActionKind.NOTIFIED


@pytest.mark.parametrize(
    ("at", "flag"),
    [
        ("2025-06-05T10:00", None),
        ("2025-12-06T10:00", "DATE_IN_FUTURE"),
        ("1194-05-20T10:00", "DATE_IMPOSSIBLE"),
        ("2025-02-01T10:00", "DATE_IMPOSSIBLE"),
        ("2025-02-30T10:00", "DATE_UNREADABLE"),
    ],
)
def test_days_of_a_status_that_cannot_be(detail: Make, at: str, flag: str | None) -> None:
    bill = from_detail(detail(status={"dataHora": at}), fetched_at=NOW)  # introduced on 2025-02-03
    assert [code for code, field in flags(bill) if field == "status_on"] == ([flag] if flag else [])


def test_a_type_that_does_not_belong_to_its_code(detail: Make) -> None:
    bill = from_detail(detail(siglaTipo="MESA", codTipo=148))
    assert flags(bill)["TYPE_CONFLICT", "type_code"] == "codTipo 148 is RIC, not MESA"
    assert ("TYPE_CONFLICT", "type_code") not in flags(from_detail(detail()))
