"""Type, number, year, title and day of introduction, with the traps that upstream's data hold."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.bill import from_bulk_row, from_detail, from_list_item
from legis.domain.bill import Bill
from legis.domain.vocabulary import BillType, Chamber

Make = Callable[..., Any]
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def flags(bill: Bill) -> set[tuple[str, str]]:
    return {(flag.code.value, flag.field) for flag in bill.quality_flags}


def test_a_plain_bill(detail: Make) -> None:
    bill = from_detail(detail(), fetched_at=NOW)
    assert (bill.id, bill.identifier, bill.type) == ("camara-2500001", "PL 77/2025", BillType.PL)
    assert (bill.chamber, bill.number, bill.number_text, bill.year) == (Chamber.CAMARA, 77, "77", 2025)
    assert bill.type_variant_code == "139"
    assert bill.url == "https://www.camara.leg.br/proposicoesWeb/fichadetramitacao?idProposicao=2500001"
    assert bill.title == "Institui o dia nacional do copo d’água. NOVA EMENTA: Institui a semana da água."
    assert bill.abstract is None
    assert "abstract" in bill.model_fields_set
    assert bill.introduced_on == date(2025, 2, 3)
    assert bill.introduced_at == datetime(2025, 2, 3, 14, 46, tzinfo=UTC)  # Brasília is three hours behind
    assert bill.quality_flags == ()


def test_year_zero_is_no_year(list_item: Make) -> None:
    bill = from_list_item(list_item(siglaTipo="PRL", numero=1, ano=0))
    assert (bill.year, bill.identifier) == (None, "PRL 1")
    assert ("YEAR_MISSING", "year") in flags(bill)


@pytest.mark.parametrize(
    ("ano", "flag"), [("MCMXC", "VALUE_UNREADABLE"), (12, "VALUE_UNREADABLE"), (None, "YEAR_MISSING")]
)
def test_other_years_that_are_none(list_item: Make, ano: Any, flag: str) -> None:
    bill = from_list_item(list_item(ano=ano))
    assert bill.year is None
    assert (flag, "year") in flags(bill)


@pytest.mark.parametrize("numero", ["12-A", "S/N", "9" * 12])
def test_a_number_that_is_none_is_kept_as_text(list_item: Make, numero: str) -> None:
    bill = from_list_item(list_item(numero=numero))
    assert (bill.number, bill.number_text) == (None, numero)
    assert bill.identifier == f"PL {numero}/2025"
    assert ("NUMBER_NOT_NUMERIC", "number") in flags(bill)


def test_types_unknown_to_us_are_kept(list_item: Make) -> None:
    for code in ("P.C", "RLP(R)", "EMC-A", "XYZ"):
        bill = from_list_item(list_item(siglaTipo=code, codTipo=None))
        assert (bill.type, bill.type_code) == (BillType.OTHER, code)
        assert bill.quality_flags == ()


def test_an_empty_type_is_flagged(list_item: Make) -> None:
    bill = from_list_item(list_item(siglaTipo=None))
    assert (bill.type, bill.type_code, bill.identifier) == (BillType.OTHER, "", "77/2025")
    assert ("TYPE_UNKNOWN", "type_code") in flags(bill)


@pytest.mark.parametrize("title", [None, "", " \r\n "])
def test_an_empty_title_is_flagged(list_item: Make, title: str | None) -> None:
    bill = from_list_item(list_item(ementa=title))
    assert bill.title is None
    assert ("TITLE_MISSING", "title") in flags(bill)


def test_characters_that_no_database_holds_are_removed(list_item: Make) -> None:
    bill = from_list_item(list_item(ementa="água\x00 e \ud800sal"))
    assert bill.title == "água e sal"
    assert ("CHARACTERS_REMOVED", "title") in flags(bill)


def test_midnight_means_that_only_the_day_is_known(list_item: Make) -> None:
    bill = from_list_item(list_item(dataApresentacao="2025-06-17T00:00"))
    assert (bill.introduced_on, bill.introduced_at) == (date(2025, 6, 17), None)


def test_files_add_seconds_that_no_other_answer_has(bulk_row: Make) -> None:
    bill = from_bulk_row(bulk_row(dataApresentacao="2025-02-03T00:00:40"))
    assert bill.introduced_at is None
    bill = from_bulk_row(bulk_row(dataApresentacao="2025-02-03T11:46:59"))
    assert bill.introduced_at == datetime(2025, 2, 3, 14, 46, tzinfo=UTC)


def test_the_list_of_before_november_2025_has_no_day(list_item: Make) -> None:
    item = list_item()
    older = type(item).model_validate({k: v for k, v in item.model_dump().items() if k != "dataApresentacao"})
    assert "introduced_on" not in from_list_item(older).model_fields_set


def test_dates_far_ahead_are_flagged_and_near_ones_not(list_item: Make) -> None:
    assert ("DATE_IN_FUTURE", "introduced_on") in flags(
        from_list_item(list_item(dataApresentacao="2025-12-06T10:00"), fetched_at=NOW)
    )
    assert from_list_item(list_item(dataApresentacao="2025-06-07T10:00"), fetched_at=NOW).quality_flags == ()


@pytest.mark.parametrize("text", ["0000-13-45T99:99", "amanhã", "2025-02-30T10:00"])
def test_dates_that_are_none_are_flagged(list_item: Make, text: str) -> None:
    bill = from_list_item(list_item(dataApresentacao=text))
    assert bill.introduced_on is None
    assert ("DATE_UNREADABLE", "introduced_on") in flags(bill)


def test_a_time_that_came_twice_is_flagged(list_item: Make) -> None:
    bill = from_list_item(list_item(dataApresentacao="2018-02-17T23:30"))  # clocks went back that midnight
    assert bill.introduced_at == datetime(2018, 2, 18, 1, 30, tzinfo=UTC)
    assert ("TIME_AMBIGUOUS", "introduced_on") in flags(bill)


@pytest.mark.parametrize(
    "zoned", ["2025-02-03T11:46Z", "2025-02-03T11:46:00Z", "2025-02-03T11:46:00-03:00", "2025-02-03T11:46+00:00"]
)
def test_a_time_with_a_zone_is_not_read_as_that_of_brasilia(list_item: Make, zoned: str) -> None:
    bill = from_list_item(list_item(dataApresentacao=zoned))
    assert (bill.introduced_at, bill.introduced_on) == (None, None)
    assert ("DATE_UNREADABLE", "introduced_on") in flags(bill)


@pytest.mark.parametrize("written", ["2025-02-03T11:46", "2025-02-03T11:46:59", " 2025-02-03T11:46:59.5 "])
def test_seconds_are_left_out(list_item: Make, written: str) -> None:
    bill = from_list_item(list_item(dataApresentacao=written))
    assert bill.introduced_at == datetime(2025, 2, 3, 14, 46, tzinfo=UTC)
    assert from_list_item(list_item(dataApresentacao="2025-02-03T00:00:30")).introduced_at is None, "no time is given"
