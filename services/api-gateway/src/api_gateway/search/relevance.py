"""Sorts matches by relevance: bills named by label, then exact titles, then BM25 over the words.

Tiers follow each other: bills with the label, bills with that very title, bills with all words and, if these are few,
bills with all words but one or with any of them. Unknown words are replaced by the most likely known ones. `Relevance`
reports what was done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tantivy import DocAddress, Occur, Query

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.language.query_nodes import AllOf
from api_gateway.search.language.text_query import SearchText, read_text
from api_gateway.search.query_compiler import Compiler
from api_gateway.search.results import Page, hits
from api_gateway.search.suggestions import unknown_words, with_corrections

MAX_OFFSET = 1000
"""Matches that can be paged through by relevance."""

FEW = 20
"""If fewer bills have all words, bills with most of the words follow."""

MAX_NAMED = 50
"""Bills of one label or title that come first."""

_RANKED = MAX_OFFSET + 220
"""Best matches that are put into final order. Always the same number, so that consecutive pages agree."""

_DIGITS = 3
"""Decimal places of a score; bills with equal rounded scores are sorted by their last change."""

Correct = Callable[[str], str | None]
"""Returns the most likely known word for an unknown one."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How a text was interpreted. `matched`: `all` words, `most` (all but one) or `any` of them; `corrected` pairs
    unknown words with the words searched for instead; `cut` says that there are more matches than can be paged through.
    """

    text: SearchText
    matched: str = "all"
    corrected: tuple[tuple[str, str], ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page by relevance, the query that all its matches satisfy, and how the text was interpreted."""

    page: Page
    query: Query
    relevance: Relevance


def ranked_page(state: IndexState, bill_filter: BillFilter, limit: int, offset: int, correct: Correct) -> Ranked:
    """At most `limit` of the best matches after the first `offset`, which is at most `MAX_OFFSET`."""
    compiler = state.compiler
    assert bill_filter.text is not None
    text, corrected = _corrected(compiler, bill_filter.text, correct)
    found = _Tiers(state, compiler, bill_filter)
    for tier in _named_tiers(compiler, text):
        found.newest(tier)
    matched = _by_words(found, compiler, text)
    ranked = found.addresses
    end = min(offset + limit, MAX_OFFSET)
    shown = ranked[offset:end]
    page = Page(hits(state, shown), offset + len(shown) if shown else None, end < min(len(ranked), MAX_OFFSET))
    return Ranked(page, found.query, Relevance(text, matched, corrected, len(ranked) > MAX_OFFSET))


def _by_words(found: "_Tiers", compiler: Compiler, text: SearchText) -> str:
    """Adds the bills with the words of a text, and returns which of the words they have. If the text is a label and its
    bill exists, looser matches are not added.
    """
    if text.tree is None:
        return "all"
    matched, named = "all", bool(found.addresses)
    found.best(compiler.scored(text, text.tree))
    if not isinstance(text.tree, AllOf) or (named and text.label is not None):
        return matched
    for how, loosened in (("most", compiler.most_words), ("any", compiler.any_word)):
        if len(found.addresses) >= FEW:
            break
        if found.best(loosened(text.tree)):
            matched = how
    return matched


class _Tiers:
    """Bills found so far, in the order of their tiers and each once, and the query that all of them match."""

    def __init__(self, state: IndexState, compiler: Compiler, bill_filter: BillFilter) -> None:
        self._state = state
        self._compiler = compiler
        self._bill_filter = bill_filter
        self._tiers: list[Query] = []
        self._places: dict[tuple[int, int], DocAddress] = {}

    @property
    def addresses(self) -> list[DocAddress]:
        """The documents in order."""
        return list(self._places.values())

    @property
    def query(self) -> Query:
        """Every bill of every tier."""
        return self._filtered(Query.boolean_query([(Occur.Should, tier) for tier in self._tiers]))

    def newest(self, tier: Query) -> None:
        """Adds a tier of few bills, last changed first."""
        search = self._state.searcher.search
        self._add(tier, search(self._filtered(tier), limit=MAX_NAMED, count=False, order_by_field="changed").hits)

    def best(self, tier: Query) -> bool:
        """Adds the best matches of a tier by score, equal scores by last change. Returns whether any were added."""
        hits = self._state.searcher.search(self._filtered(tier), limit=_RANKED, count=False).hits
        addresses = [address for _, address in hits]
        changed = self._state.searcher.fast_field_values("changed", addresses) if addresses else []
        keyed = zip(hits, changed, strict=True)
        ordered = sorted(keyed, key=lambda pair: (-round(pair[0][0], _DIGITS), -int(pair[1] or 0)))
        return self._add(tier, [hit for hit, _ in ordered])

    def _filtered(self, tier: Query) -> Query:
        return self._compiler.joined(self._bill_filter, (tier,)).query

    def _add(self, tier: Query, hits: Sequence[tuple[Any, DocAddress]]) -> bool:
        before = len(self._places)
        self._tiers.append(tier)
        for _, address in hits:
            self._places.setdefault((address.segment_ord, address.doc), address)
        return len(self._places) > before


def _corrected(
    compiler: Compiler, text: SearchText, correct: Correct
) -> tuple[SearchText, tuple[tuple[str, str], ...]]:
    """The text with words that no bill has replaced by the most likely words that some have."""
    if text.label is not None:
        return text, ()
    unknown = unknown_words(compiler, text)
    better = {token: known for token, written in unknown.items() if (known := correct(written)) is not None}
    if not better:
        return text, ()
    pairs = tuple((unknown[token], known) for token, known in better.items())
    return replace(read_text(with_corrections(text, better)), label=None), pairs


def _named_tiers(compiler: Compiler, text: SearchText) -> list[Query]:
    tiers = []
    if text.label is not None:
        tiers.append(compiler.named(text.label, also=False))
        if text.label.also:
            tiers.append(compiler.named(text.label))
    if (key := text.exact) is not None:
        tiers.append(compiler.exact(key))
    return tiers
