"""An immutable snapshot of the index, used for one request: searcher, position, and partitions of the sort orders."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from tantivy import Index, Query, Searcher

from api_gateway.search.filtering.bill_filter import Range
from api_gateway.search.index.folder import Position, position_of
from api_gateway.search.index_schema import ORDERS
from api_gateway.search.orders import slot_size
from api_gateway.search.query_compiler import Compiler
from api_gateway.search.ranges import last_slots

PARTS = 256
"""Partitions of each sort order, at most. All but the last have at least 1/256 of the bills."""


@dataclass(frozen=True, slots=True)
class OrderParts:
    """The values of a sort order that separate its partitions, in ascending order."""

    bounds: tuple[int, ...] = ()

    def end(self, after: int | None, parts: int, *, descending: bool) -> int | None:
        """The value at which a range ends that starts after `after` (None: at the first bill) and contains that many
        partitions, or one more. None if such a range would reach the end of the order.
        """
        if descending:
            place = (len(self.bounds) if after is None else bisect_left(self.bounds, after)) - 1 - parts
            return self.bounds[place] if place >= 0 else None
        place = (-1 if after is None else bisect_right(self.bounds, after)) + parts
        return self.bounds[place] if place < len(self.bounds) else None


@dataclass(frozen=True, slots=True)
class IndexState:
    """A snapshot: its searcher does not see later commits, so page, count and facets of one request agree."""

    index: Index
    searcher: Searcher
    position: Position
    last_slots: dict[str, int]
    parts: dict[str, OrderParts] = field(default_factory=dict)

    @property
    def compiler(self) -> Compiler:
        """A compiler of filters for this snapshot."""
        return Compiler(self.index.schema, self.searcher, self.last_slots)

    def rest(self, order: str, after: int | None, *, descending: bool) -> Range | None:
        """The range of a sort order after a value; None for the whole order."""
        if after is None:
            return None
        return Range(order, upper=after - 1) if descending else Range(order, lower=after + 1)

    def begin(self, order: str, after: int | None, parts: int, *, descending: bool) -> Range | None:
        """The range of `parts` partitions of a sort order after a value; None if it would reach the end of the
        order.
        """
        bound = self.parts.get(order, OrderParts()).end(after, parts, descending=descending)
        if bound is None:
            return None
        if descending:
            return Range(order, bound, None if after is None else after - 1)
        return Range(order, None if after is None else after + 1, bound)


def newest_state(index: Index, parts: dict[str, OrderParts] | None = None) -> IndexState:
    """A snapshot of the last commit that the index has loaded. Partitions are computed unless they are given. Raises
    IndexNotReady if the commit has no position.
    """
    searcher = index.searcher()
    cut = order_parts(searcher) if parts is None else parts
    return IndexState(index, searcher, position_of(index, searcher), last_slots(searcher), cut)


def order_parts(searcher: Searcher) -> dict[str, OrderParts]:
    """Computes the partitions of every sort order, by looking at each bill once. They need not be exact, nor of this
    very snapshot.

    Bills are counted by slot. Tantivy's percentiles are not used: their error is one percent of the value, which for a
    date is twenty years.
    """
    aggregations = {
        order: {"histogram": {"field": order, "interval": float(slot_size(order)), "min_doc_count": 1}}
        for order in ORDERS
    }
    found = searcher.aggregate(Query.all_query(), aggregations)
    return {order: OrderParts(_bounds(found[order]["buckets"])) for order in ORDERS}


def _bounds(slots: list[dict[str, float]]) -> tuple[int, ...]:
    """The first values of slots at which partitions begin. A partition has at least its share of the bills; more where
    a slot is large.
    """
    share = sum(one["doc_count"] for one in slots) / PARTS
    bounds: list[int] = []
    held = 0.0
    for one in slots:
        if held >= share:
            bounds.append(int(one["key"]))
            held = 0.0
        held += one["doc_count"]
    return tuple(bounds)
