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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from api_gateway.store.bill_filter import End, Position, Sort, SortKey
from api_gateway.store.conditions import Arguments, conjoined, lasting, wanted, words
from api_gateway.store.match import Match
from api_gateway.store.near import Near, near
from api_gateway.store.statement import Statement

WALKED_BY: dict[SortKey, tuple[tuple[str, ...], ...]] = {
    SortKey.LAST_ACTION_AT: (("type_code", "year"), ("year",), ("organization",), ("status",), ("type_code",),
                             ("chamber",)),
    SortKey.INTRODUCED_ON: (("year",),),
    SortKey.CHANGED_AT: (("year",),),
}  # fmt: skip
"""Columns that begin an index which goes on with the order; `store.tables` has the indexes."""

YEARS = {
    SortKey.INTRODUCED_ON: "EXTRACT(year FROM b.introduced_on)::integer",
    SortKey.LAST_ACTION_AT: "EXTRACT(year FROM b.last_action_at AT TIME ZONE 'UTC')::integer",
}
"""As the indexes have them."""
_MERGED_BY = {
    (SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT), (SortKey.INTRODUCED_ON, SortKey.CHANGED_AT),
    (SortKey.LAST_ACTION_AT, SortKey.INTRODUCED_ON), (SortKey.LAST_ACTION_AT, SortKey.CHANGED_AT),
}  # fmt: skip

_GATHERED = 1.5
"""Cost of a gathered row: it comes from anywhere in the table, and is sorted."""

_TEXT = 6.0
"""Cost of looking for words in a row that is walked past: its vector lies beside the table."""

_LISTED = 0.25
_RANGED = 0.1
"""Costs of a row's place in the index of words, and in that of a date."""

_WITH_THE_ORDER = 0.3
"""Share of the bills at the beginning of an order that are in a range which goes with it; a careful guess."""

_MORE = 4
"""As many matches as are wanted, times this, should be in a near end: they are not spread evenly."""

_YEARS_KEPT = 40
_YEAR = 30.0
_PATIENCE = 6
_SHORTEST_WALK = 3000


@dataclass(frozen=True, slots=True)
class PagePlan:
    """The statement to run, and the one to run when it gave less than a page; None where the first gives all."""

    first: Statement
    otherwise: Statement | None = None


@dataclass(frozen=True, slots=True)
class _Walk:
    columns: tuple[str, ...]
    rows: float
    cost: float
    certain: bool
    """Nothing is passed over: every row walked is a row of the page."""


def plan_page(match: Match, sort: Sort, size: int, after: Position | None) -> PagePlan:
    """How to find `size` bills in an order from after a position."""
    if match.asked.ids:
        return PagePlan(_gather(match, sort, size, after))
    walk = _best_walk(match, sort, size)
    cost, whole = min(_whole_ways(match, sort, size, after), key=itemgetter(0), default=(math.inf, None))
    part = near(match, sort, size * _MORE, after) if match.by_terms else None
    if part is not None and _near_cost(match, part) < min(walk.cost, cost):
        return PagePlan(_gather(match, sort, size, after, part.end), whole and whole())
    if cost < walk.cost and whole is not None:
        return PagePlan(whole())
    if walk.certain or whole is None:
        return PagePlan(_walk(match, sort, size, after, walk, bounded=False))
    return PagePlan(_walk(match, sort, size, after, walk, bounded=True), whole())


def _whole_ways(
    match: Match, sort: Sort, size: int, after: Position | None
) -> Iterator[tuple[float, Callable[[], Statement]]]:
    """Ways that find all there is, with their costs."""
    rare = min(
        match.share, *match.ranges.values(), *(match.share * part for part in match.ranges_in_year.values()), 1.0
    )
    if rare < 1.0:
        yield match.frequencies.bills * rare * _GATHERED, partial(_gather, match, sort, size, after)
    ranged = _foreign_range(match, sort)
    if ranged is not None:
        yield _merge_cost(match, ranged, size), partial(_merge, match, sort, size, after, ranged)


def _best_walk(match: Match, sort: Sort, size: int) -> _Walk:
    found = [_costed(match, sort, size, ())]
    for columns in WALKED_BY[sort.key]:
        if all(column in match.single for column in columns):
            found.append(_costed(match, sort, size, columns))
    return min(found, key=lambda walk: walk.cost)


def _costed(match: Match, sort: Sort, size: int, columns: tuple[str, ...]) -> _Walk:
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
    else:
        for key in foreign:
            rest *= _WITH_THE_ORDER if _goes_with(match, key, sort) else 0.0
    rows = min(size / max(rest, 1e-9), bills * inside)
    return _Walk(columns, rows, rows * _each(match), certain)


def _goes_with(match: Match, key: SortKey, sort: Sort) -> bool:
    """Whether a range on another date is fulfilled where the order begins: what is newly introduced has moved lately."""
    beginning = ">" if sort.descending else "<"
    related = {key, sort.key} == {SortKey.INTRODUCED_ON, SortKey.LAST_ACTION_AT}
    return related and all(end.operator.startswith(beginning) for end in match.asked.ends if end.key is key)


def _each(match: Match) -> float:
    """Cost of passing a row."""
    asked = match.asked
    return _TEXT if match.words is not None or asked.author or asked.urns else 1.0


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
    rest = match.share
    for key, part in match.ranges.items():
        rest *= 1.0 if key is ranged else part
    return years * (_YEAR + min(size / max(rest, 1e-9), inside) * _each(match))


