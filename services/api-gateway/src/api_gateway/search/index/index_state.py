"""One state of the index, as one request sees it: a searcher, its position, and the parts that orders are cut into."""

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
"""Parts that each order is cut into, at most; all but the last hold at least so many of the bills."""


@dataclass(frozen=True, slots=True)
class OrderParts:
    """The values at which an order is cut, rising."""

    bounds: tuple[int, ...] = ()

    def end(self, after: int | None, parts: int, *, descending: bool) -> int | None:
        """The value at which a stretch ends that begins behind `after` (None: at the beginning of the order) and holds
        that many parts, or one more; None where that would be all that is left.
        """
        if descending:
            place = (len(self.bounds) if after is None else bisect_left(self.bounds, after)) - 1 - parts
            return self.bounds[place] if place >= 0 else None
        place = (-1 if after is None else bisect_right(self.bounds, after)) + parts
        return self.bounds[place] if place < len(self.bounds) else None


@dataclass(frozen=True, slots=True)
class IndexState:
    """A searcher does not see later commits, so page, count and facets of one request agree."""

    index: Index
    searcher: Searcher
    position: Position
    last_slots: dict[str, int]
    parts: dict[str, OrderParts] = field(default_factory=dict)

    @property
    def compiler(self) -> Compiler:
        """Compiles filters against this state."""
        return Compiler(self.index.schema, self.searcher, self.last_slots)

    def rest(self, order: str, after: int | None, *, descending: bool) -> Range | None:
        """All of an order behind a place; None for all of it."""
        if after is None:
            return None
        return Range(order, upper=after - 1) if descending else Range(order, lower=after + 1)

    def begin(self, order: str, after: int | None, parts: int, *, descending: bool) -> Range | None:
        """So many parts of an order behind a place; None where that would be all that is left."""
        bound = self.parts.get(order, OrderParts()).end(after, parts, descending=descending)
        if bound is None:
            return None
        if descending:
            return Range(order, bound, None if after is None else after - 1)
        return Range(order, None if after is None else after + 1, bound)


def newest_state(index: Index, parts: dict[str, OrderParts] | None = None) -> IndexState:
    """The state of the last commit that the index has loaded; orders are cut anew where no parts are given. Raises
    IndexNotReady where it has no position.
    """
    searcher = index.searcher()
    cut = order_parts(searcher) if parts is None else parts
    return IndexState(index, searcher, position_of(index, searcher), last_slots(searcher), cut)


def order_parts(searcher: Searcher) -> dict[str, OrderParts]:
    """Cuts every order into parts; looks at each bill once. They need not be exact, nor of this very state.

    Bills are counted by slot: Tantivy's percentiles are right to one part in a hundred of the value, which is twenty
    years of a date.
    """
    asked = {
        order: {"histogram": {"field": order, "interval": float(slot_size(order)), "min_doc_count": 1}}
        for order in ORDERS
    }
    found = searcher.aggregate(Query.all_query(), asked)
    return {order: OrderParts(_bounds(found[order]["buckets"])) for order in ORDERS}


def _bounds(slots: list[dict[str, float]]) -> tuple[int, ...]:
    """Where slots begin so that each part holds its share, or, where its slots are large, more."""
    share = sum(one["doc_count"] for one in slots) / PARTS
    bounds: list[int] = []
    held = 0.0
    for one in slots:
        if held >= share:
            bounds.append(int(one["key"]))
            held = 0.0
        held += one["doc_count"]
    return tuple(bounds)
