"""A bill's type, number and year are read from its label, with all the label's known traps."""

from collections.abc import Callable
from typing import Any

import pytest
from legis.domain.bill import Bill
from legis.domain.vocabulary import BillType, QualityFlagCode

Read = Callable[[dict[str, Any]], Bill]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("PL 8/2025", (BillType.PL, "PL", 8, "8", 2025, None)),
        ("PL 458/2021 (Substitutivo-CD)", (BillType.PL, "PL", 458, "458", 2021, "Substitutivo-CD")),
        ("PEC 66/2023 (fase 2)", (BillType.PEC, "PEC", 66, "66", 2023, "fase 2")),
        ("RQS S/NRO/2003", (BillType.RQS, "RQS", None, "S/NRO", 2003, None)),
        ("MPV 2162-72/2001", (BillType.MPV, "MPV", None, "2162-72", 2001, None)),
        ("REQ 99/2019 - CCJ", (BillType.REQ, "REQ", 99, "99", 2019, "CCJ")),
        ("ATN 1/1998", (BillType.OTHER, "ATN", 1, "1", 1998, None)),
    ],
)
def test_labels(row: dict[str, Any], read_row: Read, label: str, expected: tuple[Any, ...]) -> None:
    row["identificacao"] = label
    bill = read_row(row)
    assert bill.identifier == label
    assert (
        bill.type, bill.type_code, bill.number, bill.number_text, bill.year, bill.type_variant_code
    ) == expected  # fmt: skip


def test_a_number_that_is_none_is_flagged(row: dict[str, Any], read_row: Read) -> None:
    row["identificacao"] = "RQS S/NRO/2003"
    codes = {(flag.code, flag.field) for flag in read_row(row).quality_flags}
    assert (QualityFlagCode.NUMBER_NOT_NUMERIC, "number") in codes


def test_a_number_beyond_any_column_is_no_label(row: dict[str, Any], read_row: Read) -> None:
    row["identificacao"] = "PL 99999999999/2025"
    bill = read_row(row)
    assert (bill.identifier, bill.type_code, bill.number) == ("PL 99999999999/2025", "PL", None)
    assert QualityFlagCode.VALUE_UNREADABLE in {flag.code for flag in bill.quality_flags}


def test_a_text_that_is_no_label_is_kept_and_flagged(row: dict[str, Any], read_row: Read) -> None:
    row["identificacao"] = "Documento avulso"
    bill = read_row(row)
    assert (bill.identifier, bill.type_code, bill.number, bill.year) == ("Documento avulso", "Documento", None, None)
    assert [(f.code, f.detail) for f in bill.quality_flags] == [(QualityFlagCode.VALUE_UNREADABLE, "Documento avulso")]
