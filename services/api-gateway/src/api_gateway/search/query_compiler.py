"""Compiles a filter to a Tantivy query, for lists, counts, facets, feeds and changes alike."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tantivy import Occur, Query, Schema, Searcher

from api_gateway.search.filtering.bill_filter import BillFilter, Choice, Range
from api_gateway.search.filtering.filters import COMPILED, Filter, Kind
from api_gateway.search.index_documents import NAME_SLOP, NAME_WORDS
from api_gateway.search.index_schema import BILL, REMOVED
from api_gateway.search.language.analysis import name_tokens, tokens
from api_gateway.search.language.labels import LabelQuery
from api_gateway.search.language.query_nodes import AllOf, Node, Not, OneOf, Phrase, Prefix, Word
from api_gateway.search.language.text_query import SearchText
from api_gateway.search.ranges import RangeCompiler

MAX_BEGINNINGS = 50
"""Words that one `prefix*` expands to, the most frequent ones."""

MAX_COMPARED = 100_000
"""Bills in which word positions are compared to boost a phrase without quotes; 0.1 µs per bill."""

PHRASE_BOOST = 2.0
"""Weight of the boost for bills that have all words of the query next to each other, in order."""

_PERSON_ID = re.compile(r"(?:[a-z]+-(?:deputy|senator|legislator)-)?\d+")
_PERSON_IDS = {"names": "legislator_id", "rapporteur_names": "rapporteur_id"}

Clause = tuple[Occur, Query]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query. `max_matches` is an upper limit of the number of matches, deleted documents included."""

    query: Query
    max_matches: int


