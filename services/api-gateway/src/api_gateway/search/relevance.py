"""Best matches first, over every match: what was asked for by name, exact titles, then the words by BM25.

Tiers follow one another: bills that bear the label, bills of that very title, bills with all words, and where these
fill no page, bills with all words but one, or else with any of them. Unknown words are taken for the likeliest known
ones. What was done is told in `Relevance`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tantivy import DocAddress, Occur, Query

from api_gateway.search.bill_filter import BillFilter
from api_gateway.search.query import Compiler
from api_gateway.search.results import Page, hits
from api_gateway.search.state import IndexState
from api_gateway.search.text_query import All, SearchText, read_text, without_words, words_of

MOST_OFFSET = 1000
"""Matches that can be paged through by relevance."""

FEW = 20
"""Bills with all words that are fewer are followed by bills with most of them."""

MOST_NAMED = 50
"""Bills of one label or title that are put in front."""

_RANKED = MOST_OFFSET + 120
"""Best matches that are put into their final order, always as many, so that pages fit together."""

_DIGITS = 3

Correct = Callable[[str], str | None]
"""The likeliest known word for an unknown one."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How a text was taken. `matched`: `all` words, `most` (all but one), or `any` of them; `corrected` pairs unknown
    words with those that were looked for instead.
    """

    text: SearchText
    matched: str = "all"
    corrected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page by relevance, the query that all its matches satisfy, and how the text was taken."""

    page: Page
    query: Query
    relevance: Relevance


def ranked_page(state: IndexState, asked: BillFilter, limit: int, offset: int, correct: Correct) -> Ranked:
    """At most `limit` of the best matches behind the first `offset`, which is at most `MOST_OFFSET`."""
    compiler = state.compiler
    assert asked.text is not None
    text, corrected = _corrected(compiler, asked.text, correct)
    named = _named_tiers(compiler, text)
    found: dict[tuple[int, int], DocAddress] = {}
    for tier in named:
        _extend(found, state, compiler.joined(asked, (tier,)).query, MOST_NAMED)
    strict = Query.empty_query() if text.tree is None else compiler.scored(text.tree)
    best = _best(state, compiler.joined(asked, (strict,)).query)
    matched, loose = "all", None
    if len(best) < FEW and isinstance(text.tree, All):
        matched, loose, others = _loosened(state, compiler, asked, text.tree)
        best += others
    for address in best:
        found.setdefault((address.segment_ord, address.doc), address)
    everything = [*named, strict, *(() if loose is None else (loose,))]
    query = compiler.joined(asked, (_any_of(everything),)).query
    ordered = list(found.values())
    shown = ordered[offset : offset + limit]
    more = len(ordered) > offset + limit and offset + limit < MOST_OFFSET
    page = Page(hits(state, shown), offset + len(shown) if shown else None, more)
    return Ranked(page, query, Relevance(text, matched, corrected))


def _corrected(
    compiler: Compiler, text: SearchText, correct: Correct
) -> tuple[SearchText, tuple[tuple[str, str], ...]]:
    """The text with the words that no bill has replaced by the likeliest that some have."""
    unknown = {word.token: word.written for word in words_of(text.tree) if not compiler.knows(word.token)}
    better = {token: known for token, written in unknown.items() if (known := correct(written)) is not None}
    if not better or text.label is not None:
        return text, ()
    told = tuple((unknown[token], known) for token, known in better.items())
    return replace(read_text(without_words(text, better)), label=None), told


def _named_tiers(compiler: Compiler, text: SearchText) -> list[Query]:
    tiers = []
    if text.label is not None:
        tiers.append(compiler.label(text.label, also=False))
        if text.label.also:
            tiers.append(compiler.label(text.label))
    if (key := text.exact) is not None:
        tiers.append(compiler.exact(key))
    return tiers


def _loosened(
    state: IndexState, compiler: Compiler, asked: BillFilter, tree: All
) -> tuple[str, Query, list[DocAddress]]:
    """The bills with all words but one; with any of them where these are none."""
    loose = compiler.most_words(tree)
    found = _best(state, compiler.joined(asked, (loose,)).query)
    if found:
        return "most", loose, found
    loose = compiler.any_word(tree)
    return "any", loose, _best(state, compiler.joined(asked, (loose,)).query)


def _best(state: IndexState, query: Query) -> list[DocAddress]:
    """The best matches: by score, those of equal score by their last change."""
    found = state.searcher.search(query, limit=_RANKED, count=False).hits
    addresses = [address for _, address in found]
    changed = state.searcher.fast_field_values("changed", addresses) if addresses else []
    keyed = zip(found, changed, strict=True)
    ordered = sorted(keyed, key=lambda pair: (-round(pair[0][0], _DIGITS), -int(pair[1] or 0)))
    return [hit[1] for hit, _ in ordered]


def _extend(found: dict[tuple[int, int], DocAddress], state: IndexState, query: Query, most: int) -> None:
    for _, address in state.searcher.search(query, limit=most, count=False, order_by_field="changed").hits:
        found.setdefault((address.segment_ord, address.doc), address)


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