def _walk(match: Match, sort: Sort, size: int, after: Position | None, walk: _Walk, *, bounded: bool) -> Statement:
    arguments = Arguments()
    first = [f"b.{column} = {arguments.bind(match.single[column])}" for column in walk.columns]
    for end in _own_ends(match, sort):
        first += ended(end, arguments)
    first += _beyond(sort, after, arguments)
    passed = conjoined(_all(match, arguments))
    order, column = _order(sort), f"b.{sort.key.value}"
    shown = f"SELECT b.id, b.summary, {column} AS position FROM"
    if not bounded:
        condition = conjoined([*first, passed])
        sql = f"{shown} bill b WHERE {condition} ORDER BY {order} LIMIT {size:d}"
        return Statement(sql, tuple(arguments.values), fixed=walk.certain)
    most = max(_SHORTEST_WALK, round(walk.rows * _PATIENCE))
    walked = f"SELECT b.* FROM bill b WHERE {conjoined(first)} ORDER BY {order} LIMIT {most:d}"
    return Statement(f"{shown} ({walked}) AS b WHERE {passed} LIMIT {size:d}", tuple(arguments.values))


def _gather(match: Match, sort: Sort, size: int, after: Position | None, near_end: End | None = None) -> Statement:
    arguments = Arguments()
    searched = "b.search, " if match.has_phrase else ""
    shown = f"b.id, b.summary, {searched}b.{sort.key.value} AS position"
    source = gathered(match, arguments, shown, [*_beyond(sort, after, arguments), *ended(near_end, arguments)])
    direction = "DESC" if sort.descending else "ASC"
    order = f"ORDER BY f.position {direction}, f.id {direction}"
    phrase = words(match.asked, arguments, "f") if match.has_phrase else []
    if phrase:  # sorted first, so that the order of words is only looked at until the page is full
        source = f"SELECT f.* FROM ({source}) AS f {order} OFFSET 0"
    condition = f" WHERE {phrase[0]}" if phrase else ""
    return Statement(
        f"SELECT f.id, f.summary, f.position FROM ({source}) AS f{condition} {'' if phrase else order} LIMIT {size:d}",
        tuple(arguments.values),
    )


def gathered(match: Match, arguments: Arguments, columns: str, more: Sequence[str] = ()) -> str:
    """A query of all that match, but for the order of words in phrases; OFFSET 0 keeps it from being walked."""
    parts = [*lasting(match.asked, arguments), *more]
    if match.by_terms:
        parts.append(f"b.search @@ {arguments.bind(match.by_terms)}::text::tsquery")
    if match.ranges_in_year:  # there are indexes on the year with each date
        parts.append(f"b.year = {arguments.bind(match.single['year'])}")
    return f"SELECT {columns} FROM bill b WHERE {conjoined(parts)} OFFSET 0"


def ended(end: End | None, arguments: Arguments) -> list[str]:
    """The condition that cuts a range there."""
    return [] if end is None else [f"b.{end.key.value} {end.operator} {arguments.bind(end.value)}"]


def _merge(match: Match, sort: Sort, size: int, after: Position | None, ranged: SortKey) -> Statement:
    arguments = Arguments()
    year, order = YEARS[ranged], _order(sort)
    passed = conjoined([*_beyond(sort, after, arguments), *_all(match, arguments)])
    ends = {end.operator[0]: end.value.year for end in match.asked.ends if end.key is ranged}
    low, high = arguments.bind(ends.get(">", -(2**31))), arguments.bind(ends.get("<", 2**31 - 1))
    outside = order.replace(f"b.{sort.key.value}", "f.position").replace("b.id", "f.id")
    step = f"(SELECT {year} FROM bill b WHERE {year} > y.v AND {year} <= {high}::int ORDER BY {year} LIMIT 1)"
    return Statement(
        f"WITH RECURSIVE y AS ((SELECT {year} AS v FROM bill b WHERE {year} BETWEEN {low}::int AND {high}::int"
        f" ORDER BY {year} LIMIT 1) UNION ALL SELECT {step} FROM y WHERE y.v IS NOT NULL)"
        f" SELECT f.id, f.summary, f.position FROM y CROSS JOIN LATERAL (SELECT b.id, b.summary,"
        f" b.{sort.key.value} AS position FROM bill b WHERE {year} = y.v AND {passed} ORDER BY {order}"
        f" LIMIT {size:d}) AS f ORDER BY {outside} LIMIT {size:d}",
        tuple(arguments.values),
    )


def _own_ends(match: Match, sort: Sort) -> list[End]:
    """Ends of a range on the order's own date: where a walk begins, or ends."""
    return [end for end in match.asked.ends if end.key is sort.key]


def _all(match: Match, arguments: Arguments) -> list[str]:
    return [*lasting(match.asked, arguments), *wanted(match.asked, arguments), *words(match.asked, arguments)]


def _order(sort: Sort) -> str:
    direction = "DESC" if sort.descending else "ASC"
    return f"b.{sort.key.value} {direction}, b.id {direction}"


def _beyond(sort: Sort, after: Position | None, arguments: Arguments) -> list[str]:
    if after is None:
        return []
    beyond = "<" if sort.descending else ">"
    return [f"(b.{sort.key.value}, b.id) {beyond} ({arguments.bind(after.value)}, {arguments.bind(after.id)})"]
