"""Chooses how a page of bills is found: by what is rare about it, or along an order until it is full.

Five ways, whose costs `store.page_costs` tells:

- *gather* takes all that match from the index of words and terms, or of a range, and sorts them;
- *near* does so at the near end of the order only, where enough should be; else in a longer part of it, or another way
  is taken;
- *pick* takes all that match what the index of a range carries, sorts them without a look at their rows, and looks at
  these in order until the page is full;
- *walk* goes along the index of the order, which carries most of what is asked and so passes over what does not match
  without a look at its row; it ends where it takes much longer than by chance, and then another way is taken;
- *merge* walks every year of a range side by side, for a range on another date than the order's: bills that match may
  all lie at the far end of that order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import Any

from api_gateway.store.bill_filter import Position, Sort, SortKey
from api_gateway.store.match import Match
from api_gateway.store.merged_years import merge_page
from api_gateway.store.near import Near, near, nearest
from api_gateway.store.page_costs import (
    Walk,
    gather_costs,
    merge_cost,
    near_cost,
    pick,
    vain_cost,
    walk,
    worst_cost,
)
from api_gateway.store.page_ways import Limits, Lookup, gather_page, pick_page, walk_page
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

_NEAR = {2: 0.15, 4: 0.05, 8: 0.03}
"""A near end that should hold so many times the matches that are wanted, and the chance that it holds fewer than these
all the same: they are not spread evenly."""

_NEAR_ENDS = ((4,), (2, 8))
"""Near ends that are looked at one after another."""

_NAMESAKES = 3
"""Sponsors, at a guess, of whose names one has two rare words."""

_MORE = 4
"""Times the page: the least that is looked at, since some are removed bills."""

_TWO_RANGES = 0.15
_VAIN = 0.5
_SELDOM = 0.03
"""Chances that a way finds too few: where two ranges may have few bills in common, where dates may make it vain, and
by the way bills are spread alone."""

_Way = tuple[float, tuple[Callable[[], Statement], ...]]
"""What it should cost, and its statements."""


class PagePlan:
    """Statements to run until one gives a whole page: at most four, of which the last finds all there is.

    Each is made when it is come to: the first is mostly enough.
    """

    def __init__(self, *makers: Callable[[], Statement]) -> None:
        self._makers = makers
        self._made: list[Statement] = []

    def __iter__(self) -> Iterator[Statement]:
        for number, make in enumerate(self._makers):
            if number == len(self._made):
                self._made.append(make())
            yield self._made[number]


@dataclass(frozen=True, slots=True)
class _Page:
    """The page that is planned."""

    match: Match
    sort: Sort
    size: int
    after: Position | None

    def by(self, way: Callable[..., Statement], *told: Any) -> Callable[[], Statement]:
        return partial(way, self.match, self.sort, self.size, self.after, *told)

    def gathered(self, rough: Rough, *told: Any) -> Callable[[], Statement]:
        return partial(gather_page, rough, self.sort, self.size, self.after, *told)


def plan_page(match: Match, sort: Sort, size: int, after: Position | None) -> PagePlan:
    """How to find `size` bills in an order from after a position."""
    page, rough = _Page(match, sort, size, after), Rough(match)
    if match.asked.ids:
        return PagePlan(page.gathered(rough, Lookup.RANGES))
    best = min((walk(match, sort, size, columns) for columns in _led_by(match, sort)), key=lambda one: one.cost)
    if best.certain:
        return PagePlan(partial(walk_page, match, sort, size, after, certain=True))
    whole = _picked_first(page, _cheapest(_whole_ways(page, rough)))
    near_ends = _near_ends(page, rough, whole[0], best.hopeful)
    _, makers = _cheapest([whole, *_joined(near_ends, whole), *_joined(_walks(page, best, whole[0]), whole)])
    return PagePlan(*makers)


def _cheapest(ways: Iterable[_Way]) -> _Way:
    return min(ways, key=itemgetter(0))


def _joined(tries: Iterable[_Way], whole: _Way) -> Iterator[_Way]:
    """Each followed by the way that finds all there is, whose cost they count by the chance that it is needed."""
    return ((cost, (*makers, *whole[1])) for cost, makers in tries)


def _whole_ways(page: _Page, rough: Rough) -> Iterator[_Way]:
    """Ways that find all there is."""
    match, sort = page.match, page.sort
    for lookup, cost in gather_costs(rough).items():
        yield cost, (page.gathered(rough, lookup),)
    if match.ranges:
        yield pick(match, page.size).all, (page.by(pick_page),)
    ranged = _foreign_range(match, sort)
    if ranged is not None:
        yield merge_cost(match, sort, ranged, page.size), (page.by(merge_page, ranged),)
    yield worst_cost(match, sort), (page.by(walk_page),)


def _picked_first(page: _Page, whole: _Way) -> _Way:
    """A way that finds all there is, or one that seldom needs it, if that should cost less."""
    if not page.match.ranges:
        return whole
    picked = pick(page.match, page.size)
    rows = max(_MORE * page.size, round(picked.rows * _PATIENCE))
    cost = picked.first + whole[0] * (_SELDOM if len(page.match.ranges) < 2 else _TWO_RANGES)
    return _cheapest([whole, *_joined([(cost, (page.by(pick_page, rows),))], whole)])


def _near_ends(page: _Page, rough: Rough, whole: float, hopeful: bool) -> Iterator[_Way]:
    """Near ends one after another, each looked at where those before hold too few; none where one is hardly less than
    all."""
    if not rough.terms or _in_year(page.match, page.sort):
        return
    part_for = cache(lambda wanted: near(page.match, page.sort, wanted, page.after))
    for terms in (rough, Rough(page.match, lean=True)) if rough.several else (rough,):
        wanted = page.size * (1 if terms.exact or not page.match.asked.author else _NAMESAKES)
        for times in _NEAR_ENDS:
            yield from _in_turn(page, terms, [(each, part_for(wanted * each)) for each in times], whole, hopeful)


def _in_turn(
    page: _Page, terms: Rough, parts: Sequence[tuple[int, Near | None]], whole: float, hopeful: bool
) -> Iterator[_Way]:
    """Near ends, with how many times the matches wanted each should hold; none where one is hardly less than all."""
    cost, reached, makers = 0.0, 1.0, []
    for each, part in parts:
        if part is None:
            return
        cost += reached * near_cost(terms, part)
        reached = _VAIN if hopeful else _NEAR[each]
        makers.append(page.gathered(terms, Lookup.TERMS, part.end))
    yield cost + reached * whole, tuple(makers)


def _walks(page: _Page, best: Walk, whole: float) -> Iterator[_Way]:
    """Along the order, given up where it takes far longer than by chance."""
    match, sort = page.match, page.sort
    vain = whole * (_VAIN if best.hopeful else _SELDOM)
    rows = max(_SHORTEST_WALK, round(best.rows * _PATIENCE))
    entries = max(_SHORTEST_WALK, best.entries * _PATIENCE) / max(match.frequencies.bills, 1.0)
    far = None if best.led_by else nearest(match, sort, entries, page.after)
    short = page.by(walk_page, Limits(far.end if far else None, rows))
    if best.hopeful:
        yield best.cost * (1 + _VAIN * _PATIENCE) + vain, (short,)
        yield best.cost + vain_cost(match, sort) + whole * _SELDOM, (page.by(walk_page, Limits(rows=rows)),)
    else:
        yield best.cost + vain, (short,)


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
