"""The official code lists are whole, and codes whose text decides are read by it."""

import pytest
from ingest_camara.vocabulary.actions import kind_of
from ingest_camara.vocabulary.bill_types import official_type_code
from ingest_camara.vocabulary.code_lists import read_table
from ingest_camara.vocabulary.statuses import in_progress, status_of
from legis.domain.vocabulary import ActionKind, BillStatus
from legis.telemetry.metrics import UNKNOWN_CODES


def test_every_official_code_is_there_once_and_in_order() -> None:
    for name, size in (("codTipoTramitacao.csv", 217), ("codSituacao.csv", 99)):
        codes = [int(row["code"]) for row in read_table(name)]
        assert len(codes) == size
        assert codes == sorted(set(codes))


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ("126 608 127 609 137", "SENT_FOR_SANCTION"),
        ("1235 237 238 239", "APPROVED"),
        ("1236", "REJECTED"),
        ("1231 232 233", "VOTED"),
        ("1241 1025", "WITHDRAWN"),
        ("1024 1034 1035", "ARCHIVED"),
        ("140", "UNARCHIVED"),
        ("112", "REFERRED"),
        ("321 327 328 329", "RAPPORTEUR_DESIGNATED"),
        ("323 324 326 335 337 338 339 340", "OPINION"),
        ("226 400 401", "AMENDMENT"),
        ("150 151", "SCHEDULED"),
        ("420", "REQUEST"),
        ("1020", "RETURNED"),
        ("223 227 242", "DISCUSSED"),
        ("162 1056 1057", "ANSWERED"),
        ("198 435 1240", "MOOT"),
        ("504", "NOTIFIED"),
    ],
)
def test_kinds_by_code(codes: str, kind: str) -> None:
    assert {code: kind_of(code) for code in codes.split()} == dict.fromkeys(codes.split(), ActionKind(kind))


def test_few_codes_say_nothing() -> None:
    assert [row["code"] for row in read_table("codTipoTramitacao.csv") if row["kind"] == "OTHER"] == ["5", "700"]


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("640", "Indeferido o pedido de desarquivamento desta proposição.", "REQUEST"),
        ("640", "Desarquivado nos termos do Artigo 105 do RICD.", "UNARCHIVED"),
        ("640", None, "UNARCHIVED"),
        ("504", "Apense-se a este(a) o(a) PL-12/2010.", "NOTIFIED"),
        ("504", "Apensado ao PL-12/2010.", "JOINED"),
        ("129", "Apense-se a este o PL-12/2010.", "NOTIFIED"),
        ("1243", "A matéria vai à sanção (PL 1-B/2020).", "SENT_FOR_SANCTION"),
        ("1243", "A matéria vai ao Senado Federal.", "SENT_TO_OTHER_CHAMBER"),
        ("1243", None, "TRANSFERRED"),
        ("200", "Apresentação do REQ 3/2020, pelo autor, que solicita a retirada", "REQUEST"),
        ("200", "Retirada pelo autor.", "WITHDRAWN"),
        ("502", "EXCLUA-SE DO ARQUIVAMENTO.", "UNARCHIVED"),
        ("502", "TRANSFORMADO NO PL 12/70.", "TRANSFORMED"),
        ("240", "Aprovado por Unanimidade o Parecer", "OPINION"),
        ("5", "ARQUIVADO NOS TERMOS DO REGIMENTO INTERNO.", "ARCHIVED"),
        ("5", None, "OTHER"),
        ("1010", "Devolução à CCP", "TRANSFERRED"),
        ("250", "Retirado de pauta.", "SCHEDULED"),
    ],
)
def test_kinds_by_text_where_the_code_alone_misleads(code: str, text: str | None, kind: str) -> None:
    assert kind_of(code, text) is ActionKind(kind)


def test_an_unknown_code_is_counted_and_read_by_its_text() -> None:
    before = UNKNOWN_CODES.labels("camara", "codTipoTramitacao")._value.get()
    assert kind_of("99999", "Arquivada.") is ActionKind.ARCHIVED
    assert kind_of("99999") is ActionKind.OTHER
    assert UNKNOWN_CODES.labels("camara", "codTipoTramitacao")._value.get() == before + 2


@pytest.mark.parametrize("code", ["1285", "1250", "1260", "941"])
def test_closed_situations(code: str) -> None:
    assert in_progress(status_of(code, None)) is False


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ("905 1200 1201 1210 1220 1221 1223 1381 1382", "AWAITING_DISPATCH"),
        ("1310 1355 1280", "IN_COMMITTEE"),
        ("921", "AWAITING_ANSWER"),
        ("1140", "ENACTED"),
    ],
)
def test_situations_by_code(codes: str, status: str) -> None:
    assert {status_of(code, None) for code in codes.split()} == {BillStatus(status)}


def test_a_situation_whose_code_is_new_is_read_as_its_text_is() -> None:
    for row in read_table("codSituacao.csv"):
        by_text = status_of("99999", row["name"])
        assert by_text is not BillStatus.OTHER, row
        assert in_progress(by_text) == in_progress(BillStatus(row["status"])), row


def test_types_and_their_codes() -> None:
    assert official_type_code("139", "PL") is None
    assert official_type_code("148", "MESA") == "RIC"
    assert official_type_code("497", "OF") is None
    assert official_type_code("99999", "PL") is None
    assert official_type_code(None, "PL") is None
