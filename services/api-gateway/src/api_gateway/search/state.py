"""One state of the index, as one request sees it: a searcher, its position, and the parts that orders are cut into."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from tantivy import Index, Query, Searcher

from api_gateway.search.bill_filter import Range
from api_gateway.search.index import Position, position_of
from api_gateway.search.orders import slot_size
from api_gateway.search.query import Compiler
from api_gateway.search.schema import ORDERS

PARTS = 16
"""Parts of about equal size that each order is cut into."""


@dataclass(frozen=True, slots=True)
class OrderParts:
    """The values at which an order is cut, rising."""

    bounds: tuple[int, ...] = ()

    def part_end(self, after: int | None, *, descending: bool) -> int | None:
        """The value at which a part ends that begins behind `after` (None: at the beginning of the order) and holds one
        to two sixteenths of the bills; None where that would be all that is left.
        """
        if not self.bounds:
            return None
        if descending:
            place = len(self.bounds) if after is None else bisect_left(self.bounds, after)
            place -= 1 if after is None else 2
            return self.bounds[place] if place >= 0 else None
        place = 0 if after is None else bisect_right(self.bounds, after) + 1
        return self.bounds[place] if place < len(self.bounds) else None


@dataclass(frozen=True, slots=True)
class IndexState:
    """A searcher does not see later commits, so page, count and facets of one request agree."""

    index: Index
    searcher: Searcher
    position: Position
    parts: dict[str, OrderParts] = field(default_factory=dict)

    @property
    def compiler(self) -> Compiler:
        """Compiles filters against this state."""
        return Compiler(self.index.schema, self.searcher)

    def rest(self, order: str, after: int | None, *, descending: bool) -> Range | None:
        """All of an order behind a place; None for all of it."""
        if after is None:
            return None
        return Range(order, upper=after - 1) if descending else Range(order, lower=after + 1)

    def part(self, order: str, after: int | None, *, descending: bool) -> Range | None:
        """The part of an order that begins behind a place; None where it would be all that is left."""
        bound = self.parts.get(order, OrderParts()).part_end(after, descending=descending)
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
    return IndexState(index, searcher, position_of(index, searcher), cut)


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
    """Where slots begin so that about equally many bills lie between two bounds."""
    share = sum(one["doc_count"] for one in slots) / PARTS
    bounds: list[int] = []
    before = 0.0
    for one in slots:
        if before >= share * (len(bounds) + 1):
            bounds.append(int(one["key"]))
        before += one["doc_count"]
    return tuple(bounds)
