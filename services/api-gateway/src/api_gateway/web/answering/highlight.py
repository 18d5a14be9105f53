"""Marks the words of a title that a search asked for, over folded words, as HTML."""

import html
import re
from functools import lru_cache

from legis.domain.search_text import fold

_WORDS = re.compile(r"(\w+)")
_SPECIAL = re.compile("[&<>\"']")
_QUERY_WORD = re.compile(r"(?<!\w)(-?)\"?(\w+)")
_OPERATORS = frozenset({"or"})
_MIN_LENGTH = 3
_WORDS_REMEMBERED = 8192
"""Folding a word takes five times as long as all else about it, and titles use the same few thousand words."""

_QUERIES_REMEMBERED = 64
"""Those whose pages are being put together."""


def highlight(text: str | None, folded_query: str) -> str | None:
    """`text` as HTML with matching words in `<mark>`; everything else is escaped. None for no text."""
    if text is None:
        return None
    wanted = _wanted(folded_query)
    parts = _WORDS.split(text)
    if _SPECIAL.search(text):
        parts = list(map(html.escape, parts))
    for place in range(1, len(parts), 2):
        if _folded_stem(parts[place]) in wanted:
            parts[place] = f"<mark>{parts[place]}</mark>"
    return "".join(parts)


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _folded_stem(word: str) -> str:
    return _stem(fold(word))


@lru_cache(maxsize=_QUERIES_REMEMBERED)
def _wanted(folded_query: str) -> frozenset[str]:
    words = [word for minus, word in _QUERY_WORD.findall(folded_query) if not minus and word not in _OPERATORS]
    return frozenset(_stem(word) for word in words if len(word) >= _MIN_LENGTH or word.isdigit())


def _stem(word: str) -> str:
    """A light stem: without a plural `s` and then without a last vowel. It only decides what is marked."""
    if len(word) > _MIN_LENGTH and word.endswith("s"):
        word = word[:-1]
    if len(word) > _MIN_LENGTH and word[-1] in "aeo":
        word = word[:-1]
    return word
