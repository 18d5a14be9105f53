"""Words of one name: found in whatever order, however many names a bill has, and never from two of them."""

import random

from api_gateway.search.filtering.bill_filter import Sort
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.results import count, ordered_page
from search.small_index import plain_bill, state_of

WORDS = tuple(letter * 3 for letter in "abcdefghijkl")


def test_all_words_of_one_name_must_meet_however_frequent_each_is() -> None:
    dice = random.Random(2)
    names = {n: _names(dice) for n in range(1, 401)}
    # how often a word occurs decides when Tantivy looks at it, so that it goes through a name in any order
    for place, word in enumerate(dice.sample(WORDS, len(WORDS))):
        names |= {1000 + 50 * place + n: {frozenset({word})} for n in range(place * 3)}
    people = {n: [{"name": " ".join(name)} for name in found] for n, found in names.items()}
    state = state_of(plain_bill(n, record={"sponsorships": found}) for n, found in people.items())
    for _ in range(300):
        words = set(dice.sample(WORDS, dice.choice((2, 3, 4, 5, 6, 7, 8, 9, 12))))
        asked = read_filter({"author": [" ".join(words)]})
        expected = sum(any(words <= name for name in found) for found in names.values())
        shown = len(ordered_page(state, asked, Sort(), 2000, None).hits)
        counted = count(state, state.compiler.filter(asked).query)  # counted another way than it is listed
        assert (shown, counted) == (expected, expected), words


def _names(dice: random.Random) -> set[frozenset[str]]:
    return {frozenset(dice.sample(WORDS, dice.choice((1, 2, 3, 6, 9, 12)))) for _ in range(dice.choice((1, 2, 3, 6)))}
