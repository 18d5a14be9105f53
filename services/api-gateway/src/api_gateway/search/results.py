"""Pages of bills in a sort order, counts and facets, all from one snapshot of the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tantivy import DocAddress, Occur, Order, Query

from api_gateway.search.filtering.bill_filter import BillFilter, Sort, SortKey
from api_gateway.search.filtering.filters import FACETS
from api_gateway.search.index.index_state import PARTS, IndexState
from api_gateway.search.orders import ordinal_of
from api_gateway.search.query_compiler import Compiled
from api_gateway.search.ranges import edge

COMMON = 16
"""If more than one bill in so many may match, the first partitions of the order are searched first. With rarer filters,
sorting all matches is faster.
"""

BEGINNING = PARTS // 16
"""Partitions that are searched first. Far fewer usually fill a page; but if filters correlate with the order, as date
of introduction and date of last action do, the first partitions have few of the matches.
"""

FACET_VALUES = 100
"""The most frequent values of a facet that are returned."""

ALL_VALUES = 65_000
"""More values than any counted field has in one segment; with a lower limit, Tantivy's counts are estimates."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A bill of a page: its rendered list item, and the texts for highlights."""

    summary: bytes
    texts: bytes | None


@dataclass(frozen=True, slots=True)
class Page:
    """Bills in order, the sort value of the last one, and whether more follow."""

    hits: list[Hit]
    last: int | None
    more: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Exact counts by value of each facet over all `counted` matches, the most frequent value first."""

    counted: int
    values: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)


def ordered_page(state: IndexState, bill_filter: BillFilter, sort: Sort, limit: int, after: int | None) -> Page:
    """At most `limit` bills after a value of a sort order. One query; a second one over the rest of the order if the
    partitions searched first do not fill the page.
    """
    compiler, compiled = state.compiler, state.compiler.filter(bill_filter)
    order, descending = sort.key.value, sort.descending
    found: list[tuple[int, DocAddress]] = []
    part = None
    if not _are_few(compiled, state):
        behind = _behind(bill_filter, order, after, descending=descending)
        parts = 1 if bill_filter == BillFilter() else BEGINNING
        part = state.begin(order, behind, parts, descending=descending)
    if part is not None:
        found = _search(state, compiler.within(compiled, part), sort, limit + 1)
    if part is None or len(found) <= limit:
        rest = state.rest(order, after, descending=descending)
        whole = compiled.query if rest is None else compiler.within(compiled, rest)
        found = _search(state, whole, sort, limit + 1)
    shown = found[:limit]
    return Page(hits(state, [address for _, address in shown]), shown[-1][0] if shown else None, len(found) > limit)


def few_may_match(state: IndexState, bill_filter: BillFilter) -> bool:
    """Whether a page of these bills is one look at a sixteenth of all bills, or at fewer."""
    return _are_few(state.compiler.filter(bill_filter), state)


def _are_few(compiled: Compiled, state: IndexState) -> bool:
    return compiled.max_matches * COMMON <= state.searcher.num_docs


def _behind(bill_filter: BillFilter, order: str, after: int | None, *, descending: bool) -> int | None:
    """The value after which the page's bills lie: the cursor, or the limit of a range in the same order."""
    places = [one for one in (after, edge(bill_filter.ranges, order, descending=descending)) if one is not None]
    return (min if descending else max)(places, default=None)


def hits(state: IndexState, addresses: Iterable[DocAddress]) -> list[Hit]:
    """The stored fields of these documents."""
    documents = [state.searcher.doc(address) for address in addresses]
    return [Hit(bytes(one["summary"][0]), _first(one["texts"])) for one in documents]


def count(state: IndexState, query: Query) -> int:
    """Number of bills that match."""
    found: Any = state.searcher.search(query, limit=1, count=True)
    return int(found.count)  # the package's type hints lack it


def matching_ids(state: IndexState, bill_filter: BillFilter, most: int) -> list[str] | None:
    """Ids of all bills that match, in no order; None if there are more than `most`."""
    query = state.compiler.filter(bill_filter).query
    found = state.searcher.search(query, limit=most + 1, count=False, order_by_field=SortKey.CHANGED_AT.value).hits
    return None if len(found) > most else [state.searcher.doc(address)["id"][0] for _, address in found]


def matching_among(state: IndexState, bill_filter: BillFilter, bills: Mapping[int, str]) -> list[str]:
    """Ids of those given bills that match a filter, in no order. `bills` are ids by ordinal. No document is read: an
    ordinal is in the sort value of its match.
    """
    if not bills:
        return []
    named = Query.const_score_query(Query.term_set_query(state.index.schema, "id", list(bills.values())), 0.0)
    query = Query.boolean_query([(Occur.Must, state.compiler.filter(bill_filter).query), (Occur.Must, named)])
    order = SortKey.LAST_ACTION_AT.value
    found = state.searcher.search(query, limit=len(bills), count=False, order_by_field=order).hits
    return [bills[ordinal_of(value)] for value, _ in found]


def facets(state: IndexState, query: Query, names: Sequence[str]) -> FacetCounts:
    """Exact counts over all matches."""
    found = value_counts(state, query, {name: FACETS[name] for name in names}, FACET_VALUES)
    return FacetCounts(count(state, query), {name: commonest_first(pairs) for name, pairs in found.items()})


def value_counts(
    state: IndexState, query: Query, fields: Mapping[str, str], most: int
) -> dict[str, list[tuple[Any, int]]]:
    """The values of fields over all matches, each with its exact count, by the names given; at most `most` values per
    field. Numbers are integers.
    """
    aggregations = {
        name: {"terms": {"field": field, "size": most, "segment_size": ALL_VALUES}} for name, field in fields.items()
    }
    found = state.searcher.aggregate(query, aggregations)
    return {name: [(_whole(one["key"]), one["doc_count"]) for one in found[name]["buckets"]] for name in fields}


def commonest_first(pairs: Iterable[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Values by descending count, equal counts by value."""
    return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))


def type_codes(state: IndexState) -> frozenset[str]:
    """Every official type code in the index."""
    return frozenset(code for code, _ in state.searcher.terms_with_prefix("type_code", ""))


def _search(state: IndexState, query: Query, sort: Sort, limit: int) -> list[tuple[int, DocAddress]]:
    assert sort.key is not SortKey.RELEVANCE
    order = Order.Desc if sort.descending else Order.Asc
    return state.searcher.search(query, limit=limit, count=False, order_by_field=sort.key.value, order=order).hits


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value  # Tantivy returns every number as a float


def _first(values: list[Any]) -> bytes | None:
    return bytes(values[0]) if values else None
