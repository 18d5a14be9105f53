"""Every situation of the Senado has a place in our list, or is counted as having none."""

import pytest
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.statuses import bill_status
from legis.domain.vocabulary import BillStatus, Chamber
from legis.telemetry.metrics import UNKNOWN_CODES


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("AGUARDANDO DESIGNAÇÃO DO RELATOR", "AWAITING_RAPPORTEUR"),
        ("aguardando designação do relator", "AWAITING_RAPPORTEUR"),
        ("MATÉRIA COM A RELATORIA", "AWAITING_OPINION"),
        ("PRONTA PARA A PAUTA NA COMISSÃO", "READY_FOR_AGENDA"),
        ("INCLUÍDA EM ORDEM DO DIA", "AWAITING_DELIBERATION"),
        ("CONHECIDA.", "APPROVED"),
        ("REMETIDA À CÂMARA DOS DEPUTADOS", "SENT_TO_OTHER_CHAMBER"),
        ("REMETIDA À SANÇÃO", "AWAITING_SANCTION"),
        ("TRANSFORMADA EM NORMA JURÍDICA COM VETO PARCIAL", "ENACTED"),
        ("TRANSFORMADA EM PROJETO DE LEI DE CONVERSÃO", "TRANSFORMED"),
        ("ARQUIVADA AO FINAL DA LEGISLATURA", "ARCHIVED"),
        ("DESARQUIVADA - RISF ART 332 § 1º", "IN_PROGRESS"),
        ("SEM EFICÁCIA", "EXPIRED"),
        ("RETIRADA PELO AUTOR", "WITHDRAWN"),
        ("PREJUDICADA", "MOOT"),
        # not in the table: rules
        ("TRANSFORMADA EM NORMA JURÍDICA COM VETO TOTAL REJEITADO", "ENACTED"),
        ("TRAMITANDO EM CONJUNTO COM O PL 3/2020", "JOINED"),
        ("REJEITADA PELO PLENÁRIO", "REJECTED"),
        ("AGUARDANDO SANÇÃO", "AWAITING_SANCTION"),
        ("PREJUDICADA AO FINAL DA LEGISLATURA", "MOOT"),
    ],
)
def test_texts(text: str, status: str) -> None:
    assert bill_status(text) is BillStatus(status)


def test_the_text_decides_over_the_sign() -> None:
    assert bill_status("APROVADA", "ARQVD") is BillStatus.APPROVED
    assert bill_status(None, "ARQVD") is BillStatus.ARCHIVED
    assert bill_status(None, "RJTDA(ESF)") is BillStatus.REJECTED
    assert bill_status(None, None) is BillStatus.UNKNOWN


def test_a_situation_without_a_word_is_other_and_counted() -> None:
    before = UNKNOWN_CODES.labels("senado", "status")._value.get()
    assert bill_status("ZZZ QQQ") is BillStatus.OTHER
    assert UNKNOWN_CODES.labels("senado", "status")._value.get() == before + 1


def test_yes_and_no_of_both_services() -> None:
    assert [yes_no(t) for t in ("Sim", "S", "Não", "N", None)] == [True, True, False, False, None]
    before = UNKNOWN_CODES.labels("senado", "yes_no")._value.get()
    assert yes_no("Talvez") is None
    assert UNKNOWN_CODES.labels("senado", "yes_no")._value.get() == before + 1


def test_houses() -> None:
    assert [chamber(c) for c in ("SF", "CD", "CN", "PR", None)] == [
        Chamber.SENADO, Chamber.CAMARA, Chamber.CONGRESSO, None, None,
    ]  # fmt: skip
