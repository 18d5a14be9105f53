"""Chooses how a page of bills is found: by what is rare about it, or along an order until it is full.

Three ways, each with a cost in rows that are looked at:

- *gather* takes all that match from the index of words and terms, or of a range, and sorts them;
- *walk* goes along an index in the order wanted, of one column's value where that helps, and passes over what does
  not match; it is stopped where it takes much longer than chance would have it, and then another way is taken;
- *merge* walks every year of a range side by side, for a range on another date than the order's: bills that match may
  all lie at the far end of that order.
"""

from dataclasses import dataclass

from api_gateway.store.bill_filter import End, Position, Sort, SortKey
from api_gateway.store.conditions import Arguments, conjoined, lasting, wanted, words
from api_gateway.store.match import Match
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
    asked = match.asked
    if asked.ids:
        return PagePlan(_gather(match, sort, size, after))
    walk = _best_walk(match, sort, size)
    ranged = _foreign_range(match, sort)
    others = {}
    rare = min(match.share, *match.ranges.values(), 1.0)
    if rare < 1.0:
        others["gather"] = match.frequencies.bills * rare * _GATHERED
    if ranged is not None:
        others["merge"] = _merge_cost(match, ranged, size)
    other = min(others, key=others.__getitem__, default=None)
    if other is not None and others[other] < walk.cost:
        return PagePlan(_other(other, match, sort, size, after, ranged))
    if walk.certain or other is None:
        return PagePlan(_walk(match, sort, size, after, walk, bounded=False))
    return PagePlan(
        _walk(match, sort, size, after, walk, bounded=True), _other(other, match, sort, size, after, ranged)
    )


def _other(way: str, match: Match, sort: Sort, size: int, after: Position | None, ranged: SortKey | None) -> Statement:
    if way == "merge" and ranged is not None:
        return _merge(match, sort, size, after, ranged)
    return _gather(match, sort, size, after)


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
    each = _TEXT if match.words is not None else 1.0
    certain = not foreign and set(columns) == set(match.single) and _only_single(match)
    rows = bills * inside if foreign else min(size / max(rest, 1e-9), bills * inside)
    return _Walk(columns, rows, rows * each, certain)


def _only_single(match: Match) -> bool:
    asked = match.asked
    several = [choice for choice in asked.choices if len(choice.any_of) > 1 or choice.none_of]
    beside = (asked.number, asked.author, asked.party, asked.state, asked.subject)
    return not (several or any(beside) or asked.text or asked.in_progress is not None or asked.urns)


def _foreign_range(match: Match, sort: Sort) -> SortKey | None:
    """The narrowest range on another date whose years can be walked in this order."""
    found = [key for key in match.ranges if (key, sort.key) in _MERGED_BY]
    return min(found, key=match.ranges.__getitem__, default=None)


def _merge_cost(match: Match, ranged: SortKey, size: int) -> float:
    years = 1 + _YEARS_KEPT * match.ranges[ranged]
    inside = match.frequencies.bills / _YEARS_KEPT
    rest = match.share
    for key, part in match.ranges.items():
        rest *= 1.0 if key is ranged else part
    each = _TEXT if match.words is not None else 1.0
    return years * (_YEAR + min(size / max(rest, 1e-9), inside) * each)


def _walk(match: Match, sort: Sort, size: int, after: Position | None, walk: _Walk, *, bounded: bool) -> Statement:
    arguments = Arguments()
    first = [f"b.{column} = {arguments.bind(match.single[column])}" for column in walk.columns]
    first += [f"b.{end.key.value} {end.operator} {arguments.bind(end.value)}" for end in _own_ends(match, sort)]
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


def _gather(match: Match, sort: Sort, size: int, after: Position | None) -> Statement:
    arguments = Arguments()
    source = gathered(match, arguments, f"b.id, b.summary, b.search, b.{sort.key.value} AS position", sort, after)
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


def gathered(
    match: Match, arguments: Arguments, columns: str, sort: Sort | None = None, after: Position | None = None
) -> str:
    """A query of all that match, but for the order of words in phrases; OFFSET 0 keeps it from being walked."""
    parts = lasting(match.asked, arguments)
    if match.by_terms:
        parts.append(f"b.search @@ {arguments.bind(match.by_terms)}::text::tsquery")
    if sort is not None:
        parts += _beyond(sort, after, arguments)
    return f"SELECT {columns} FROM bill b WHERE {conjoined(parts)} OFFSET 0"


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