class Compiler:
    """Compiles for one snapshot of the index, whose words determine what a prefix expands to."""

    def __init__(self, schema: Schema, searcher: Searcher, last_slots: Mapping[str, int]) -> None:
        self._schema = schema
        self._searcher = searcher
        self._ranges = RangeCompiler(schema, searcher, last_slots)

    def filter(self, bill_filter: BillFilter) -> Compiled:
        """Every bill that matches, without scores."""
        text = None if bill_filter.text is None else self.matching(bill_filter.text)
        return self.joined(bill_filter, () if text is None else (text,))

    def may_match(self, bill_filter: BillFilter) -> bool:
        """False where no bill can match, because no bill has a word or a value that is needed. Much cheaper than to
        compile and search, which matters where thousands of filters are asked about a few bills.
        """
        text = bill_filter.text
        if text is not None and text.label is None and not self._rarest_word(text.tree):
            return False
        return all(self._frequency(COMPILED[name], choice) for name, choice in bill_filter.choices if choice.any_of)

    def joined(self, bill_filter: BillFilter, texts: Sequence[Query]) -> Compiled:
        """The bills that match all filters except the text, and all of `texts`, whose scores count."""
        wanted: list[Query] = []
        unwanted: list[Query] = []
        max_matches = self._searcher.num_docs
        only_bills = bool(texts)
        for name, choice in bill_filter.choices:
            one = COMPILED[name]
            if choice.any_of:
                only_bills = True  # other documents have no value in these fields, except keys
                wanted.append(self._any_of(one, choice))
                max_matches = min(max_matches, self._frequency(one, choice))
            unwanted += (self._one(one, value) for value in choice.none_of)
        for bounds in bill_filter.ranges:
            found, most = self._ranges.dated(bounds)
            wanted.append(found)
            max_matches = min(max_matches, most)
        if bill_filter.text is not None:
            max_matches = min(max_matches, self._rarest_word(bill_filter.text.tree))
        kind: tuple[Query, ...] = () if only_bills else (self._kind(),)
        if bill_filter.names_bills:  # keys select removed bills too, but never the position document
            kind = (_any([self._kind(), self._term("kind", REMOVED)]),)
        must = [Query.const_score_query(query, 0.0) for query in (*kind, *wanted)] + list(texts)
        clauses = [(Occur.Must, query) for query in must] + [(Occur.MustNot, query) for query in unwanted]
        if len(clauses) == 1:
            return Compiled(must[0], max_matches)
        return Compiled(Query.boolean_query(clauses), max_matches)

    def matching(self, text: SearchText) -> Query:
        """Bills that have the words, or the label that the text names."""
        words = Query.empty_query() if text.tree is None else self.node(text.tree)
        if text.label is None:
            return words
        return _any((words, self.named(text.label)))

    def node(self, node: Node) -> Query:
        """Bills that match a node of the syntax tree."""
        if isinstance(node, Word):
            return self._word(node)
        if isinstance(node, Phrase):
            return Query.phrase_query(self._schema, "words", list(node.tokens))
        if isinstance(node, Prefix):
            return self._beginning(node.beginning)
        if isinstance(node, Not):
            return self._without((node,))
        if isinstance(node, OneOf):
            return _any([self.node(one) for one in node.nodes])
        unwanted = [one for one in node.nodes if isinstance(one, Not)]
        wanted = [self.node(one) for one in node.nodes if not isinstance(one, Not)]
        if not wanted:
            return self._without(unwanted)
        if not unwanted and len(wanted) == 1:
            return wanted[0]
        clauses = [(Occur.Must, one) for one in wanted]
        return Query.boolean_query(clauses + [(Occur.MustNot, self.node(one.node)) for one in unwanted])

    def most_words(self, node: AllOf) -> Query:
        """Bills that have all words of a node but one."""
        parts = [(Occur.Should, self.node(one)) for one in node.nodes if not isinstance(one, Not)]
        unwanted = [(Occur.MustNot, self.node(one.node)) for one in node.nodes if isinstance(one, Not)]
        least = max(1, len(parts) - 1)
        return Query.boolean_query([*parts, *unwanted], minimum_number_should_match=least)

    def any_word(self, node: AllOf) -> Query:
        """Bills that have at least one word of a node; none if the node excludes words."""
        if any(isinstance(one, Not) for one in node.nodes):
            return Query.empty_query()
        return _any([self.node(one) for one in node.nodes])

    def scored(self, text: SearchText, tree: Node) -> Query:
        """The bills that match the tree of a text, scored; those with its words next to each other get a higher
        score.
        """
        found = self.node(tree)
        if not text.phrase or self._rarest("words", text.phrase) > MAX_COMPARED:
            return found
        phrase = Query.boost_query(Query.phrase_query(self._schema, "words", list(text.phrase)), PHRASE_BOOST)
        return Query.boolean_query([(Occur.Must, found), (Occur.Should, phrase)])

    def named(self, label: LabelQuery, *, also: bool = True) -> Query:
        """Bills that have or had a label, without removed ones."""
        return _all((Query.const_score_query(self._kind(), 0.0), self.label(label, also=also)))

    def label(self, label: LabelQuery, *, also: bool = True) -> Query:
        """Bills that have or had a label, including removed ones; with `also`, also under type codes of another time or
        house.
        """
        if label.number is not None and label.year is not None:
            return Query.boolean_query([
                (Occur.Must, self._term("number", label.number)), (Occur.Must, self._term("year", label.year)),
            ])  # fmt: skip
        return _any([self._term("labels", key) for key in (*label.keys, *(label.also if also else ()))])

    def has_word(self, token: str) -> bool:
        """Whether any bill has this word."""
        return self._searcher.doc_freq("words", token) > 0

    def has_beginning(self, beginning: str) -> bool:
        """Whether any bill has a word that begins so."""
        return bool(self._searcher.terms_with_prefix("surface", beginning, limit=1))

    def exact(self, key: str) -> Query:
        """Bills whose title has this key."""
        return self._term("exact", key)

    def within(self, compiled: Compiled, bounds: Range) -> Query:
        """The same query, limited to a range of a sort order."""
        part = self._ranges.within(bounds)
        return Query.boolean_query([
            (Occur.Must, compiled.query), (Occur.Must, Query.const_score_query(part, 0.0)),
        ])  # fmt: skip

    def _word(self, word: Word) -> Query:
        found = self._term("words", word.token)
        if not word.spellings:
            return found
        spelled = _any([self._term("surface", one) for one in word.spellings])
        return _all((found, Query.const_score_query(spelled, 0.0)))

    def _kind(self) -> Query:
        return self._term("kind", BILL)

    def _without(self, unwanted: Sequence[Not]) -> Query:
        """All bills except those that match: a purely negative query needs a set to subtract from."""
        return Query.boolean_query([
            (Occur.Must, Query.const_score_query(self._kind(), 0.0)),
            *((Occur.MustNot, self.node(one.node)) for one in unwanted),
        ])  # fmt: skip

    def _any_of(self, one: Filter, choice: Choice[object]) -> Query:
        return _any([self._one(one, value) for value in choice.any_of])

    def _one(self, one: Filter, value: object) -> Query:
        if one.kind is Kind.NAME:
            return self._name(one.field, str(value))
        if one.kind is Kind.WORDS:
            found = [self._term(one.field, token) for token in tokens(str(value))]
            return _all(found)
        return self._term(one.field, value)

    def _name(self, field: str, value: str) -> Query:
        """Bills with a person whose name has all of the words, or with a person of this id."""
        if _PERSON_ID.fullmatch(value):
            return self._term(_PERSON_IDS[field], value)
        found: list[str | tuple[int, str]] = [*name_tokens(value)[:NAME_WORDS]]
        if len(found) < 2:
            return self._term(field, found[0]) if found else Query.empty_query()
        return Query.phrase_query(self._schema, field, found, slop=NAME_SLOP)

    def _beginning(self, beginning: str) -> Query:
        words = self._searcher.terms_with_prefix("surface", beginning, limit=MAX_BEGINNINGS)
        return _any([self._term("surface", word) for word, _ in words])

    def _term(self, field: str, value: object) -> Query:
        return Query.term_query(self._schema, field, value)

    def _frequency(self, one: Filter, choice: Choice[object]) -> int:
        return sum(self._frequency_of(one, value) for value in choice.any_of)

    def _frequency_of(self, one: Filter, value: object) -> int:
        if one.kind is Kind.NAME and not _PERSON_ID.fullmatch(str(value)):
            return self._rarest(one.field, name_tokens(str(value)))
        if one.kind is Kind.WORDS:
            return self._rarest(one.field, tokens(str(value)))
        return self._searcher.doc_freq(_PERSON_IDS.get(one.field, one.field), value)

    def _rarest(self, field: str, terms: Sequence[str]) -> int:
        return min((self._searcher.doc_freq(field, term) for term in terms), default=0)

    def _rarest_word(self, tree: Node | None) -> int:
        """Upper limit of the matches, from the words that must all occur."""
        nodes = tree.nodes if isinstance(tree, AllOf) else (tree,)
        found = [self._searcher.doc_freq("words", token) for node in nodes for token in _needed(node)]
        return min(found, default=self._searcher.num_docs)


def _needed(node: Node | None) -> Iterator[str]:
    if isinstance(node, Word):
        yield node.token
    elif isinstance(node, Phrase):
        yield from node.tokens


def _any(queries: Sequence[Query]) -> Query:
    return _joined(Occur.Should, queries)


def _all(queries: Sequence[Query]) -> Query:
    return _joined(Occur.Must, queries)


def _joined(occur: Occur, queries: Sequence[Query]) -> Query:
    if not queries:
        return Query.empty_query()
    return queries[0] if len(queries) == 1 else Query.boolean_query([(occur, one) for one in queries])
