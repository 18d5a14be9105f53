"""Real inputs that were got wrong once: official code lists, a bill of the Senado, a law without a situation."""

import csv
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_camara.vocabulary.actions import kind_of
from ingest_camara.vocabulary.code_lists import read_table
from ingest_camara.vocabulary.statuses import in_progress, status_of
from ingest_senado.legacy.legacy_bill import from_materia
from ingest_senado.legacy.legacy_bill_records import MateriaDetail, unwrap
from ingest_senado.normalizer.bill import from_detail, from_list_row
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.wire.bill_records import Detail, ListRow
from legis.domain.vocabulary import ActionKind, BillStatus, StatusBasis
from material_folder import CASES

SEEN = Sighting(datetime(2026, 11, 20, tzinfo=UTC))

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the checkout")


def codes(case: str) -> dict[str, str]:
    (path,) = CASES.glob(f"{case}-*/*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {code: name for code, name in csv.reader(file, delimiter=";")}


def read(case: str, name: str) -> Any:
    (path,) = CASES.glob(f"{case}-*/{name}")
    return json.loads(path.read_text("utf-8-sig"))


def test_every_official_kind_of_proceeding_has_a_word_and_its_name() -> None:
    official = codes("01")
    ours = {row["code"]: row["name"] for row in read_table("codTipoTramitacao.csv")}
    assert len(official) == 216
    assert {code: ours[code] for code in official} == official
    nameless = [code for code in official if kind_of(code) is ActionKind.OTHER]
    assert nameless == ["5", "700"]


def test_every_official_situation_has_a_word_and_its_name() -> None:
    official = codes("02")
    ours = {row["code"]: row["name"] for row in read_table("codSituacao.csv")}
    assert len(official) == 99
    assert ours == official
    assert all(in_progress(status_of(code, name)) is not None for code, name in official.items())
    assert all(in_progress(status_of(code, official[code])) is False for code in ("1285", "1250", "1260", "941"))
    assert all(status_of(code, official[code]) is BillStatus.AWAITING_DISPATCH for code in ("1200", "1210"))
    assert all(in_progress(status_of(code, official[code])) is True for code in ("1310", "1355", "1280"))


def test_a_bill_of_2019_in_the_senado() -> None:
    record = unwrap(read("05", "detalhe.json"), "DetalheMateria")["Materia"]
    bill = from_materia(MateriaDetail.model_validate(record), "135132", SEEN)
    assert (bill.identifier, bill.status, bill.status_basis) == (
        "PL 579/2019", BillStatus.AWAITING_RAPPORTEUR, StatusBasis.SITUATION,
    )  # fmt: skip
    assert str(bill.status_on) == "2019-02-20"


def test_a_law_without_a_situation() -> None:
    (row,) = read("14", "list-row.json")
    listed = from_list_row(ListRow.model_validate(row), SEEN)
    full = from_detail(Detail.model_validate(read("14", "detail.json")), SEEN)
    for bill in (listed, full):
        assert (bill.status, bill.status_basis, bill.in_progress) == (BillStatus.ENACTED, StatusBasis.ENACTMENT, False)
    assert full.enactment is not None
    assert full.enactment.title == "Lei Complementar nº 228, de 2026"
