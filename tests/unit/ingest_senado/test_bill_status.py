"""A law is a law in a list row and in its detail, and a detail without a situation is read by its history."""

from collections.abc import Callable
from typing import Any

import pytest
from ingest_senado.vocabulary.actions import action_kind
from ingest_senado.vocabulary.statuses import bill_status
from legis.domain.bill import Bill
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ActionKind, BillStatus, StatusBasis, StatusReason

Read = Callable[[dict[str, Any]], Bill]
SITUATION = ("situacaoAtual", "siglaSituacaoAtual", "dataSituacaoAtual")


def silent(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in SITUATION} | {"tramitando": "Não"} | changes


def test_a_law_without_a_situation(
    row: dict[str, Any], detail: dict[str, Any], read_row: Read, read_detail: Read
) -> None:
    norm = {"siglaTipo": "LCP", "tipo": "Lei Complementar", "numero": 228, "anoAssinatura": "2026"}
    listed = read_row(silent(row, normaGerada="Lei Complementar nº 228 de 19/03/2026"))
    full = read_detail(silent(detail, normaGerada=norm))
    for bill in (listed, full):
        assert (bill.status, bill.status_basis, bill.in_progress) == (BillStatus.ENACTED, StatusBasis.ENACTMENT, False)
        assert bill.quality_flags == ()
    assert full.enactment is not None
    assert full.enactment.title == "Lei Complementar nº 228, de 2026"
    shared = listed.model_fields_set & full.model_fields_set - {"extras"}
    assert fingerprint(listed, shared) == fingerprint(full, shared)


@pytest.mark.parametrize(
    ("norm", "title"),
    [
        ({"siglaTipo": "LEI-n", "tipo": "Lei", "numero": "15000", "anoAssinatura": 2026}, "Lei nº 15.000, de 2026"),
        ({"siglaTipo": "LEI", "numero": 9, "anoAssinatura": None}, "LEI nº 9"),
        ({"tipo": "Lei", "anoAssinatura": 2026}, None),
        ({"tipo": "Lei", "numero": 1, "descricao": "Lei nº 1, de 2026"}, "Lei nº 1, de 2026"),
    ],
)
def test_titles_of_norms(detail: dict[str, Any], read_detail: Read, norm: dict[str, Any], title: str | None) -> None:
    detail["normaGerada"] = norm
    enactment = read_detail(detail).enactment
    assert enactment is not None
    assert enactment.title == title


def test_a_norm_beats_a_stale_situation(row: dict[str, Any], read_row: Read) -> None:
    row |= {"situacaoAtual": "REMETIDA À SANÇÃO", "normaGerada": "Lei nº 15.000 de 2026"}
    bill = read_row(row)
    assert (bill.status, bill.in_progress, bill.status_text) == (BillStatus.ENACTED, False, "REMETIDA À SANÇÃO")
    assert [(f.code, f.detail) for f in bill.quality_flags] == [
        ("STATUS_STALE", "REMETIDA À SANÇÃO, though it became law")
    ]


def test_a_row_that_says_nothing_claims_no_status(row: dict[str, Any], read_row: Read) -> None:
    bill = read_row(silent(row))
    assert not bill.model_fields_set & {"status", "status_basis", "status_reason"}
    assert ("STATUS_MISSING", "status") in {(flag.code, flag.field) for flag in bill.quality_flags}


def test_a_detail_that_says_nothing_is_read_by_its_history(detail: dict[str, Any], read_detail: Read) -> None:
    detail["autuacoes"][0]["situacoes"].append(
        {"sigla": "RTPA", "descricao": "RETIRADA PELO AUTOR", "inicio": "2025-05-02", "fim": "2025-05-03"}
    )
    bill = read_detail(silent(detail))
    assert (bill.status, bill.status_basis) == (BillStatus.WITHDRAWN, StatusBasis.ACTION_CODE)


def test_why_it_was_archived(row: dict[str, Any], read_row: Read) -> None:
    row["situacaoAtual"] = "ARQUIVADA AO FINAL DA LEGISLATURA"
    bill = read_row(row)
    assert (bill.status, bill.status_reason) == (BillStatus.ARCHIVED, StatusReason.END_OF_LEGISLATURE)


def test_a_day_before_any_parliament(row: dict[str, Any], read_row: Read) -> None:
    row["dataSituacaoAtual"] = "0205-03-10"
    assert ("DATE_IMPOSSIBLE", "status_on") in {(flag.code, flag.field) for flag in read_row(row).quality_flags}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("AGUARDANDO INFORMAÇÕES", "AWAITING_ANSWER"),
        ("INFORMAÇÕES RECEBIDAS", "ANSWERED"),
        ("TRAMITAÇÃO ENCERRADA", "ARCHIVED"),
        ("AUTUAÇÃO FINALIZADA", "ARCHIVED"),
    ],
)
def test_situations(text: str, status: str) -> None:
    assert bill_status(text) is BillStatus(status)


@pytest.mark.parametrize(
    ("text", "sign", "kind"),
    [
        ("Qualquer texto.", "PRJDA", "MOOT"),
        ("Qualquer texto.", "INFREC", "ANSWERED"),
        ("Declarada a prejudicialidade da matéria.", None, "MOOT"),
        ("Prejudicado o requerimento.", None, "OTHER"),
        ("Lido o Requerimento nº 3, solicitando o desarquivamento da matéria.", None, "REQUEST"),
        ("Desarquivada a matéria.", None, "UNARCHIVED"),
        ("Devolvido pelo relator, para redistribuição.", None, "TRANSFERRED"),
        ("Devolvida ao autor, nos termos regimentais.", None, "RETURNED"),
        ("Retirada pelo autor a emenda nº 3.", None, "OTHER"),
        ("Encerrada a relatoria do Senador Fulano por deliberação da matéria.", None, "TRANSFERRED"),
        ("Este processo contém 40 folhas numeradas.", None, "DOCUMENT_ISSUED"),
    ],
)
def test_actions(text: str, sign: str | None, kind: str) -> None:
    assert action_kind(text, sign) is ActionKind(kind)
