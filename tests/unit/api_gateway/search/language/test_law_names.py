"""How names of laws are read, and under which keys a bill is found by the norm that it became."""

from typing import Any

import pytest
from api_gateway.search.language.law_names import law_keys, read_law


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Lei 14.811/2024", "LEI 14811/2024"),
        ("lei nº 14811, de 12 de janeiro de 2024", "LEI 14811/2024"),
        ("LEI N. 14.811 DE 1º DE JANEIRO DE 2024.", "LEI 14811/2024"),
        ("Lei nº 15.471 de 20/07/2026", "LEI 15471/2026"),
        ("Lei Ordinária 14811/2024", "LEI 14811/2024"),
        ("lei 8112/90", "LEI 8112/1990"),
        ("lei 14.811", "LEI 14811"),
        ("lei 9.055-A/1995", None),
        ("lei 9055-A/1995", "LEI 9055-A/1995"),
        ("lei 9055–A/1995", "LEI 9055-A/1995"),
        ("Lei  Complementar nº 228, de 2026", "LC 228/2026"),
        ("LC 228/2026", "LC 228/2026"),
        ("lcp 228", "LC 228"),
        ("Emenda Constitucional nº 132, de 2023", "EC 132/2023"),
        ("EC 132", "EC 132"),
        ("Decreto Legislativo 12/2020", "DLG 12/2020"),
        ("Lei Delegada nº 4/62", "LDL 4/1962"),
        ("urn:lex:br:federal:lei:2024-01-12;14811", "LEI 14811/2024"),
        ("URN:LEX:BR:federal:lei.complementar:2026;228@2026-03-19", "LC 228/2026"),
        ("PL 2630/2020", None),
        ("projeto de lei 2630/2020", None),
        ("lei da ficha limpa", None),
        ("lei 8.112 e 9.784", None),
        ("lei", None),
        ("8.112/1990", None),
        ("lei 1" + "0" * 300, None),
    ],
)
def test_the_name_of_a_law_is_read(text: str, key: str | None) -> None:
    assert read_law(text) == key


@pytest.mark.parametrize(
    ("enactment", "keys"),
    [
        ({"type_code": "LEI-n", "number": "13752", "year": 2018, "title": None}, ("LEI 13752/2018", "LEI 13752")),
        ({"title": "Lei Complementar nº 228 de 19/03/2026"}, ("LC 228/2026", "LC 228")),
        ({"title": "Lei Ordinária 14811/2024", "number": "14811", "year": 2024}, ("LEI 14811/2024", "LEI 14811")),
        ({"title": "LEI 1457/51", "number": "1457", "year": 1951}, ("LEI 1457/1951", "LEI 1457")),
        ({"type_code": "EMC-n", "number": "132", "year": 2023}, ("EC 132/2023", "EC 132")),
        ({"type_code": "LEI-n", "number": "14.811"}, ("LEI 14811",)),
        ({"type_code": "RSF", "number": "12", "year": 2020}, ()),
        ({"signed_on": "2024-04-01"}, ()),
        (None, ()),
    ],
)
def test_a_bill_is_found_by_the_norm_that_it_became(enactment: dict[str, Any] | None, keys: tuple[str, ...]) -> None:
    assert law_keys(enactment) == keys


def test_a_name_without_a_year_finds_the_law_of_every_year() -> None:
    assert read_law("lei 14.811") in law_keys({"title": "Lei nº 14.811, de 2024"})
