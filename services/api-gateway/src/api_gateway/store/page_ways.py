"""The statements of the ways to a page of bills, which `store.page_plan` chooses from."""

from collections.abc import Sequence
from dataclasses import dataclass

from api_gateway.store.bill_filter import End, Position, Sort, SortKey
from api_gateway.store.conditions import Arguments, conjoined, lasting, where, words
from api_gateway.store.match import Match
from api_gateway.store.statement import Statement

YEARS = {
    SortKey.INTRODUCED_ON: "EXTRACT(year FROM b.introduced_on)::integer",
    SortKey.LAST_ACTION_AT: "EXTRACT(year FROM b.last_action_at AT TIME ZONE 'UTC')::integer",
}
"""As the indexes have them."""
_PATIENCE = 6
_SHORTEST_WALK = 3000


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk along an order among bills that have one value in each of `columns`: rows it should pass, their cost."""

    columns: tuple[str, ...]
    rows: float
    cost: float
    certain: bool
    """Nothing is passed over: every row walked is a row of the page."""


def walk_page(match: Match, sort: Sort, size: int, after: Position | None, walk: Walk, *, bounded: bool) -> Statement:
    """Along the order, passing over what does not match; `bounded` gives up after six times the expected rows."""
    arguments = Arguments()
    first = [f"b.{column} = {arguments.bind(match.single[column])}" for column in walk.columns]
    first += [*own_ends(match, sort, arguments), *_beyond(sort, after, arguments)]
    passed = where(match.asked, arguments)
    column = f"b.{sort.key.value}"
    order = _order(sort, column, "b.id")
    shown = f"SELECT b.id, b.summary, {column} AS position FROM"
    if not bounded:
        condition = conjoined([*first, passed])
        sql = f"{shown} bill b WHERE {condition} ORDER BY {order} LIMIT {size:d}"
        return Statement(sql, tuple(arguments.values), fixed=walk.certain)
    most = max(_SHORTEST_WALK, round(walk.rows * _PATIENCE))
    walked = f"SELECT b.* FROM bill b WHERE {conjoined(first)} ORDER BY {order} LIMIT {most:d}"
    return Statement(f"{shown} ({walked}) AS b WHERE {passed} LIMIT {size:d}", tuple(arguments.values))


def gather_page(match: Match, sort: Sort, size: int, after: Position | None, near_end: End | None = None) -> Statement:
    """All that match, up to the near end where there is one, sorted."""
    arguments = Arguments()
    searched = "b.search, " if match.has_phrase else ""
    shown = f"b.id, b.summary, {searched}b.{sort.key.value} AS position"
    source = gathered(match, arguments, shown, [*_beyond(sort, after, arguments), *ended(near_end, arguments)])
    order = f"ORDER BY {_order(sort, 'f.position', 'f.id')}"
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


def merge_page(match: Match, sort: Sort, size: int, after: Position | None, ranged: SortKey) -> Statement:
    """Every year of a range on another date side by side, each in the order wanted."""
    arguments = Arguments()
    year, date = YEARS[ranged], f"b.{sort.key.value}"
    passed = conjoined([*_beyond(sort, after, arguments), where(match.asked, arguments)])
    ends = {end.operator[0]: end.value.year for end in match.asked.ends if end.key is ranged}
    low, high = arguments.bind(ends.get(">", -(2**31))), arguments.bind(ends.get("<", 2**31 - 1))
    step = f"(SELECT {year} FROM bill b WHERE {year} > y.v AND {year} <= {high}::int ORDER BY {year} LIMIT 1)"
    return Statement(
        f"WITH RECURSIVE y AS ((SELECT {year} AS v FROM bill b WHERE {year} BETWEEN {low}::int AND {high}::int"
        f" ORDER BY {year} LIMIT 1) UNION ALL SELECT {step} FROM y WHERE y.v IS NOT NULL)"
        f" SELECT f.id, f.summary, f.position FROM y CROSS JOIN LATERAL (SELECT b.id, b.summary,"
        f" {date} AS position FROM bill b WHERE {year} = y.v AND {passed} ORDER BY {_order(sort, date, 'b.id')}"
        f" LIMIT {size:d}) AS f ORDER BY {_order(sort, 'f.position', 'f.id')} LIMIT {size:d}",
        tuple(arguments.values),
    )


def own_ends(match: Match, sort: Sort, arguments: Arguments) -> list[str]:
    """The conditions of a range on the order's own date: where a walk begins, or ends."""
    return [part for end in match.asked.ends if end.key is sort.key for part in ended(end, arguments)]


def _order(sort: Sort, date: str, key: str) -> str:
    direction = "DESC" if sort.descending else "ASC"
    return f"{date} {direction}, {key} {direction}"


def _beyond(sort: Sort, after: Position | None, arguments: Arguments) -> list[str]:
    if after is None:
        return []
    beyond = "<" if sort.descending else ">"
    return [f"(b.{sort.key.value}, b.id) {beyond} ({arguments.bind(after.value)}, {arguments.bind(after.id)})"]
