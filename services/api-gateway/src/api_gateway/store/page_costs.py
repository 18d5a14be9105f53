"""What each way to a page of bills should cost, in microseconds of PostgreSQL: what counts is how they compare."""

import math
from dataclasses import dataclass

from api_gateway.store.bill_filter import Sort, SortKey
from api_gateway.store.match import Match
from api_gateway.store.near import Near
from api_gateway.store.page_ways import Lookup
from api_gateway.store.rough import Rough

ENTRY = 0.1
"""Of an entry that an index passes over."""

_ROW = 2.0
"""Of looking at the row behind an entry: it may be anywhere in the table."""

_ARRAY = 2.0
"""Of looking for a party, a state or a subject in it."""

_TEXT = 10.0
"""Of looking for words in a row: its vector lies beside the table."""

_CAREERS = 24.0
"""Of looking for a sponsor, whose bills are of some years only, so that others are passed in vain."""

_GATHERED = 3.0
"""Of a row that is gathered, page by page of the table, and sorted."""

_NEIGHBOUR = 1.5
"""Of one that is gathered by a date: bills of one time were stored beside each other."""

_PICKED = 0.15
_SORTED = 0.35
_RANKED = 0.1
"""Of an entry that an index gives without its row, of sorting it with all others, and of telling whether it is among
the first."""

_BY_KEY = 4.0
"""Of finding a row by its id."""

_LISTED = 0.18
_COMPARED = 0.04
_RANGED = 0.09
"""Of a row's place in the rarest term's list, in those that this one is compared with, and in the index of a date."""

_AGAINST = 0.8
"""Share of a year that is passed over, at a guess, where one more range is wanted: its bills may lie at the far end."""

_YEARS_KEPT = 40
"""Where nothing is known of them."""

_YEAR = 30.0
"""Of beginning one more walk."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk along an order among bills that have one value in each of the columns `led_by`, as chance would have it.

    Passing `entries` of the index it should look at `rows`; that is its cost. `certain` is one that passes nothing over
    and looks at the rows of the page alone, `hopeful` one that dates may make a vain one.
    """

    led_by: tuple[str, ...]
    entries: float
    rows: float
    cost: float
    certain: bool
    hopeful: bool


def walk(match: Match, sort: Sort, size: int, led_by: tuple[str, ...]) -> Walk:
    """A walk for a page of bills."""
    bills, inside, foreign = _bills(match), 1.0, other_dates(match, sort)
    for column in led_by:
        inside *= match.share_of(column)
    passed = min(1.0, match.carried / max(inside, 1e-9))
    for key in foreign:
        passed *= match.ranges_in_year.get(key, match.ranges[key]) if "year" in led_by else match.ranges[key]
    rows = min(size / max(_looked_at(match), 1e-9), bills * inside * passed)
    entries = min(rows / max(passed, 1e-9), bills * inside)
    certain = not foreign and set(led_by) == set(match.single) and _only_single(match)
    hopeful = any(not _goes_with(match, key, sort) for key in foreign)
    return Walk(led_by, entries, rows, entries * ENTRY + rows * _each(match), certain, hopeful)


def vain_cost(match: Match, sort: Sort) -> float:
    """What is added where all bills outside of the ranges on other dates come first."""
    outside = sum(1 - match.ranges[key] for key in other_dates(match, sort))
    return min(1.0, outside) * _bills(match) * ENTRY


def worst_cost(match: Match, sort: Sort) -> float:
    """Of a walk that passes everything."""
    looked_at = match.carried * math.prod(match.ranges[key] for key in other_dates(match, sort))
    return _bills(match) * (ENTRY + looked_at * _each(match))


def _terms(rough: Rough) -> float:
    return rough.least * _LISTED + rough.others * _COMPARED


def gather_costs(rough: Rough) -> dict[Lookup, float]:
    """Of gathering all that match, by what indexes are asked for; empty where nothing narrows them."""
    match, found = rough.match, {}
    if rough.terms:
        found[Lookup.TERMS] = _terms(rough) + rough.share * _gathered(rough)
    if match.ranges:
        narrowest, inside = _ranged(match)
        found[Lookup.RANGES] = narrowest * ENTRY + inside * match.carried * (_NEIGHBOUR + _arrays(rough, frozenset()))
        if rough.terms:
            found[Lookup.BOTH] = _terms(rough) + narrowest * _RANGED + rough.share * inside * _gathered(rough)
    return {lookup: _bills(match) * each for lookup, each in found.items()}


