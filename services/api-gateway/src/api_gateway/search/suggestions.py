"""Spelling corrections and completions, made from the words in the index."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from legis.digits import digits_value
from legis.domain.identity.source_registry import BILL_ID
from tantivy import Occur, Query

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_schema import BILL
from api_gateway.search.language.analysis import QUOTES, name_tokens, normal, spans, stem, surface, tokens, units
from api_gateway.search.language.labels import label_beginnings
from api_gateway.search.language.law_names import read_law
from api_gateway.search.language.query_nodes import Phrase, Prefix, leaves
from api_gateway.search.language.text_query import SearchText, read_text
from api_gateway.search.language.word_lists import STOP_WORDS
from api_gateway.search.query_compiler import Compiler
from api_gateway.search.results import count, value_counts

SHORTEST_CORRECTED = 4
"""Letters of a word that may be corrected: shorter ones are too similar to other words."""

LONG_WORD = 6
"""Letters from which on two letters may be wrong."""

MAX_CORRECTED = 5
"""Words of one query that are corrected; a text with more unknown words is probably in another language."""

MAX_LEFT_OUT = 3
"""Rarest words that are left out, one at a time, to find a text that bills match."""

_UNQUOTED = str.maketrans(dict.fromkeys(QUOTES + '"', " "))
_EXAMPLES = 60
"""Bills whose words are compared with an unknown one."""

_LIKE_ENOUGH = 0.72
_ID_OR_ADDRESS = re.compile(rf"{BILL_ID}|(?:urn:|https?://|www\.)\S*", re.IGNORECASE)
_GAP = "\0"
"""Stands for a word that was left out, until the separators beside it are gone too."""

_GAPS = re.compile(rf"[\W_]*{_GAP}[\W_]*")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]+)(\d+)")
_NAMES_EXAMINED = 60


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Completions of a text: words, labels of bills, names of sponsors; most frequent first."""

    words: list[str]
    labels: list[str]
    names: list[str]


def correction(state: IndexState, written: str) -> str | None:
    """What an unknown word most likely means: its letters and its digits apart (`BR101`), if both are known, or the
    most frequent known word that is similar. None if there is no such word.
    """
    if joined := _LETTERS_AND_DIGITS.fullmatch(written):
        parts = joined.groups()
        return " ".join(parts) if all(map(state.compiler.has_word, tokens(" ".join(parts)))) else None
    word = surface(written)
    if len(word) < SHORTEST_CORRECTED:
        return None
    for distance in (1, 2) if len(word) >= LONG_WORD else (1,):
        near = Query.fuzzy_term_query(state.index.schema, "surface", word, distance=distance)
        found = state.searcher.search(near, limit=_EXAMPLES, count=False).hits
        words = {known for _, address in found for known in _words(state.searcher.doc(address))}
        like = difflib.get_close_matches(word, words, n=5, cutoff=_LIKE_ENOUGH)
        if like:
            best = max(like, key=lambda known: (_likeness(word, known), state.searcher.doc_freq("surface", known)))
            return spelled(state, best)
    return None


def suggested_text(state: IndexState, text: SearchText) -> str | None:
    """The query with its unknown words corrected; None if there is nothing to correct."""
    unknown = unknown_words(state.compiler, text)
    better = {token: known for token, written in unknown.items() if (known := correction(state, written)) is not None}
    suggested = with_corrections(text, better)
    return suggested if tokens(suggested) != tokens(text.written) else None


def looser_text(state: IndexState, bill_filter: BillFilter) -> str | None:
    """For a filter that matches nothing: its text without quotes, or without one of its rarest words, if bills match
    that; None if none do. None too if the text is the name of one bill or law: a part of a name means nothing.
    """
    assert bill_filter.text is not None
    if _is_name(state, bill_filter.text):
        return None
    for candidate in _looser(state, bill_filter.text):
        text = read_text(candidate)
        if text.tree is not None and count(state, state.compiler.filter(replace(bill_filter, text=text)).query):
            return candidate
    return None


def _is_name(state: IndexState, text: SearchText) -> bool:
    """Whether the whole text is a label, law, id, URN or address. `covid-19 2024` only looks like a label: no bill has
    its type.
    """
    written = text.written.strip()
    if _ID_OR_ADDRESS.fullmatch(written) or read_law(written) is not None:
        return True
    if text.label is None:
        return False
    types = [f"{key.rpartition(' ')[0]} " for key in (*text.label.keys, *text.label.also)]
    return not types or any(state.searcher.terms_with_prefix("labels", one, limit=1) for one in types)


def _looser(state: IndexState, text: SearchText) -> Iterator[str]:
    unquoted = " ".join(text.written.translate(_UNQUOTED).split())
    if unquoted != " ".join(text.written.split()):
        yield unquoted
        return
    if not text.phrase:  # one word, or operators, whose meaning would change
        return
    frequencies = {token: state.searcher.doc_freq("words", token) for token in text.phrase if token not in STOP_WORDS}
    for rarest in sorted(frequencies, key=frequencies.__getitem__)[:MAX_LEFT_OUT]:
        yield " ".join(_GAPS.sub(" ", with_corrections(text, {rarest: _GAP})).split())


