"""Queries put together and weighed; terms that no text can be mistaken for."""

import pytest
from api_gateway.store.terms import name_wanted, name_words, names_searched, term, terms
from api_gateway.store.tsquery import NOTHING, all_of, any_of, quoted, share, wanted_parts, without_order
from legis.domain.search_text import fold

SHARES = {"a": 0.5, "b": 0.1, "c": 0.02}


def weigh(word: str, beginning: bool) -> float:
    return 0.25 if beginning else SHARES.get(word, 0.001)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("'a'", 0.5),
        ("'a' & 'b'", 0.05),
        ("'a' | 'b'", 0.55),
        ("!'a' & 'b'", 0.05),
        ("'a' & ( 'b' | 'c' )", 0.5 * (1 - 0.9 * 0.98)),
        ("'a' | 'b' & 'c'", 1 - 0.5 * (1 - 0.002)),
        ("'a' <-> 'b' & 'c'", 0.05 ** (2 / 3) * 0.1 ** (1 / 3) * 0.02),
        ("'a' <2> 'b'", 0.05 ** (2 / 3) * 0.1 ** (1 / 3)),
        ("'educ':*", 0.25),
        ("'o''neil' & 'a'", 0.0005),
        ("", 0.0),
        (NOTHING, 0.0),
    ],
)
def test_a_query_weighs_what_its_words_do(query: str, expected: float) -> None:
    assert share(query, weigh) == pytest.approx(expected)


def test_queries_are_put_together_with_every_word_quoted() -> None:
    assert quoted("d'água\\") == "'d''água\\\\'"
    assert all_of([any_of(["x", "y"]), quoted("z")]) == "( ( 'x' | 'y' ) ) & ( 'z' )"
    assert share(all_of([any_of(["a", "b"]), quoted("c")]), weigh) == pytest.approx(0.55 * 0.02)


def test_only_a_phrase_has_an_order_to_lose() -> None:
    assert without_order("'a' & 'b <-> c'") is None
    assert without_order("'a' <-> 'b' | 'c <-> d' <3> 'e'") == "'a' & 'b' | 'c <-> d' & 'e'"


def test_terms_are_of_every_value_once() -> None:
    assert terms(type=("XPTO", "OTHER"), year=2020, party=["PT", "PT"], chamber=None, in_progress=True) == [
        "=type:XPTO", "=type:OTHER", "=year:2020", "=party:PT", "=in_progress:true",
    ]  # fmt: skip
    assert len(term("subject", "x" * 3000)) == 400
    assert term("organization", "A\x00B") == "=organization:AB"


def test_names_are_found_by_their_words_and_by_two_words_of_one_name() -> None:
    words = name_words("João d'Ávila João")
    assert words == ["joao", "d", fold("Ávila")]
    assert names_searched(["Ana Lima", "Rui", "Lima Ana"]) == ["ana", "lima", "ana lima", "rui"]
    assert name_wanted("Lima, ANA") == ["ana lima"]
    assert (name_wanted("Rui"), name_wanted("...")) == (["rui"], [])
    long = " ".join(f"w{number}" for number in range(40))
    assert set(name_wanted(long)) <= set(names_searched([long]))


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("'a'", ["'a'"]),
        ("''", ["''"]),
        ("'a' & 'b':*", ["'a'", "'b':*"]),
        ("'a' <-> 'b' <2> 'c'", ["'a'", "'b'", "'c'"]),
        ("'a' & !'b'", ["'a'"]),
        ("!'a' & !'b'", ["!'a' & !'b'"]),
        ("'a' | 'b' & 'c'", ["'a' | 'b' & 'c'"]),
        ("( 'a' | 'b' ) & 'c'", ["( 'a' | 'b' )", "'c'"]),
        ("!( 'a' & 'b' ) & 'c'", ["'c'"]),
        ("'(' & ')&|!'", ["'('", "')&|!'"]),
        ("'it''s' & 'b'", ["'it''s'", "'b'"]),
    ],
)
def test_what_must_all_be_there(query: str, parts: list[str]) -> None:
    assert wanted_parts(query) == parts
