"""Compiles ranges of the sort orders: whole slots are looked up, values are compared only in the slots at the ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from tantivy import FieldType, Occur, Query, Schema, Searcher

from api_gateway.search import orders
from api_gateway.search.filtering.bill_filter import Range
from api_gateway.search.index_schema import ORDERS, slot_field


@dataclass(frozen=True, slots=True)
class SlotRange:
    """All values of a sort order from `lower` to `upper`, both included; None means no upper limit.

    `whole` are the terms of slots that lie completely inside, `ends` those of the one or two slots in which values must
    be compared; all are terms of `field`.
    """

    order: str
    lower: int
    upper: int | None
    whole: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, bounds: Range, last_slot: int = orders.LAST_SLOT) -> "SlotRange":
        """The terms of a range, if no bill lies after `last_slot`. Without a lower limit it begins with the bills
        without a date.
        """
        order, lower = bounds.field, max(bounds.lower or 0, 0)
        behind = orders.slot_begin(order, last_slot + 1)
        upper = None if bounds.upper is None or bounds.upper >= behind - 1 else bounds.upper
        if lower > (behind - 1 if upper is None else upper):
            return cls(order, lower, upper, (), ())
        first, last = orders.slot(order, lower), last_slot if upper is None else orders.slot(order, upper)
        ends: list[int] = []
        if lower > orders.slot_begin(order, first):
            ends.append(first)
        if upper is not None and upper < orders.slot_begin(order, last + 1) - 1 and last not in ends:
            ends.append(last)
        whole = orders.terms_between(first + (first in ends), last - (last in ends))
        return cls(order, lower, upper, tuple(whole), tuple(orders.slot_terms(end)[0] for end in ends))

    @property
    def field(self) -> str:
        """The index field of the terms."""
        return slot_field(self.order)

    @property
    def touched(self) -> tuple[int, ...]:
        """All terms: no bill outside of them can be in the range."""
        return self.whole + self.ends


class RangeCompiler:
    """Compiles for one snapshot of the index. `last_slots`: the last slot of each order that has a bill."""

    def __init__(self, schema: Schema, searcher: Searcher, last_slots: Mapping[str, int]) -> None:
        self._schema = schema
        self._searcher = searcher
        self._last_slots = last_slots

    def dated(self, bounds: Range) -> tuple[Query, int]:
        """The bills of a range of dates, and an upper limit of their number.

        To exclude the bills outside instead, even if they are fewer, takes twice the time.
        """
        if bounds.field not in ORDERS:
            return self._value_range(bounds.field, bounds.lower, bounds.upper), self._searcher.num_docs
        inside = self._slot_range(dated(bounds))
        return self._query(inside), sum(self._searcher.doc_freq(inside.field, term) for term in inside.touched)

    def within(self, bounds: Range) -> Query:
        """All bills of a range of a sort order, including those without a date."""
        return self._query(self._slot_range(bounds))

    def _slot_range(self, bounds: Range) -> SlotRange:
        return SlotRange.of(bounds, self._last_slots.get(bounds.field, orders.LAST_SLOT))

    def _query(self, part: SlotRange) -> Query:
        found = [self._term(part, term) for term in part.whole]
        if part.ends:
            values = self._value_range(part.order, part.lower, part.upper)
            at_the_ends = _any([self._term(part, term) for term in part.ends])
            found.append(Query.boolean_query([(Occur.Must, at_the_ends), (Occur.Must, values)]))
        return _any(found)

    def _value_range(self, field: str, lower: int | None, upper: int | None) -> Query:
        return Query.range_query(self._schema, field, FieldType.Integer, lower, upper)

    def _term(self, part: SlotRange, term: int) -> Query:
        return Query.term_query(self._schema, part.field, term)


def last_slots(searcher: Searcher) -> dict[str, int]:
    """The last slot of each order that has a bill, or had one that was replaced."""
    return {order: orders.last_slot(partial(_has, searcher, slot_field(order))) for order in ORDERS}


def dated(bounds: Range) -> Range:
    """A range of dates without the bills that have no date. Raises KeyError if its field is not a sort order."""
    return replace(bounds, lower=max(bounds.lower or 0, orders.slot_begin(bounds.field, 1)))


def edge(ranges: Sequence[Range], order: str, *, descending: bool) -> int | None:
    """The value of an order before the first bill of these ranges, in the given direction; None if they start at the
    beginning.
    """
    for one in ranges:
        if one.field != order:
            continue
        if not descending:
            return (dated(one).lower or 0) - 1
        return None if one.upper is None else one.upper + 1
    return None


def _has(searcher: Searcher, field: str, term: int) -> bool:
    return searcher.doc_freq(field, term) > 0


def _any(queries: Sequence[Query]) -> Query:
    if not queries:
        return Query.empty_query()
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, one) for one in queries])
