"""Marks the words of a title that a search asked for, over folded words, as HTML."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from legis.domain.search_text import fold

_WORD = re.compile(r"\w+")
_QUERY_WORD = re.compile(r"(?<!\w)(-?)\"?(\w+)")
_OPERATORS = frozenset({"or"})
_MIN_LENGTH = 3
_WORDS_REMEMBERED = 8192
"""Folding a word takes five times as long as all else about it, and titles use the same few thousand words."""


def highlight(text: str | None, folded_query: str) -> str | None:
    """`text` as HTML with matching words in `<mark>`; everything else is escaped. None for no text."""
    if text is None:
        return None
    wanted = {_stem(word) for word in _wanted(folded_query)}
    parts: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        if _folded_stem(match[0]) in wanted:
            parts += (html.escape(text[end : match.start()]), "<mark>", html.escape(match[0]), "</mark>")
            end = match.end()
    parts.append(html.escape(text[end:]))
    return "".join(parts)


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _folded_stem(word: str) -> str:
    return _stem(fold(word))


def _wanted(folded_query: str) -> Iterable[str]:
    for minus, word in _QUERY_WORD.findall(folded_query):
        if not minus and word not in _OPERATORS and (len(word) >= _MIN_LENGTH or word.isdigit()):
            yield word


def _stem(word: str) -> str:
    """A light stem: without a plural `s` and then without a last vowel. It only decides what is marked."""
    if len(word) > _MIN_LENGTH and word.endswith("s"):
        word = word[:-1]
    if len(word) > _MIN_LENGTH and word[-1] in "aeo":
        word = word[:-1]
    return word
