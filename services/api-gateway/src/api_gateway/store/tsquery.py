"""Text search queries as PostgreSQL writes them: put together from terms and words, and weighed."""

import re
from collections.abc import Callable, Iterable

NOTHING = "''"
"""Matches no bill, like a query of stop words alone."""

_TOKEN = re.compile(r"('(?:[^']|'')*')(:[*A-D]+)?|(<(?:-|\d+)>|[&|!()])")
_PHRASE = re.compile(r"<(?:-|\d+)>")
_LITERAL = re.compile(r"'(?:[^']|'')*'")

_CHANCE = 2 / 3
"""Words of a phrase meet more often than by chance (1), and less often than always (0)."""

Weigh = Callable[[str, bool], float]
"""The share of bills that have a word; the second argument says that it is only the beginning of one."""


def quoted(word: str) -> str:
    """A word or term as it stands in a query."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(words: Iterable[str]) -> str:
    """Bills that have one of them."""
    return "( " + " | ".join(quoted(word) for word in words) + " )"


def all_of(queries: Iterable[str]) -> str:
    """Bills that match each of them; '' for none."""
    return " & ".join(f"( {query} )" for query in queries)


def without_order(query: str) -> str | None:
    """The query with its phrases as words in any order, which an index answers alone; None where it has no phrase."""
    parts = _LITERAL.split(query)
    if not any(_PHRASE.search(part) for part in parts):
        return None
    literals = [*_LITERAL.findall(query), ""]
    return "".join(_PHRASE.sub("&", part) + literal for part, literal in zip(parts, literals, strict=True))


def wanted_parts(query: str) -> list[str]:
    """What must all be there, each by itself: phrases as their words, what is unwanted left out; the whole query where
    it is a choice, or only says what is unwanted.
    """
    parts, depth, begin = [], 0, 0
    for token in _TOKEN.finditer(query):
        operator = token[3] or ""
        depth += (operator == "(") - (operator == ")")
        if depth == 0 and operator == "|":
            return [query]
        if depth == 0 and (operator == "&" or operator.startswith("<")):
            parts.append(query[begin : token.start()].strip())
            begin = token.end()
    parts.append(query[begin:].strip())
    return [part for part in parts if not part.startswith("!")] or [query]


def share(query: str, weigh: Weigh) -> float:
    """The share of bills that match, as far as words are independent of one another."""
    if query in ("", NOTHING):
        return 0.0
    return _Reader(query, weigh).either()


class _Reader:
    """Goes through a query once; `!` binds closest, then phrases, then `&`, then `|`."""

    def __init__(self, query: str, weigh: Weigh) -> None:
        self._tokens = _TOKEN.findall(query)
        self._place = 0
        self._weigh = weigh

    def either(self) -> float:
        found = self._both()
        while self._next("|"):
            found = 1 - (1 - found) * (1 - self._both())
        return found

    def _both(self) -> float:
        found = self._phrase()
        while self._next("&"):
            found *= self._phrase()
        return found

    def _phrase(self) -> float:
        found = self._one()
        while self._next_phrase():
            other = self._one()
            found = (found * other) ** _CHANCE * min(found, other) ** (1 - _CHANCE)
        return found

    def _one(self) -> float:
        if self._next("!"):
            return 1 - self._one()
        if self._next("("):
            found = self.either()
            self._next(")")
            return found
        if self._place >= len(self._tokens):
            return 1.0
        word, flags, _ = self._tokens[self._place]
        self._place += 1
        return self._weigh(word[1:-1].replace("''", "'").replace("\\\\", "\\"), "*" in flags)

    def _next(self, operator: str) -> bool:
        here = self._place < len(self._tokens) and self._tokens[self._place][2] == operator
        self._place += here
        return here

    def _next_phrase(self) -> bool:
        here = self._place < len(self._tokens) and self._tokens[self._place][2].startswith("<")
        self._place += here
        return here
