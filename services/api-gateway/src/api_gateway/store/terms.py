"""What a bill can be filtered by, as words of its search vector: one index finds any mixture of words and filters.

A term is `=filter:value`. No word of the text parser begins with `=`, so text never meets a term, nor a prefix one.
"""

import re
from collections.abc import Iterable

from legis.domain.search_text import fold

_LONGEST = 400
"""Characters; PostgreSQL's limit for a word is 2046 bytes. What is cut is cut on both sides."""

_WORD = re.compile(r"\w+")


def term(name: str, value: object) -> str:
    """The term of one value of a filter."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"={name}:{text}"[:_LONGEST].replace("\x00", "")


def terms(**values: object) -> list[str]:
    """The terms of a bill, by filter: single values, or collections of them; None has none."""
    found: dict[str, None] = {}
    for name, value in values.items():
        several = value if isinstance(value, list | tuple) else () if value is None else (value,)
        found.update((term(name, one), None) for one in several)
    return list(found)


def name_words(names: Iterable[str]) -> list[str]:
    """The words of people's names, folded, in order and each once."""
    return list(dict.fromkeys(word for name in names for word in _WORD.findall(fold(name))))
