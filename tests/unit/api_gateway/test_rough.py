"""Which terms of a filter an index is asked for, and what is then still to be told."""

from typing import Any

import pytest
from api_gateway.store.bill_filter import BillFilter, Choice, SearchText, SortKey
from api_gateway.store.frequencies import Frequencies
from api_gateway.store.match import Match
from api_gateway.store.rough import Rough

SHARES = {
    "=chamber:CAMARA": 0.8, "=type:PL": 0.4, "=party:PT": 0.6, "=state:RR": 0.01, "=in_progress:true": 0.3,
    "'saud'": 0.08, "saud": 0.08, "lei": 0.9, "energ": 0.1, "nucl": 0.01,
    "=author:ana lima": 0.002, "=author:ana maria": 0.05, "=author:lima maria": 0.01, "=author:joao": 0.2,
}  # fmt: skip


def rough(words: str | None = None, *, lean: bool = False, **asked: Any) -> Rough:
    text = None if words is None else SearchText("x")
    return Rough(Match(BillFilter(text=text, **asked), words, Frequencies(1e6, SHARES, 1e-6)), lean)


def test_nothing_asked_is_nothing_looked_up() -> None:
    found = rough()
    assert (found.terms, found.exact, found.told, found.share, found.least) == ("", True, frozenset(), 1.0, 0.0)


def test_long_lists_are_left_to_the_rows() -> None:
    found = rough(chamber=Choice(("CAMARA",)), state=Choice(("RR",)))
    assert found.terms == "( ( '=state:RR' ) )"
    assert found.told == {"state"}
    assert found.share == found.least == pytest.approx(0.01)
    assert found.exact


def test_of_nothing_narrow_the_narrowest_is_looked_up() -> None:
    assert rough(chamber=Choice(("CAMARA",)), type_code=Choice(("PL",))).told == {"type_code"}
    assert rough(chamber=Choice(("CAMARA",)), party=Choice(("PT",))).told == {"party"}, "an array is dear to look into"
    assert rough("'lei'", chamber=Choice(("CAMARA",))).told == {"chamber"}


def test_nothing_is_looked_up_where_a_range_leaves_less() -> None:
    asked = BillFilter(chamber=Choice(("CAMARA",)), changed_since=None)
    match = Match(asked, None, Frequencies(1e6, SHARES, 1e-6))
    match.__dict__["ranges"] = {SortKey.CHANGED_AT: 0.02}
    assert Rough(match).terms == ""


def test_words_that_are_left_out_are_told_later() -> None:
    found = rough("'lei'", state=Choice(("RR",)))
    assert found.terms == "( ( '=state:RR' ) )"
    assert not found.exact
    assert rough("'saud'").exact


def test_a_phrase_is_looked_up_as_words_and_told_later() -> None:
    found = rough("'energ' <-> 'nucl'")
    assert found.terms == "( 'energ' & 'nucl' )"
    assert not found.exact
    assert found.others > 0.0, "the longer list costs something too"


def test_unwanted_words_are_told_later() -> None:
    found = rough("'saud' & !'nucl'")
    assert found.terms == "( 'saud' )"
    assert not found.exact
    assert rough("!'nucl'").terms == "( !'nucl' )", "there is nothing else to look up"


def test_a_choice_of_words_is_looked_up_whole() -> None:
    found = rough("'energ' <-> 'nucl' | 'saud'")
    assert found.terms == "( 'energ' <-> 'nucl' | 'saud' )"
    assert found.exact


def test_lean_is_the_rarest_word_alone() -> None:
    found = rough("'energ' <-> 'nucl' & 'saud'", lean=True, state=Choice(("RR",)))
    assert found.terms in ("( 'nucl' )", "( ( '=state:RR' ) )")
    assert (found.least, found.others) == (pytest.approx(0.01), 0.0)
    assert not found.exact
    assert rough("'saud'", lean=True).exact


def test_of_a_name_all_words_are_looked_up() -> None:
    found = rough(author=Choice(("ana maria lima",)))
    assert found.terms == "( ( ( '=author:ana lima' ) & ( '=author:ana maria' ) & ( '=author:lima maria' ) ) )"
    assert found.share == pytest.approx(0.002)
    assert found.exact
    assert rough(author=Choice(("ana lima",))).exact


def test_of_a_name_the_two_rarest_words_are_the_least_to_look_up() -> None:
    found = rough(lean=True, author=Choice(("ana maria lima",)))
    assert found.terms == "( ( '=author:ana lima' ) )"
    assert found.share == pytest.approx(0.002)
    assert not found.exact, "an Ana Lima may have no Maria"
    assert rough(lean=True, author=Choice(("ana lima",))).exact
    several = rough(lean=True, author=Choice(("ana maria lima", "joao")))
    assert several.terms == "( ( '=author:ana lima' | '=author:joao' ) )"


def test_an_unwanted_sponsor_is_told_later() -> None:
    assert not rough(author=Choice((), ("joao",)), state=Choice(("RR",))).exact


def test_a_name_without_words_finds_nothing() -> None:
    assert rough(author=Choice(("!!",))).terms == "( ( '' ) )"
