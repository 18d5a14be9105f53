"""The near end of an order: the part that should hold the bills wanted, by the histogram of the order's date."""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api_gateway.store.bill_filter import End, Position, Sort, SortKey
from api_gateway.store.frequencies import as_instant
from api_gateway.store.match import Match

_LARGEST = 0.3
"""Share of all bills above which looking at a part saves too little."""

_LATEST = {SortKey.INTRODUCED_ON: (SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT)}
_EARLIEST = {SortKey.LAST_ACTION_AT: (SortKey.LAST_ACTION_AT, SortKey.INTRODUCED_ON)}
"""Dates of which an end also ends an order from its latest bill on, and from its earliest."""


@dataclass(frozen=True, slots=True)
class Near:
    """Bills from where an order or its own range begins up to an end; `part` is their share of all bills."""

    end: End
    part: float


def near(match: Match, sort: Sort, wanted: int, after: Position | None = None) -> Near | None:
    """The part that should hold `wanted` bills that match, from after a position; None where that is hardly less than
    all."""
    found = match.whole_but(sort.key) * match.frequencies.bills
    implied = [end for end in match.asked.ends if end.key is not sort.key and _cuts(end, sort)]
    return nearest(match, sort, wanted / found, after, implied) if found > 0 else None


def nearest(
    match: Match, sort: Sort, share: float, after: Position | None = None, implied: Sequence[End] = ()
) -> Near | None:
    """The part that holds a share of all bills, those included that a range on another date leaves out, from where the
    order begins or from after a position; None where that is hardly less than all. `implied` are ends of ranges on
    other dates before which there is hardly a bill.
    """
    bounds = match.frequencies.bounds.get(sort.key)
    if not bounds:
        return None
    last = len(bounds) - 1
    steps = max(1, math.ceil(min(share, 1.0) * last))
    own = [end for end in match.asked.ends if end.key is sort.key and _cuts(end, sort)]
    begins = _start(sort, bounds, own, after)
    start = _start(sort, bounds, [*own, *implied], after)
    place = start - steps if sort.descending else start + steps
    part = (abs(place - begins) + 1) / last
    if part > _LARGEST or not 0 < place < last:
        return None
    at = bounds[place]
    operator = ">=" if sort.descending else "<="
    return Near(End(sort.key, operator, at.date() if sort.key is SortKey.INTRODUCED_ON else at), part)


def _start(sort: Sort, bounds: Sequence[datetime], ends: Sequence[End], after: Position | None) -> int:
    """Where in the histogram the first whole step of the page begins: the one it begins within may be over at once."""
    values = [end.value for end in ends]
    instants = [as_instant(at) for at in (*values, *((after.value,) if after else ())) if isinstance(at, date)]
    if sort.descending:
        return bisect.bisect_right(bounds, min(instants)) - 1 if instants else len(bounds) - 1
    return bisect.bisect_left(bounds, max(instants)) if instants else 0


def _cuts(end: End, sort: Sort) -> bool:
    """Whether no bill, or hardly one, comes before the end of that range: a bill moves after it is introduced."""
    if sort.descending:
        return end.key in _LATEST.get(sort.key, (sort.key,)) and end.operator.startswith("<")
    return end.key in _EARLIEST.get(sort.key, (sort.key,)) and end.operator.startswith(">")
