"""Names of bills in every spelling, and what only looks like one."""

import pytest
from api_gateway.search.language.labels import LabelQuery, label_beginnings, read_label, read_whole_label
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("PL 2630/2020", "PL 2630/2020"),
        ("pl 2.630/2020", "PL 2630/2020"),
        ("PL nº 2630, de 2020", "PL 2630/2020"),
        ("PL n. 2630 de 2020", "PL 2630/2020"),
        ("PL n.º 2.630/2020", "PL 2630/2020"),
        ("PL Nº2630/2020", "PL 2630/2020"),
        ("PL No 2630/2020.", "PL 2630/2020"),
        ("  PL   2630 / 2020 ", "PL 2630/2020"),
        ("pl2630/2020", "PL 2630/2020"),
        ("PL 2630 2020", "PL 2630/2020"),
        ("PL\u00a002630/2020", "PL 2630/2020"),
        ("PL 1234/75", "PL 1234/1975"),
        ("PL 1/29", "PL 1/2029"),
        ("pl-39-2024", "PL 39/2024"),
        ("pl-39-24", "PL 39/2024"),
        ("projeto de lei nº 1.234, de 1975", "PL 1234/1975"),
        ("Projeto de Lei Complementar 5 de 2020", "PLP 5/2020"),
        ("proposta de emenda à constituição nº 6, de 2019", "PEC 6/2019"),
        ("PEC 6/2019", "PEC 6/2019"),
        ("Projeto de Decreto Legislativo 12/2021", "PDL 12/2021"),
        ("mensagem nº 5 de 2024", "MSC 5/2024"),
        ("MPV 2217-3/2001", "MPV 2217-3/2001"),
        ("MPV 2.217-3/01", "MPV 2217-3/2001"),
        ("medida provisória nº 2.217-3, de 2001", "MPV 2217-3/2001"),
        ("P.L. 1234/75", "PL 1234/1975"),
        ("PL. 2630/2020", "PL 2630/2020"),
        ("P.E.C. 45/2019", "PEC 45/2019"),
        ("PL‑39–2024", "PL 39/2024"),
        ("MPV 2.217‒3/01", "MPV 2217-3/2001"),
        ("Medida Provisória nº 2.217-3, de 4 de setembro de 2001", "MPV 2217-3/2001"),
        ("Projeto de Lei nº 1.234, de 17 de maio de 1975", "PL 1234/1975"),
        ("PL 12, de 20/07/2026", "PL 12/2026"),
        ("projeto de lei (PL) 12/2020", "PL 12/2020"),
        ("projeto de lei da câmara dos deputados 1/2020", "PL 1/2020"),
        ("XPTO 7/2020", "XPTO 7/2020"),
        ("EMC-A 7/2020", "EMC-A 7/2020"),
    ],
)
def test_a_name_is_one_label(text: str, key: str) -> None:
    label = read_label(text)
    assert label is not None
    assert label.keys == (key,)
    assert (label.number, label.year) == (None, None)


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("PL 5/2010", ("PLS 5/2010", "PLC 5/2010")),
        ("PDC 5/2010", ("PDL 5/2010",)),
        ("PDL 5/2010", ("PDC 5/2010", "PDS 5/2010")),
        ("MP 5/2010", ("MPV 5/2010",)),
        ("M.P. 5/2010", ("MPV 5/2010", "M.P 5/2010")),
        ("P.C 5/2010", ("P.C 5/2010",)),
        ("Projeto de Lei da Câmara 5/2010", ("PL 5/2010",)),
        ("PEC 5/2010", ()),
    ],
)
def test_kinds_that_bore_the_name_in_another_time_or_house_come_behind(text: str, also: tuple[str, ...]) -> None:
    label = read_label(text)
    assert label is not None
    assert label.also == also


@pytest.mark.parametrize("text", ["39/2024", " nº 39/2024", "39 / 2024", "0039/2024", "39/24"])
def test_a_number_and_a_year_are_bills_of_every_kind(text: str) -> None:
    assert read_label(text) == LabelQuery(number=39, year=2024)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("pl 26", "PL 26"),
        ("pl26", "PL 26"),
        ("PL nº 2.6", "PL 26"),
        ("P.L. 26/75", "PL 26/75"),
        ("projeto de lei 26", "PL 26"),
        ("pl-26-20", "PL 26/20"),
        ("2630/20", "PL 2630/20"),
        ("emc-a 7", "EMC-A 7"),
    ],
)
def test_the_beginning_of_a_name_is_one_of_labels(text: str, first: str) -> None:
    assert label_beginnings(text)[0] == first


@pytest.mark.parametrize("text", ["", "2630", "educação", "educação 20 anos", "pl", "-", "pl 2630/20201"])
def test_other_texts_begin_no_label(text: str) -> None:
    assert label_beginnings(text) == ()


def test_a_year_of_two_digits_may_be_the_whole_of_it() -> None:
    assert label_beginnings("PEC 26/75") == ("PEC 26/75", "PEC 26/1975")


@pytest.mark.parametrize(
    "text",
    ["Lei nº 8.069/90", "lei 8069/1990", "Lei Complementar 95/1998", "LC 95/98", "decreto 1/2020", "art 5/1988",
     "em 10/2020", "10/12/2020", "educação", "L.C. 95/98", "PL 2630/2020 fake news", "9999999999/2020",
     "PL 9999999999/2020", "2147483648/2020", "lei 2020", "2020", "PL", "", "x" * 1000, "9" * 1000 + "/2020"],
)  # fmt: skip
def test_other_texts_name_no_bill(text: str) -> None:
    assert read_label(text) is None


def test_what_follows_the_year_belongs_to_a_whole_label() -> None:
    assert read_label("PL 458/2021 (Substitutivo-CD)") is None, "may be a query of words"
    label = read_whole_label("pl 458/2021 (Substitutivo-CD)")
    assert label is not None
    assert label.keys == ("PL 458/2021 (SUBSTITUTIVO-CD)",)
    assert read_whole_label("Lei nº 8.069/1990") is None
    assert read_whole_label("PL 9999999999/2021 A") is None


@given(st.text(max_size=40) | st.text("PLEC projeto de lei nº.,/-0123456789", max_size=40))
def test_no_text_is_an_error(text: str) -> None:
    for read in (read_label, read_whole_label):
        label = read(text)
        assert label is None or label.keys or (label.number is not None and label.year is not None)
