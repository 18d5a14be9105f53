"""What a bill can be filtered by, as words of its search vector: one index finds any mixture of words and filters.

A term is `=filter:value`. No word of the text parser begins with `=`, so text never meets a term, nor a prefix one.
"""

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from legis.domain.search_text import fold

_LONGEST = 400
"""Characters; PostgreSQL's limit for a word is 2046 bytes. What is cut is cut on both sides."""

_LONGEST_NAME = 12
"""Words; committees have names of so many."""

_SEVERAL = (list, tuple)
_WORD = re.compile(r"\w+")


@lru_cache(16_384)  # bills share all but a few of their terms
def term(name: str, value: object) -> str:
    """The term of one value of a filter."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"={name}:{text}"[:_LONGEST].replace("\x00", "")


def terms(**values: object) -> list[str]:
    """The terms of a bill, by filter: single values, or collections of them; None has none."""
    found: list[str] = []
    for name, value in values.items():
        if isinstance(value, _SEVERAL):
            found += [term(name, one) for one in value]
        elif value is not None:
            found.append(term(name, value))
    return list(dict.fromkeys(found))


def name_words(name: str) -> list[str]:
    """The words of a person's name, folded, in order and each once; what is behind the longest of names is cut off."""
    return list(dict.fromkeys(_WORD.findall(fold(name))))[:_LONGEST_NAME]


def names_searched(names: Iterable[str]) -> list[str]:
    """What names are found by: each word, and each two words of one name.

    Two words say which name they are of, and few names have both, where thousands have either.
    """
    return list(dict.fromkeys(itertools.chain.from_iterable(map(_name_searched, names))))


@lru_cache(8192)  # a few thousand people have sponsored nearly all bills
def _name_searched(name: str) -> tuple[str, ...]:
    words = name_words(name)
    return (*words, *_pairs(words))


def name_wanted(name: str) -> list[str]:
    """What of `names_searched` a name has that has all words of this one; [] for a name without words."""
    words = name_words(name)
    return list(_pairs(words)) if len(words) > 1 else words


def _pairs(words: list[str]) -> Iterable[str]:
    return (f"{one} {other}" for one, other in itertools.combinations(sorted(words), 2))