def _ranged(match: Match) -> tuple[float, float]:
    """Shares of bills: in the narrowest of the ranges, and in all of them."""
    narrowest, inside = min(match.ranges.values()), 1.0
    for key, part in match.ranges.items():
        inside *= match.ranges_in_year.get(key, part)
    if match.ranges_in_year:
        narrowest = min(narrowest, match.share_of("year") * min(match.ranges_in_year.values()))
    return narrowest, inside


@dataclass(frozen=True, slots=True)
class Pick:
    """Picking keys from the index of a range: what it costs where all are sorted, and where only the first are told
    from the others; and how many of their rows should be looked at.
    """

    all: float
    first: float
    rows: float


def pick(match: Match, size: int) -> Pick:
    """Of picking a page from the narrowest range; there has to be one."""
    narrowest, inside = _ranged(match)
    keys = _bills(match) * inside * match.carried
    rows = min(size / max(_looked_at(match), 1e-9), keys)
    cost = _bills(match) * narrowest * ENTRY + keys * _PICKED + rows * (_BY_KEY + _each(match) - _ROW)
    return Pick(cost + keys * _SORTED, cost + keys * _RANKED, rows)


def near_cost(rough: Rough, part: Near) -> float:
    """Of gathering what is in a part of an order."""
    each = _terms(rough) + part.part * _RANGED + rough.share * part.part * _gathered(rough)
    return _bills(rough.match) * each


def merge_cost(match: Match, sort: Sort, ranged: SortKey, size: int) -> float:
    """Of walking the years of a range side by side."""
    years, ends = _years(match, ranged), [end for end in match.asked.ends if end.key is ranged]
    inside = _bills(match) * match.ranges[ranged] / years
    # of a sponsor there is no bill at all in some of these years
    looked_at = 0.0 if match.asked.author else _looked_at(match)
    passed = match.carried * math.prod(part for key, part in match.ranges.items() if key is not ranged)
    rows = min(size / max(looked_at, 1e-9), inside * passed)
    entries = min(rows / max(passed, 1e-9), inside)
    if len(other_dates(match, sort)) > 1:
        entries = max(entries, inside * _AGAINST)
    return years * (_YEAR + entries * ENTRY + rows * _each(match)) + len(ends) * inside * ENTRY


def _years(match: Match, ranged: SortKey) -> int:
    """How many years a range has of those there are bills of."""
    known = match.frequencies.bounds.get(ranged)
    if not known:
        return _YEARS_KEPT
    low, high = known[0].year, known[-1].year
    for end in match.asked.ends:
        if end.key is ranged:
            low, high = (max(low, end.value.year), high) if end.operator == ">=" else (low, min(high, end.value.year))
    return max(high - low, 0) + 1


def other_dates(match: Match, sort: Sort) -> list[SortKey]:
    """Dates of which a range is wanted and that are not the order's own."""
    return [key for key in match.ranges if key is not sort.key]


def _bills(match: Match) -> float:
    return max(match.frequencies.bills, 1.0)


def _looked_at(match: Match) -> float:
    """Of the bills that match all that the indexes carry, the share that match the rest as well."""
    return min(1.0, match.share / max(match.carried, 1e-9))


def _goes_with(match: Match, key: SortKey, sort: Sort) -> bool:
    """Whether bills where the order begins are in a range on another date: what is newly introduced moved lately."""
    beginning = ">" if sort.descending else "<"
    related = {key, sort.key} == {SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT}
    return related and all(end.operator.startswith(beginning) for end in match.asked.ends if end.key is key)


def _each(match: Match) -> float:
    """Cost of looking at a row that no index has passed over."""
    asked = match.asked
    if asked.author:
        return _CAREERS
    if match.words is not None or asked.urns:
        return _TEXT
    return _ROW + _ARRAY if asked.party or asked.state or asked.subject else _ROW


def _gathered(rough: Rough) -> float:
    return _GATHERED + _arrays(rough, rough.told)


def _arrays(rough: Rough, told: frozenset[str]) -> float:
    asked = rough.match.asked
    arrays = {"party": asked.party, "state": asked.state, "subject": asked.subject}
    return sum(_ARRAY for name, wanted in arrays.items() if wanted and name not in told)


def _only_single(match: Match) -> bool:
    asked = match.asked
    several = [choice for choice in asked.choices if len(choice.any_of) > 1 or choice.none_of]
    beside = (asked.number, asked.author, asked.party, asked.state, asked.subject)
    return not (several or any(beside) or asked.text or asked.in_progress is not None or asked.urns)
