"""Highlights: the fields of a bill that match a query, with excerpts in which the matches are marked."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api_gateway.search.language.analysis import normal, spans, surface
from api_gateway.search.language.query_nodes import Phrase, Prefix, Word, leaves
from api_gateway.search.language.text_query import SearchText

EXCERPT = 240
"""Characters of an excerpt from a long text."""

_BEFORE = 80
"""Characters of the excerpt before its first match."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark: words by token, words by spelling (`search.language.analysis.surface`), beginnings of words, and
    phrases as sequences of tokens. Phrases are listed by their first token.
    """

    tokens: frozenset[str]
    spellings: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A field that matched. `excerpt` is HTML: the text escaped, matches in `<mark>`."""

    field: str
    excerpt: str


def wanted(text: SearchText) -> Wanted:
    """What to mark for a query, without what it excludes."""
    found = list(leaves(text.tree, unwanted=False))
    words = [leaf for leaf in found if isinstance(leaf, Word)]
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for leaf in found:
        if isinstance(leaf, Phrase):
            phrases[leaf.tokens[0]] = (*phrases.get(leaf.tokens[0], ()), leaf.tokens)
    return Wanted(
        frozenset(word.token for word in words if not word.spellings),
        frozenset(spelling for word in words for spelling in word.spellings),
        tuple(leaf.beginning for leaf in found if isinstance(leaf, Prefix)),
        phrases,
    )


def matches(wanted: Wanted, summary: Mapping[str, Any], texts: bytes | None) -> list[Match]:
    """Every field of a bill that matches, the most informative fields first: label, nickname, title and so on.

    `summary` is the rendered list item, `texts` the stored field of the same name.
    """
    stored = orjson.loads(texts) if texts else {}
    labels = [summary.get("identifier") or "", *stored.get("labels", ())]
    fields: Sequence[tuple[str, Sequence[str]]] = (
        ("identifier", list(dict.fromkeys(labels))[:1] if _any_marked(wanted, labels[:1]) else labels),
        ("nickname", (stored.get("nickname") or "",)),
        ("title", (summary.get("title") or "",)),
        ("abstract", (stored.get("abstract") or "",)),
        ("keywords", stored.get("keywords", ())),
        ("subjects", summary.get("subjects", ())),
        ("authors", stored.get("authors", ())),
    )
    return [match for name, values in fields if (match := _first_match(wanted, name, values)) is not None]


def marked(wanted: Wanted, text: str | None) -> str | None:
    """A whole text as HTML with its matches marked; None for None."""
    return None if text is None else _html(normal(text), list(_marks(wanted, text)))


def _first_match(wanted: Wanted, name: str, values: Sequence[str]) -> Match | None:
    found = [(value, marks) for value in values if (marks := list(_marks(wanted, value)))]
    if not found:
        return None
    return Match(name, "; ".join(_excerpt(normal(value), marks) for value, marks in found[:3]))


def _any_marked(wanted: Wanted, values: Sequence[str]) -> bool:
    return any(next(_marks(wanted, value), None) for value in values)


def _marks(wanted: Wanted, text: str) -> Iterator[tuple[int, int]]:
    whole, found, end_of_phrase = normal(text), list(spans(text)), 0
    for place, span in enumerate(found):
        for phrase in wanted.phrases.get(span.token, ()):
            end = place + len(phrase)
            if end > end_of_phrase and tuple(one.token for one in found[place:end]) == phrase:
                end_of_phrase = end
        if place < end_of_phrase or span.token in wanted.tokens or _is_spelled(wanted, whole[span.start : span.end]):
            yield span.start, span.end


def _is_spelled(wanted: Wanted, written: str) -> bool:
    if not wanted.spellings and not wanted.beginnings:
        return False
    spelled = surface(written)
    return spelled in wanted.spellings or (bool(wanted.beginnings) and spelled.startswith(wanted.beginnings))


def _excerpt(text: str, marks: Sequence[tuple[int, int]]) -> str:
    if len(text) <= EXCERPT:
        return _html(text, marks)
    start = max(0, min(marks[0][0] - _BEFORE, len(text) - EXCERPT))
    start = text.rfind(" ", 0, start + 1) + 1 if start else 0
    end = min(len(text), start + EXCERPT)
    end = len(text) if end == len(text) else max(text.rfind(" ", start, end), marks[0][1])
    inside = [(a - start, b - start) for a, b in marks if a >= start and b <= end]
    return f"{'… ' if start else ''}{_html(text[start:end], inside)}{' …' if end < len(text) else ''}"


def _html(text: str, marks: Sequence[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in marks:
        parts += [html.escape(text[at:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        at = end
    return "".join((*parts, html.escape(text[at:])))
