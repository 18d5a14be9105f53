"""Chooses how a page of bills is found: by what is rare about it, or along an order until it is full.

Four ways, each with a cost in rows that are looked at:

- *gather* takes all that match from the index of words and terms, or of a range, and sorts them;
- *near* does so at the near end of the order only, where enough should be; else another way is taken;
- *walk* goes along an index in the order wanted, of one column's value where that helps, and passes over what does
  not match; it is stopped where it takes much longer than chance would have it, and then another way is taken;
- *merge* walks every year of a range side by side, for a range on another date than the order's: bills that match may
  all lie at the far end of that order.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from api_gateway.store.bill_filter import Position, Sort, SortKey
from api_gateway.store.match import Match
from api_gateway.store.merged_years import merge_page
from api_gateway.store.near import Near, near
from api_gateway.store.page_ways import Walk, gather_page, walk_page
from api_gateway.store.statement import Statement

WALKED_BY: dict[SortKey, tuple[tuple[str, ...], ...]] = {
    SortKey.LAST_ACTION_AT: (("type_code", "year"), ("year",), ("organization",), ("status",), ("type_code",),
                             ("chamber",)),
    SortKey.INTRODUCED_ON: (("year",),),
    SortKey.CHANGED_AT: (("year",),),
}  # fmt: skip
"""Columns that begin an index which goes on with the order; `store.tables` has the indexes."""

_MERGED_BY = {
    (SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT), (SortKey.INTRODUCED_ON, SortKey.CHANGED_AT),
    (SortKey.LAST_ACTION_AT, SortKey.INTRODUCED_ON), (SortKey.LAST_ACTION_AT, SortKey.CHANGED_AT),
}  # fmt: skip

_GATHERED = 1.5
"""Cost of a gathered row: it comes from anywhere in the table, and is sorted."""

_TEXT = 6.0
"""Cost of looking for words in a row that is walked past: its vector lies beside the table."""

_CAREERS = 24.0
"""The same of looking for a sponsor, whose bills are of some years only, so that others are passed in vain."""

_LISTED = 0.25
_RANGED = 0.1
"""Costs of a row's place in the index of words, and in that of a date."""

_WITH_THE_ORDER = 0.3
"""Share of the bills at the beginning of an order that are in a range which goes with it; a careful guess."""

_MORE = 4
"""As many matches as are wanted, times this, should be in a near end: they are not spread evenly."""

_YEARS_KEPT = 40
_YEAR = 30.0


@dataclass(frozen=True, slots=True)
class PagePlan:
    """The statement to run, and the one to run when it gave less than a page; None where the first gives all."""

    first: Statement
    otherwise: Statement | None = None


def plan_page(match: Match, sort: Sort, size: int, after: Position | None) -> PagePlan:
    """How to find `size` bills in an order from after a position."""
    if match.asked.ids:
        return PagePlan(gather_page(match, sort, size, after))
    walk = _best_walk(match, sort, size)
    cost, whole = min(_whole_ways(match, sort, size, after), key=itemgetter(0), default=(math.inf, None))
    part = near(match, sort, size * _MORE, after) if match.by_terms else None
    if whole is None:
        return PagePlan(walk_page(match, sort, size, after, walk, bounded=False))
    if part is not None and _near_cost(match, part) < min(walk.cost, cost):
        return PagePlan(gather_page(match, sort, size, after, part.end), whole())
    if cost < walk.cost:
        return PagePlan(whole())
    if walk.certain:
        return PagePlan(walk_page(match, sort, size, after, walk, bounded=False))
    return PagePlan(walk_page(match, sort, size, after, walk, bounded=True), whole())


def _whole_ways(
    match: Match, sort: Sort, size: int, after: Position | None
) -> Iterator[tuple[float, Callable[[], Statement]]]:
    """Ways that find all there is, with their costs."""
    rare = min(
        match.share, *match.ranges.values(), *(match.share * part for part in match.ranges_in_year.values()), 1.0
    )
    if rare < 1.0:
        yield match.frequencies.bills * rare * _GATHERED, partial(gather_page, match, sort, size, after)
    ranged = _foreign_range(match, sort)
    if ranged is not None:
        yield _merge_cost(match, ranged, size), partial(merge_page, match, sort, size, after, ranged)


def _best_walk(match: Match, sort: Sort, size: int) -> Walk:
    found = [_costed(match, sort, size, ())]
    for columns in WALKED_BY[sort.key]:
        if all(column in match.single for column in columns):
            found.append(_costed(match, sort, size, columns))
    return min(found, key=lambda walk: walk.cost)


def _costed(match: Match, sort: Sort, size: int, columns: tuple[str, ...]) -> Walk:
    bills = max(match.frequencies.bills, 1.0)
    inside = 1.0
    for column in columns:
        inside *= match.share_of(column)
    foreign = [key for key in match.ranges if key is not sort.key]
    rest = min(1.0, match.share / max(inside, 1e-9))
    certain = not foreign and set(columns) == set(match.single) and _only_single(match)
    if "year" in columns:
        for key in foreign:
            rest *= match.ranges_in_year.get(key, 0.0)
    outside = 0.0
    for key in foreign if "year" not in columns else ():
        if _goes_with(match, key, sort):
            rest *= _WITH_THE_ORDER
        else:  # at worst all bills outside the range come first
            outside += bills * (1 - match.ranges[key])
    rows = min(size / max(rest, 1e-9) + outside, bills * inside)
    return Walk(columns, rows, rows * _each(match), certain)


def _goes_with(match: Match, key: SortKey, sort: Sort) -> bool:
    """Whether bills where the order begins are in a range on another date: what is newly introduced moved lately."""
    beginning = ">" if sort.descending else "<"
    related = {key, sort.key} == {SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT}
    return related and all(end.operator.startswith(beginning) for end in match.asked.ends if end.key is key)


def _each(match: Match) -> float:
    """Cost of passing a row."""
    asked = match.asked
    if asked.author:
        return _CAREERS
    return _TEXT if match.words is not None or asked.urns else 1.0


def _near_cost(match: Match, part: Near) -> float:
    found = match.frequencies.bills * match.share
    return found * _LISTED + match.frequencies.bills * part.part * _RANGED + found * part.part * _GATHERED


def _only_single(match: Match) -> bool:
    asked = match.asked
    several = [choice for choice in asked.choices if len(choice.any_of) > 1 or choice.none_of]
    beside = (asked.number, asked.author, asked.party, asked.state, asked.subject)
    return not (several or any(beside) or asked.text or asked.in_progress is not None or asked.urns)


def _foreign_range(match: Match, sort: Sort) -> SortKey | None:
    """The narrowest range on another date whose years can be walked in this order; none for the bills of one year."""
    if "year" in match.single:
        return None
    found = [key for key in match.ranges if (key, sort.key) in _MERGED_BY]
    return min(found, key=match.ranges.__getitem__, default=None)


def _merge_cost(match: Match, ranged: SortKey, size: int) -> float:
    years = 1 + _YEARS_KEPT * match.ranges[ranged]
    inside = match.frequencies.bills / _YEARS_KEPT
    # of a sponsor there is no bill at all in some of these years
    rest = 0.0 if match.asked.author else match.whole_but(ranged)
    return years * (_YEAR + min(size / max(rest, 1e-9), inside) * _each(match))
