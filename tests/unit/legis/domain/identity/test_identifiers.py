"""Labels of bills as people and chambers write them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.identity.identifiers import BillLabel, bill_type, parse_label, print_label
from legis.domain.vocabulary import BillType

TYPES = ["PL", "PLP", "PEC", "PLN", "IAN", "P.C", "R.C", "OF.", "PR/CNMP", "RLP(R)", "EMC-A", "SPA-R"]


@pytest.mark.parametrize(
    "text",
    [
        "PL 2630/2020",
        "PL 2.630/2020",
        "pl 2630 2020",
        "pl 2630/2020",
        " PL  2630 / 2020 ",
        "PL\xa02630/2020",
        "PL2630/2020",
        "PL 02630/2020",
        "PL 2630-2020",
        "PL nº 2630/2020",
        "PL nº 2630, de 2020",
        "PL n° 2.630 de 2020",
        "PL n. 2630/2020",
        "PL no 2630 de 2020",
    ],
)
def test_spellings_of_one_label(text: str) -> None:
    assert parse_label(text) == BillLabel("PL", 2630, "2630", 2020)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("MPV 2162-72/2001", BillLabel("MPV", None, "2162-72", 2001)),
        ("RQS S/NRO/2003", BillLabel("RQS", None, "S/NRO", 2003)),
        ("RQS s/n/2003", BillLabel("RQS", None, "S/N", 2003)),
        ("REQ 13/2026 PLP10821", BillLabel("REQ", 13, "13", 2026, "PLP10821")),
        ("REQ 99/2019 - CAE", BillLabel("REQ", 99, "99", 2019, "- CAE")),
        ("PL 458/2021 (Substitutivo-CD)", BillLabel("PL", 458, "458", 2021, "(Substitutivo-CD)")),
        ("PEC 66/2023 (fase 2)", BillLabel("PEC", 66, "66", 2023, "(fase 2)")),
        ("PR/CNMP 1/2019", BillLabel("PR/CNMP", 1, "1", 2019)),
        ("PLN 3/2020", BillLabel("PLN", 3, "3", 2020)),
        ("PLN nº 3/2020", BillLabel("PLN", 3, "3", 2020)),
    ],
)
def test_official_oddities(text: str, label: BillLabel) -> None:
    assert parse_label(text) == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PL",
        "PL 2630",
        "PL 2020",
        "2630/2020",
        "PL 2630/20",
        "PL 2630/20201",
        "PL 2630/2020abc",
        "PL 2.63/2020",
        "PL 99999999999/2020",
        "Lei 8.666, de 21 de junho de 1993",
        "educação 2020 2021",
        "urn:lex:br:camara.deputados:projeto.lei;pl:2020-07-03;2630",
        "camara-2256735",
        "PL ٢٦٣٠/2020",
        "PL 2630/2020 " + "x" * 400,
    ],
)
def test_what_is_no_label(text: str) -> None:
    assert parse_label(text) is None


@given(st.sampled_from(TYPES), st.integers(1, 99_999), st.integers(1822, 2100))
def test_what_is_printed_reads_back(type_code: str, number: int, year: int) -> None:
    label = parse_label(print_label(type_code, str(number), year))
    assert label == BillLabel(type_code, number, str(number), year)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    label = parse_label(text)
    assert label is None or (label.type_code and 1000 <= label.year <= 2999)


@pytest.mark.parametrize("piece", ["a", "PL ", "1", "1.111", "-", "a-", "a/", "n", " ", "(", "PL 1/", "º", "\ud800"])
def test_hostile_text_costs_nothing(piece: str) -> None:
    started = process_time()
    parse_label(piece * 10_000)
    parse_label("PL " + piece * 60)
    parse_label((piece * 200)[:199])
    assert process_time() - started < 2, "quadratic reading takes much longer"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("PL", "2630", 2020), "PL 2630/2020"),
        (("PRL", "1", 0), "PRL 1"),
        (("PRL", "1", None), "PRL 1"),
        (("RQS", "S/NRO", 2003), "RQS S/NRO/2003"),
        (("PL", None, 2020), "PL"),
        (("PL", "", 2020), "PL"),
    ],
)
def test_printing(parts: tuple[str, str | None, int | None], text: str) -> None:
    assert print_label(*parts) == text


def test_unknown_types_are_other() -> None:
    assert bill_type("PL") is BillType.PL
    assert bill_type("P.C") is BillType.OTHER
    assert bill_type("") is BillType.OTHER
