"""The query language of `q`: words, "phrases", -not, OR/OU, AND/E, parentheses, prefix*. Anything else is text.

A text is parsed into a tree of nodes. No text is a syntax error: an operator in an impossible place is taken for a
word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from api_gateway.search.index_documents import exact_key, without_formulas
from api_gateway.search.language.analysis import (
    DASHES,
    QUOTES,
    SHORTEST_COMPLETION,
    full_year,
    normal,
    spans,
    surface,
    tokens,
)
from api_gateway.search.language.labels import LabelQuery, read_label
from api_gateway.search.language.query_nodes import AllOf, Node, Not, OneOf, Phrase, Prefix, Word
from api_gateway.search.language.word_lists import STOP_WORDS, forms, key_of, longest_synonym, synonyms

_SIGNS = str.maketrans({**dict.fromkeys(QUOTES, '"'), **dict.fromkeys(DASHES, "-")})
_ITEM = re.compile(
    r"""
    (?P<not>(?<![^\s(])-(?=["(\w]))
    |(?P<phrase>"[^"]*"?)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<prefix>(?<![^\s(-])\w{2,}\*(?![^\s)]))
    |(?P<or>(?<![^\s)])(?:OR|OU)(?![^\s(]))
    |(?P<and>(?<![^\s)])(?:AND|E)(?![^\s(]))
    |(?P<text>(?:(?!(?<=[\s(])-["(\w])[^\s"()])+)
    |(?P<blank>\s+)
    """,
    re.VERBOSE,
)
MAX_WORDS = 60
"""Words of a query that are looked for, the first ones; a bill's title as a whole is compared all the same."""

_KINDS_OF_LAW = frozenset(tokens("lei complementar delegada decreto medida provisória resolução portaria"))
_WORD = re.compile(r"\w+")
_MOST_CAPITALS = 4
"""Words of a text in capitals in which `OU` and `E` join; a longer one is a title."""

_MAX_SYNONYMS = 5
"""Words and abbreviations of one query that are expanded with synonyms; the first ones."""

_DEEPEST = 20
"""Nesting of parentheses; deeper ones are ignored."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words of the query, and the synonyms they were expanded with."""

    written: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchText:
    """A parsed query. `tree` is None for a text without a word; `label` is the bill that the whole text names."""

    written: str
    tree: Node | None
    label: LabelQuery | None = None
    synonyms: tuple[Synonym, ...] = ()
    phrase: tuple[str, ...] = ()
    """The tokens of a text without operators, in order: bills that have them next to each other are ranked higher."""
    cut: bool = False
    """Whether the text has more words than are looked for."""

    @property
    def exact(self) -> str | None:
        """The key of bills whose title equals the text (`search.index_documents.exact_key`); None if the query excludes
        words.
        """
        return None if _excludes(self.tree) else exact_key(self.written)


def read_text(text: str) -> SearchText:
    """Parses a query."""
    text = normal(text)  # span positions count its characters
    words = list(islice(_WORD.finditer(text), MAX_WORDS + 1))
    cut = len(words) > MAX_WORDS
    read = text[: words[MAX_WORDS].start()] if cut else text
    items = _items(read.translate(_SIGNS), is_title=len(words) > _MOST_CAPITALS and text.isupper())
    spoken = tuple(tokens(read)) if all(item.kind == "text" for item in items) else ()
    phrase = spoken[without_formulas(spoken)]
    reader = _Parser(items)
    tree = reader.either() or _words_alone(read)
    label, used = read_label(text.strip()), tuple(dict.fromkeys(reader.synonyms))
    return SearchText(text, tree, label, used, phrase if len(phrase) > 1 else (), cut)


def _excludes(node: Node | None) -> bool:
    return isinstance(node, Not) or (isinstance(node, AllOf | OneOf) and any(map(_excludes, node.nodes)))


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    text: str


def _items(text: str, *, is_title: bool) -> list[_Item]:
    """The lexical items of a query. Adjacent words are one item, so that `nº 8.112` is analysed as a whole. In a title
    in capitals, `OU` and `E` are words.
    """
    found: list[_Item] = []
    run = ""
    for match in _ITEM.finditer(text):
        kind = match.lastgroup or ""
        if kind in ("text", "blank") or (is_title and match[0] in ("OU", "E")):
            run += match[0]
            continue
        if run.strip():
            found.append(_Item("text", run))
        run = ""
        found.append(_Item(kind, match[0]))
    if run.strip():
        found.append(_Item("text", run))
    return found


class _Parser:
    """Recursive-descent parser of the items. `-` binds closest, then adjacency and AND, then OR."""

    def __init__(self, items: list[_Item]) -> None:
        self._items = items
        self._place = 0
        self._depth = 0
        self.synonyms: list[Synonym] = []

    def either(self) -> Node | None:
        """Alternatives, up to the end or to the matching closing parenthesis."""
        found = [self._both()]
        while self._take("or"):
            found.append(self._both())
        return _joined(OneOf, [node for node in found if node is not None])

    def _both(self) -> Node | None:
        found: list[Node] = []
        while (item := self._peek()) is not None and item.kind != "or":
            if item.kind == "close":
                if self._depth:
                    break
                self._place += 1  # without an opening one
                continue
            found += self._one(item)
        words = [node for node in found if isinstance(node, Word)]
        if len(found) > len(kept := [node for node in found if not _is_stop_word(node)]) and kept:
            found = kept if any(not isinstance(node, Not) for node in kept) or not words else found
        return _joined(AllOf, found)

    def _one(self, item: _Item) -> Sequence[Node]:
        self._place += 1
        if item.kind == "and":
            return self._words(item.text) if self._is_alone() else ()
        if item.kind == "not":
            return self._unwanted()
        if item.kind == "phrase":
            return _phrase(item.text)
        if item.kind == "open":
            return self._grouped()
        if item.kind == "prefix":
            return _prefix(item.text)
        return self._words(item.text)

    def _is_alone(self) -> bool:
        """Whether an AND just read has nothing to join; it is then a word."""
        return self._place < 2 or self._peek() is None

    def _unwanted(self) -> Sequence[Node]:
        item = self._peek()
        if item is None:
            return ()
        if item.kind == "text":  # only the first word is excluded
            first, *rest = item.text.split(maxsplit=1)
            self._items[self._place : self._place + 1] = [_Item("text", text) for text in rest]
            node = _joined(AllOf, [Word(token, first) for token in tokens(first)])
        else:
            node = _joined(AllOf, list(self._one(item)))
        return () if node is None else (Not(node),)

    def _grouped(self) -> Sequence[Node]:
        if self._depth >= _DEEPEST:
            return ()
        self._depth += 1
        node = self.either()
        self._take("close")
        self._depth -= 1
        return () if node is None else (node,)

    def _words(self, text: str) -> Sequence[Node]:
        words = _whole_years([Word(span.token, text[span.start : span.end]) for span in spans(text)])
        return self._with_synonyms(words[without_formulas(tuple(word.token for word in words))])

    def _with_synonyms(self, words: list[Word]) -> list[Node]:
        found: list[Node] = []
        place = 0
        while place < len(words):
            meant, size = _meant(words, place) if len(self.synonyms) < _MAX_SYNONYMS else ((), 0)
            if not meant:
                found.append(words[place])
                place += 1
                continue
            matched = words[place : place + size]
            self.synonyms.append(Synonym(" ".join(word.written for word in matched), meant))
            itself = _joined(AllOf, [w for w in matched if size == 1 or not _is_stop_word(w)])
            found.append(OneOf(tuple(way for way in (itself, *map(_alternative, meant)) if way is not None)))
            place += size
        return found

    def _peek(self) -> _Item | None:
        return self._items[self._place] if self._place < len(self._items) else None

    def _take(self, kind: str) -> bool:
        item = self._peek()
        if item is None or item.kind != kind:
            return False
        self._place += 1
        return True


def _meant(words: Sequence[Word], place: int) -> tuple[tuple[str, ...], int]:
    """The synonyms of the longest known sequence of words at a place, and the length of that sequence in words."""
    for size in range(min(longest_synonym(), len(words) - place), 0, -1):
        part = words[place : place + size]
        written, said = [word.written for word in part], [word.token for word in part]
        key = key_of(written) if size == 1 else tuple(said)
        meant = synonyms().get(key_of(written, as_written=True)) or synonyms().get(key)
        if others := tuple(text for text in meant or () if tokens(text) != said):
            return others, size
    return (), 0


def _whole_years(words: list[Word]) -> list[Word]:
    """The words with the year of a law in full: in `lei 8.112 de 90`, `90` is 1990."""
    found = list(words)
    for place, (kind, number, of, year) in enumerate(zip(words, words[1:], words[2:], words[3:], strict=False), 3):
        is_law = kind.token in _KINDS_OF_LAW and number.token.isdecimal() and len(number.token) > 2
        if is_law and of.token == "de" and year.token.isdecimal() and len(year.written) == 2:
            found[place] = Word(str(full_year(year.token)), year.written)
    return found


def _joined(kind: type[AllOf] | type[OneOf], nodes: Sequence[Node]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))


def _is_stop_word(node: Node) -> bool:
    return isinstance(node, Word) and node.token in STOP_WORDS


def _phrase(text: str) -> Sequence[Node]:
    node = _sequence(text.strip('"'))
    return () if node is None else (node,)


def _sequence(text: str) -> Node | None:
    found = tokens(text)
    if not found:
        return None
    return Word(found[0], text) if len(found) == 1 else Phrase(tuple(found))


def _alternative(text: str) -> Node | None:
    """A synonym: one word in the spellings that mean it, or a phrase."""
    found = tokens(text)
    if not found:
        return None
    return Word(found[0], text, forms(text), meant=True) if len(found) == 1 else Phrase(tuple(found), meant=True)


def _prefix(text: str) -> Sequence[Node]:
    beginning = surface(text[:-1])
    if len(beginning) >= SHORTEST_COMPLETION:
        return (Prefix(beginning),)
    return [Word(token, text[:-1]) for token in tokens(text[:-1])]


def _words_alone(text: str) -> Node | None:
    """The words of a text that has only operators, which have nothing to join."""
    return _joined(AllOf, [Word(span.token, text[span.start : span.end]) for span in spans(text)])
