"""Situation, latest action, history, and the law that a bill became."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.bill import SubResources, from_bulk_row, from_detail
from ingest_camara.wire.bill_records import Status
from legis.domain.bill import Bill
from legis.domain.vocabulary import ActionKind, BillStatus

Make = Callable[..., Any]


def flags(bill: Bill) -> set[tuple[str, str]]:
    return {(flag.code.value, flag.field) for flag in bill.quality_flags}


def test_the_latest_action_and_where_the_bill_is(detail: Make) -> None:
    bill = from_detail(detail())
    action = bill.latest_action
    assert action is not None
    assert (action.date, action.at) == (date(2025, 5, 20), datetime(2025, 5, 20, 17, 5, tzinfo=UTC))
    assert (action.order, action.kind, action.kind_code) == (12, ActionKind.RAPPORTEUR_DESIGNATED, "320")
    assert action.description == "Designada Relatora, Dep. Fulana de Tal."
    assert bill.organization is not None
    assert (bill.organization.code, bill.organization.acronym) == ("2003", "CCJC")
    assert (bill.status, bill.status_code, bill.in_progress) == (BillStatus.AWAITING_OPINION, "915", True)
    assert bill.status_on == date(2025, 5, 20)
    assert bill.rapporteurs[0].legislator_id == "200001"
    assert (bill.scope_text, bill.regime_text, bill.conclusive) == ("Regimental", "Urgência (Art. 155, RICD)", True)


def test_a_dot_is_no_regime(detail: Make) -> None:
    bill = from_detail(detail(status={"regime": "."}))
    assert bill.regime_text is None
    assert "regime_text" in bill.model_fields_set


@pytest.mark.parametrize(
    ("text", "conclusive"),
    [("Proposição Sujeita à Apreciação do Plenário", False), ("Indefinida", None), ("Anulada", None), (None, None)],
)
def test_consideration(detail: Make, text: str | None, conclusive: bool | None) -> None:
    bill = from_detail(detail(status={"apreciacao": text}))
    assert (bill.consideration_text, bill.conclusive) == (text, conclusive)


@pytest.mark.parametrize(
    ("code", "text", "status", "in_progress"),
    [
        (923, "Arquivada", BillStatus.ARCHIVED, False),
        (1140, "Transformado em Norma Jurídica", BillStatus.ENACTED, False),
        (1230, "Transformado em nova proposição", BillStatus.TRANSFORMED, False),
        (926, "Aguardando Apreciação pelo Senado Federal", BillStatus.SENT_TO_OTHER_CHAMBER, True),
        (99, "Pronta para Pauta no Plenário", BillStatus.READY_FOR_AGENDA, True),
        (4242, "Aguardando Providência Nova", BillStatus.IN_PROGRESS, True),
        (4243, "Alguma coisa", BillStatus.OTHER, None),
        (None, "Retirado pelo(a) Autor(a)", BillStatus.WITHDRAWN, False),
    ],
)
def test_situations(detail: Make, code: int | None, text: str, status: BillStatus, in_progress: bool | None) -> None:
    bill = from_detail(detail(status={"codSituacao": code, "descricaoSituacao": text}))
    assert (bill.status, bill.in_progress, bill.status_text) == (status, in_progress, text)


def test_no_situation_is_flagged(detail: Make) -> None:
    nothing = {"codSituacao": None, "descricaoSituacao": None, "codTipoTramitacao": "5", "despacho": None}
    bill = from_detail(detail(status=nothing))
    assert (bill.status, bill.in_progress) == (BillStatus.UNKNOWN, None)
    assert ("STATUS_MISSING", "status") in flags(bill)
    assert from_detail(detail(status=None)).status is BillStatus.UNKNOWN


LAW = {
    "codTipoTramitacao": "251",
    "descricaoTramitacao": "Transformação em Norma Jurídica",
    "despacho": "Transformado na Lei Complementar 219/2025. DOU 30/09/2025 PÁG 01 COL 01.",
    "codSituacao": 1293,
    "descricaoSituacao": "Aguardando Envio ao Senado Federal",
}


def test_a_stale_situation_does_not_hide_a_law(detail: Make) -> None:
    bill = from_detail(detail(status=LAW))
    assert (bill.status, bill.in_progress) == (BillStatus.ENACTED, False)
    assert bill.status_text == "Aguardando Envio ao Senado Federal"
    assert ("STATUS_STALE", "status") in flags(bill)
    assert bill.enactment is not None
    assert (bill.enactment.title, bill.enactment.number, bill.enactment.year) == (
        "Lei Complementar 219/2025",
        "219",
        2025,
    )


def test_a_law_deeper_in_the_history_counts_too(detail: Make) -> None:
    rows = [
        Status.model_validate({**LAW, "sequencia": 5}),
        Status.model_validate({"sequencia": 6, "despacho": "Ofício."}),
    ]
    bill = from_detail(detail(), SubResources(proceedings=rows))
    assert bill.status is BillStatus.ENACTED
    assert ("STATUS_STALE", "status") in flags(bill)
    assert bill.enactment is not None


def test_a_new_bill_out_of_an_old_one_is_no_law(detail: Make) -> None:
    status = {"codTipoTramitacao": "469", "codSituacao": 1230, "despacho": "Transformado no PL 12/2025."}
    bill = from_detail(detail(status=status))
    assert (bill.status, bill.enactment) == (BillStatus.TRANSFORMED, None)
    assert bill.latest_action is not None
    assert bill.latest_action.kind is ActionKind.TRANSFORMED


@pytest.mark.parametrize(
    ("text", "day", "title", "number", "year"),
    [
        ("TRANSFORMADO NA LEI 1457/51. DOFC 16 10 51.", "1951-10-16", "LEI 1457/51", "1457", 1951),
        ("TRANSFORMADO NA LEI 10.123/01.", "2001-01-05", "LEI 10.123/01", "10123", 2001),
        ("TRANSFORMADO NA LEI 1531-B/1951. DOFC", "1952-01-05", "LEI 1531-B/1951", "1531-B", 1951),
        ("TRANSFORMADO NO DECRETO LEGISLATIVO 15/93.", "1993-07-15", "DECRETO LEGISLATIVO 15/93", "15", 1993),
        (
            "Transformado na Emenda Constitucional 133/2024. DOU",
            "2024-08-23",
            "Emenda Constitucional 133/2024",
            "133",
            2024,
        ),
        (
            "TRANSFORMADO NA RESOLUÇÃO DA CÂMARA DOS DEPUTADOS 503/1954. DCN1",
            "1954-08-05",
            "RESOLUÇÃO DA CÂMARA DOS DEPUTADOS 503/1954",
            "503",
            1954,
        ),
    ],
)
def test_norms(bulk_row: Make, text: str, day: str, title: str, number: str, year: int) -> None:
    cells = {"ultimoStatus_idTipoTramitacao": "251", "ultimoStatus_despacho": text, "ultimoStatus_dataHora": day}
    norm = from_bulk_row(bulk_row(**cells, ultimoStatus_idSituacao="1140")).enactment
    assert norm is not None
    assert (norm.title, norm.number, norm.year, norm.type_code) == (title, number, year, None)


@pytest.mark.parametrize("text", ["TRANSFORMADO NA RESOLUÇÃO 03, DE 23 03 81.", "OFICIO SM-109, DE 17 03 81.", ""])
def test_a_norm_that_is_not_spelled_out_is_not_guessed(detail: Make, text: str) -> None:
    assert "enactment" not in from_detail(detail(status={**LAW, "despacho": text})).model_fields_set


def test_history_in_upstreams_sequence_with_gaps_and_without(detail: Make) -> None:
    rows = [
        {"sequencia": None, "dataHora": "2025-05-22T10:00", "despacho": "Sem sequência."},
        {"sequencia": 10, "dataHora": "2025-05-21T00:00", "despacho": "Depois."},
        {"sequencia": 4, "dataHora": "2025-05-21T15:00", "despacho": "Antes."},
        {"sequencia": 10, "dataHora": None, "despacho": "Sem data."},
    ]
    parts = SubResources(proceedings=[Status.model_validate(row) for row in rows])
    actions = from_detail(detail(), parts).actions
    assert [(a.order, a.description) for a in actions] == [
        (4, "Antes."),
        (10, "Depois."),
        (10, "Sem data."),
        (None, "Sem sequência."),
    ]
    assert (actions[1].date, actions[1].at) == (date(2025, 5, 21), None)
    assert (actions[2].date, actions[2].at) == (None, None)


def test_future_dates_of_the_history_are_flagged_once(detail: Make) -> None:
    rows = [Status.model_validate({"sequencia": n, "dataHora": "2025-12-06T10:00"}) for n in (1, 2)]
    bill = from_detail(detail(), SubResources(proceedings=rows), fetched_at=datetime(2025, 6, 1, tzinfo=UTC))
    assert [(f.code, f.field) for f in bill.quality_flags] == [("DATE_IN_FUTURE", "actions")]


def test_names_of_2017_are_understood(detail: Make) -> None:
    row = Status.model_validate({"idTipoTramitacao": "100", "idSituacao": 915, "sequencia": 1})
    action = from_detail(detail(), SubResources(proceedings=[row])).actions[0]
    assert (action.kind, action.status_code) == (ActionKind.INTRODUCED, "915")


def step(day: str, name: str, order: int | None) -> Status:
    return Status.model_validate({"dataHora": f"{day}T00:00", "sequencia": order, "descricaoTramitacao": name})


def test_an_entry_without_a_place_comes_by_its_day_and_is_flagged(detail: Make) -> None:
    rows = [step("2019-03-20", "c", 3), step("2018-12-04", "b", None), step("2018-11-21", "a", 1)]
    bill = from_detail(detail(), SubResources(proceedings=rows))
    assert [entry.kind_text for entry in bill.actions] == ["a", "b", "c"]
    assert ("ORDER_MISSING", "actions") in flags(bill)
    whole = from_detail(detail(), SubResources(proceedings=[rows[0], rows[2]]))
    assert not {code for code, _ in flags(whole)} & {"ORDER_MISSING", "ORDER_CONTRADICTS"}


def test_a_sequence_that_its_days_contradict_is_flagged_and_kept(detail: Make) -> None:
    rows = [step("2019-03-20", "a", 1), step("2018-12-04", "b", 2)]
    bill = from_detail(detail(), SubResources(proceedings=rows))
    assert [entry.kind_text for entry in bill.actions] == ["a", "b"]
    assert ("ORDER_CONTRADICTS", "actions") in flags(bill)


NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("0202-02-03T11:46", "DATE_IMPOSSIBLE"),
        ("2027-02-21T09:00", "DATE_IN_FUTURE"),
        ("1800-01-01T00:00", "DATE_IMPOSSIBLE"),
    ],
)
def test_dates_that_cannot_be_are_kept_and_flagged(detail: Make, bulk_row: Make, when: str, code: str) -> None:
    shown = date.fromisoformat(when[:10])
    bill = from_detail(detail(status={"dataHora": when}, dataApresentacao=when), fetched_at=NOW)
    assert flags(bill) >= {(code, "introduced_on"), (code, "latest_action")}
    assert (bill.introduced_on, bill.status_on) == (shown, shown)
    row = from_bulk_row(bulk_row(dataApresentacao=f"{when}:00", ultimoStatus_dataHora=f"{when}:00"), fetched_at=NOW)
    assert (row.introduced_on, flags(row) >= {(code, "introduced_on"), (code, "latest_action")}) == (shown, True)


@pytest.mark.parametrize(("year", "code"), [("0202", "DATE_IMPOSSIBLE"), ("2062", "DATE_IN_FUTURE"), ("2026", None)])
def test_a_law_of_a_year_that_cannot_be(detail: Make, year: str, code: str | None) -> None:
    told = f"Transformado na Lei Ordinária 14.790/{year}"
    bill = from_detail(detail(status={"codTipoTramitacao": "251", "despacho": told}), fetched_at=NOW)
    assert bill.enactment is not None
    assert bill.enactment.year == int(year)
    assert {found for found, field in flags(bill) if field == "enactment"} == ({code} if code else set())
