"""The same facts give equal values from list, yearly file and detail: nothing looks changed that is not."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.bill import from_bulk_row, from_detail, from_list_item, only_names
from ingest_camara.normalizer.marks import ROW_FIELDS, detail_mark, file_mark, row_mark, same_row
from ingest_camara.wire.bill_records import Detail
from ingest_camara.wire.bulk import BulkTheme
from legis.domain.fingerprint import fingerprint

Make = Callable[..., Any]
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def test_list_and_detail_agree_on_every_field_they_share(list_item: Make, detail: Make) -> None:
    listed, detailed = from_list_item(list_item(), fetched_at=NOW), from_detail(detail(), fetched_at=NOW)
    common = listed.model_fields_set & detailed.model_fields_set
    assert {"type_code", "number", "year", "title", "introduced_on", "introduced_at", "url"} <= common
    assert {name: getattr(listed, name) for name in common} == {name: getattr(detailed, name) for name in common}
    assert fingerprint(listed, common) == fingerprint(detailed, common)


def test_file_and_detail_agree_on_every_field_they_share(bulk_row: Make, detail: Make) -> None:
    row = from_bulk_row(bulk_row({"ultimoStatus_apreciacao": detail().statusProposicao.apreciacao}), fetched_at=NOW)
    detailed = from_detail(detail(), fetched_at=NOW)
    common = row.model_fields_set & detailed.model_fields_set
    assert {"latest_action", "status", "keywords", "rapporteurs", "documents", "conclusive", "regime_text"} <= common
    assert {name: getattr(row, name) for name in common} == {name: getattr(detailed, name) for name in common}
    assert fingerprint(row, common) == fingerprint(detailed, common)


def test_yearly_json_is_read_like_a_detail(raw_detail: Make, detail: Make) -> None:
    raw = raw_detail()
    status = raw.pop("statusProposicao")
    renamed = {"dataHora": "data", "codTipoTramitacao": "idTipoTramitacao", "codSituacao": "idSituacao"}
    raw["ultimoStatus"] = {renamed.get(name, name): value for name, value in status.items()}
    assert from_detail(Detail.model_validate(raw)) == from_detail(detail())


def test_a_detail_foretells_the_mark_of_its_row(bulk_row: Make, detail: Make) -> None:
    themes = [BulkTheme("2500001", "46", "Educação")]
    foretold = row_mark(from_detail(detail(), fetched_at=NOW))
    assert same_row(foretold, file_mark(from_bulk_row(bulk_row(), fetched_at=NOW)))
    assert same_row(foretold, file_mark(from_bulk_row(bulk_row(), None, themes, fetched_at=NOW)))
    moved = from_bulk_row(bulk_row(ultimoStatus_despacho="Outra coisa."), fetched_at=NOW)
    assert not same_row(foretold, file_mark(moved))
    assert not same_row(None, file_mark(moved))


def test_joined_files_are_part_of_a_files_mark(bulk_row: Make) -> None:
    without = file_mark(from_bulk_row(bulk_row()))
    with_theme = file_mark(from_bulk_row(bulk_row(), None, [BulkTheme("2500001", "46", "Educação")]))
    assert without != with_theme
    assert same_row(without, with_theme)


@pytest.mark.parametrize(
    "changes",
    [
        {"ementa": "Institui o dia nacional do copo d’água.  NOVA EMENTA:\tInstitui a semana da água. "},
        {"siglaTipo": "PL        "},
        {"numero": "77", "ano": "2025", "codTipo": "139"},
        {"uriPropPrincipal": ""},
        {"uriPropPrincipal": "https://dadosabertos.camara.leg.br/api/v2/proposicoes/0"},
        {"status": {"regime": "Urgência  (Art. 155, RICD)\r\n", "sequencia": "12", "codSituacao": "915"}},
        {"status": {"uriOrgao": "http://www.camara.gov.br/api/v2/orgaos/2003"}},
    ],
)
def test_spelling_does_not_change_a_bill(detail: Make, changes: dict[str, Any]) -> None:
    assert detail_mark(from_detail(detail(**changes))) == detail_mark(from_detail(detail()))


@pytest.mark.parametrize(
    "changes",
    [
        {"ementa": "Outra ementa."},
        {"numero": 78},
        {"uriPropPrincipal": "https://dadosabertos.camara.leg.br/api/v2/proposicoes/2400000"},
        {"status": {"despacho": "Outro despacho."}},
        {"status": {"codSituacao": 923, "descricaoSituacao": "Arquivada"}},
        {"keywords": "Instituição."},
    ],
)
def test_a_fact_does(detail: Make, changes: dict[str, Any]) -> None:
    before, after = from_detail(detail()), from_detail(detail(**changes))
    assert detail_mark(before) != detail_mark(after)
    assert row_mark(before) != row_mark(after)


def test_nothing_is_claimed_that_an_answer_does_not_show(list_item: Make, bulk_row: Make, detail: Make) -> None:
    assert not from_list_item(list_item()).model_fields_set & {"status", "sponsorships", "keywords", "documents"}
    row = from_bulk_row(bulk_row()).model_fields_set
    assert not row & {"sponsorships", "subjects", "actions", "scope_text", "consideration_text", "related_bills"}
    assert not from_detail(detail()).model_fields_set & {"sponsorships", "subjects", "actions", "vote_events"}
    assert row >= ROW_FIELDS - {"related_bills"}


def test_a_status_of_2021_says_nothing_of_consideration(raw_detail: Make) -> None:
    raw = raw_detail()
    raw["statusProposicao"] = {k: v for k, v in raw["statusProposicao"].items() if k != "apreciacao"}
    bill = from_detail(Detail.model_validate(raw))
    assert "conclusive" not in bill.model_fields_set
    assert bill.status == "AWAITING_OPINION"


def test_names_alone(detail: Make) -> None:
    names = only_names(from_detail(detail()))
    assert names.identifier == "PL 77/2025"
    assert not names.model_fields_set & {"status", "title", "latest_action"}
