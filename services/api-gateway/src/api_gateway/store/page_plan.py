"""Chooses how a page of bills is found: by what is rare about it, or along an order until it is full.

Four ways, whose costs `store.page_costs` tells:

- *gather* takes all that match from the index of words and terms, or of a range, and sorts them;
- *near* does so at the near end of the order only, where enough should be; else another way is taken;
- *walk* goes along the index of the order, which carries most of what is asked and so passes over what does not match
  without a look at its row; it ends where it takes much longer than by chance, and then another way is taken;
- *merge* walks every year of a range side by side, for a range on another date than the order's: bills that match may
  all lie at the far end of that order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from api_gateway.store.bill_filter import Position, Sort, SortKey
from api_gateway.store.match import Match
from api_gateway.store.merged_years import merge_page
from api_gateway.store.near import near, nearest
from api_gateway.store.page_costs import (
    Walk,
    gather_costs,
    merge_cost,
    near_cost,
    vain_cost,
    walk,
    worst_cost,
)
from api_gateway.store.page_ways import Limits, Lookup, gather_page, walk_page
from api_gateway.store.rough import Rough
from api_gateway.store.statement import Statement

LED_BY: dict[SortKey, tuple[tuple[str, ...], ...]] = {
    SortKey.LAST_ACTION_AT: ((), ("year",), ("type_code", "year")),
    SortKey.INTRODUCED_ON: ((), ("year",)),
    SortKey.CHANGED_AT: ((), ("year",)),
}
"""Columns that begin an index which goes on with the order; `store.tables` has the indexes."""

_MERGED_BY = {
    (SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT), (SortKey.INTRODUCED_ON, SortKey.CHANGED_AT),
    (SortKey.LAST_ACTION_AT, SortKey.INTRODUCED_ON), (SortKey.LAST_ACTION_AT, SortKey.CHANGED_AT),
}  # fmt: skip

_PATIENCE = 6
"""A walk is given up that has taken so many times as long as it should."""

_SHORTEST_WALK = 3000

_MORE = 4
"""As many matches as are wanted, times this, should be in a near end: they are not spread evenly."""

_NAMESAKES = 3
"""Sponsors, at a guess, of whose names one has two rare words."""

_VAIN = 0.5
_SELDOM = 0.05
"""Chances that a way finds too few: where dates may make it vain, and by the way bills are spread alone."""

_Way = tuple[float, Callable[[], Statement]]


@dataclass(frozen=True, slots=True)
class PagePlan:
    """The statement to run, and the one to run when it gave less than a page; None where the first gives all."""

    first: Statement
    otherwise: Statement | None = None


def plan_page(match: Match, sort: Sort, size: int, after: Position | None) -> PagePlan:
    """How to find `size` bills in an order from after a position."""
    rough = Rough(match)
    if match.asked.ids:
        return PagePlan(gather_page(rough, sort, size, after, Lookup.RANGES))
    best = min((walk(match, sort, size, columns) for columns in _led_by(match, sort)), key=lambda one: one.cost)
    if best.certain:
        return PagePlan(walk_page(match, sort, size, after, certain=True))
    whole = min(_whole_ways(rough, sort, size, after), key=itemgetter(0))
    tried = min((whole, *_tries(rough, sort, size, after, best, whole[0])), key=itemgetter(0))
    return PagePlan(whole[1]()) if tried is whole else PagePlan(tried[1](), whole[1]())


def _whole_ways(rough: Rough, sort: Sort, size: int, after: Position | None) -> Iterator[_Way]:
    """Ways that find all there is."""
    match = rough.match
    for lookup, cost in gather_costs(rough).items():
        yield cost, partial(gather_page, rough, sort, size, after, lookup)
    ranged = _foreign_range(match, sort)
    if ranged is not None:
        yield merge_cost(match, ranged, size), partial(merge_page, match, sort, size, after, ranged)
    yield worst_cost(match, sort), partial(walk_page, match, sort, size, after)


def _tries(rough: Rough, sort: Sort, size: int, after: Position | None, best: Walk, whole: float) -> Iterator[_Way]:
    """Ways that may find too few, with what they cost together with the chance that all must then be found."""
    match = rough.match
    vain = whole * (_VAIN if best.hopeful else _SELDOM)
    several = 1 if rough.exact or not match.asked.author else _NAMESAKES
    part = near(match, sort, size * _MORE * several, after) if rough.terms and not _in_year(match, sort) else None
    if part is not None:
        for terms in (rough, Rough(match, lean=True)):
            yield near_cost(terms, part) + vain, partial(gather_page, terms, sort, size, after, Lookup.TERMS, part.end)
    rows = max(_SHORTEST_WALK, round(best.rows * _PATIENCE))
    entries = max(_SHORTEST_WALK, best.entries * _PATIENCE) / max(match.frequencies.bills, 1.0)
    far = None if best.led_by else nearest(match, sort, entries, after)
    short = partial(walk_page, match, sort, size, after, Limits(far.end if far else None, rows))
    if best.hopeful:
        yield best.cost * (1 + _VAIN * _PATIENCE) + vain, short
        long = partial(walk_page, match, sort, size, after, Limits(rows=rows))
        yield best.cost + vain_cost(match, sort) + whole * _SELDOM, long
    else:
        yield best.cost + vain, short


def _led_by(match: Match, sort: Sort) -> list[tuple[str, ...]]:
    return [columns for columns in LED_BY[sort.key] if all(column in match.single for column in columns)]


def _in_year(match: Match, sort: Sort) -> bool:
    """Whether the bills wanted lie together in an order: those of a year do by their dates."""
    return "year" in match.single and sort.key is not SortKey.CHANGED_AT


def _foreign_range(match: Match, sort: Sort) -> SortKey | None:
    """The narrowest range on another date whose years can be walked in this order; none for the bills of one year."""
    if "year" in match.single:
        return None
    found = [key for key in match.ranges if (key, sort.key) in _MERGED_BY]
    return min(found, key=match.ranges.__getitem__, default=None)
