"""A stretch of an order of bills, as terms that are looked up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api_gateway.search import orders
from api_gateway.search.bill_filter import Range
from api_gateway.search.schema import slot_field


@dataclass(frozen=True, slots=True)
class Stretch:
    """All values of an order from `lower` to `upper`, both included.

    `whole` are the terms of slots of which every bill belongs to it, `ends` those of the one or two slots in which
    values must be compared; all are terms of `field`.
    """

    order: str
    lower: int
    upper: int | None
    whole: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, asked: Range) -> "Stretch":
        """The stretch of a range. Without a lower end it begins with the bills that have no date."""
        order, lower = asked.field, max(asked.lower or 0, 0)
        highest = orders.slot_begin(order, orders.LAST_SLOT)
        upper = None if asked.upper is None or asked.upper >= highest else asked.upper
        if lower > (highest if upper is None else upper):
            return cls(order, lower, upper, (), ())
        first, last = orders.slot(order, lower), orders.slot(order, highest if upper is None else upper)
        ends: list[int] = []
        if lower > orders.slot_begin(order, first):
            ends.append(first)
        if upper is not None and upper < orders.slot_begin(order, last + 1) - 1 and last not in ends:
            ends.append(last)
        whole = orders.terms_between(first + (first in ends), last - (last in ends))
        return cls(order, lower, upper, tuple(whole), tuple(orders.slot_terms(end)[0] for end in ends))

    @property
    def field(self) -> str:
        """The field of the terms."""
        return slot_field(self.order)

    @property
    def touched(self) -> tuple[int, ...]:
        """All terms: no other bill can belong to the stretch."""
        return self.whole + self.ends


def dated(asked: Range) -> Range:
    """A range that is asked for by dates: without those that have none. Raises KeyError for what is no order."""
    return replace(asked, lower=max(asked.lower or 0, orders.slot_begin(asked.field, 1)))


def edge(ranges: Sequence[Range], order: str, *, descending: bool) -> int | None:
    """The place of an order behind which all bills of these ranges lie; None where its beginning is that place."""
    for one in ranges:
        if one.field != order:
            continue
        if not descending:
            return (dated(one).lower or 0) - 1
        return None if one.upper is None else one.upper + 1
    return None