def unknown_words(compiler: Compiler, text: SearchText) -> dict[str, str]:
    """Words of a text that no bill has, as written, by token: also those in phrases, and beginnings that no word has.
    Neither excluded words nor synonyms. Only the first few, since each takes time to correct.
    """
    asked = set(_asked_tokens(compiler, text))
    whole = normal(text.written)
    unknown: dict[str, str] = {}
    for span in spans(text.written):
        if span.token in asked and len(unknown) < MAX_CORRECTED:
            unknown[span.token] = whole[span.start : span.end]
    return unknown


def _asked_tokens(compiler: Compiler, text: SearchText) -> Iterator[str]:
    """The tokens of a text that must occur and that no bill has."""
    for leaf in leaves(text.tree, unwanted=False):
        if isinstance(leaf, Prefix):
            if not compiler.has_beginning(leaf.beginning):
                yield from tokens(leaf.beginning)
        elif not leaf.meant:
            found = leaf.tokens if isinstance(leaf, Phrase) else (leaf.token,)
            yield from (token for token in found if not compiler.has_word(token))


def with_corrections(text: SearchText, unknown: dict[str, str]) -> str:
    """The text with unknown words replaced; `unknown` has the replacements by token."""
    found, at = [], 0
    for span in spans(text.written):
        if span.token in unknown:
            found += [text.written[at : span.start], unknown[span.token]]
            at = span.end
    return "".join((*found, text.written[at:]))


def suggest(state: IndexState, text: str, limit: int) -> Suggestions:
    """Completions of the text."""
    *before, last = text.split() or [""]
    start = "".join(f"{word} " for word in before)
    words = [start + spelled(state, word) for word in _words_with(state, surface(last), limit)]
    return Suggestions(words, _labels(state, text, limit), _names(state, text, limit))


def spelled(state: IndexState, word: str) -> str:
    """A word with its accents, as most bills write it."""
    accented = state.searcher.terms_with_prefix("spelling", f"{word}|", limit=1)
    plain_count = state.searcher.doc_freq("surface", word)
    # Old texts and texts in capitals lack accents, so a spelling that a fifth of all texts have is taken for the right
    # one.
    if accented and accented[0][1] * 5 >= plain_count:
        return accented[0][0].partition("|")[2]
    return word


def _words_with(state: IndexState, beginning: str, limit: int) -> list[str]:
    if not beginning:
        return []
    return [word for word, _ in state.searcher.terms_with_prefix("surface", beginning, limit=limit)]


def _labels(state: IndexState, text: str, limit: int) -> list[str]:
    """Labels that begin with the text, if it looks like the beginning of one: `pl 26` → `PL 2630/2020`. Those of the
    type itself come before those of types that it may also mean.
    """
    found: dict[str, None] = {}
    for beginning in label_beginnings(text):
        if len(found) >= limit:
            break
        labels = state.searcher.terms_with_prefix("labels", beginning, limit=200)
        found |= dict.fromkeys(sorted((label for label, _ in labels), key=_newest_first))
    return list(found)[:limit]


def _newest_first(label: str) -> tuple[int, int, str]:
    year = label.rpartition("/")[2][:4]
    return (len(label), -(digits_value(year) or 0), label)


def _names(state: IndexState, text: str, limit: int) -> list[str]:
    """Sponsors whose names have all the words, the last of which may be a prefix."""
    folded = [word for unit in units(text) for word in name_tokens(unit)]
    if not folded or len(folded[-1]) < 2:
        return []
    *whole, last = folded
    schema = state.index.schema
    ends = [term for term, _ in state.searcher.terms_with_prefix("names", last, limit=30)]
    if not ends:
        return []
    one_of_them = Query.boolean_query([(Occur.Should, Query.term_query(schema, "names", end)) for end in ends])
    query = Query.boolean_query([
        (Occur.Must, Query.term_query(schema, "kind", BILL)),
        *((Occur.Must, Query.term_query(schema, "names", word)) for word in whole),
        (Occur.Must, one_of_them),
    ])  # fmt: skip
    found = value_counts(state, query, {"names": "author_name"}, _NAMES_EXAMINED)["names"]
    return [name for name, _ in found if _has(name, whole, last)][:limit]


def _has(name: str, whole: Sequence[str], beginning: str) -> bool:
    words = name_tokens(name)
    return set(whole) <= set(words) and any(word.startswith(beginning) for word in words)


def _likeness(word: str, known: str) -> float:
    return round(difflib.SequenceMatcher(None, word, known).ratio(), 1)


def _words(document: Any) -> set[str]:
    """The words of a bill, as completions look them up."""
    texts = orjson.loads(bytes(document["texts"][0])) if document["texts"] else {}
    title = orjson.loads(bytes(document["summary"][0])).get("title") or ""
    parts = (title, texts.get("nickname", ""), texts.get("abstract", ""), *texts.get("keywords", ()))
    words = {surface(unit) for part in (*parts, *texts.get("authors", ())) for unit in units(part)}
    return {word for word in words if word and stem(word)}
