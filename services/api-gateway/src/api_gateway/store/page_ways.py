"""The statements of the ways to a page of bills, which `store.page_plan` chooses from."""

from collections.abc import Sequence
from dataclasses import dataclass

from api_gateway.store.bill_filter import End, Position, Sort
from api_gateway.store.conditions import Arguments, conjoined, lasting, where, words
from api_gateway.store.match import Match
from api_gateway.store.statement import Statement

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
    first += [*own_ends(match, sort, arguments), *beyond(sort, after, arguments)]
    passed = where(match.asked, arguments)
    column = f"b.{sort.key.value}"
    order = ordered(sort, column, "b.id")
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
    source = gathered(match, arguments, shown, [*beyond(sort, after, arguments), *ended(near_end, arguments)])
    order = f"ORDER BY {ordered(sort, 'f.position', 'f.id')}"
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


def own_ends(match: Match, sort: Sort, arguments: Arguments) -> list[str]:
    """The conditions of a range on the order's own date: where a walk begins, or ends."""
    return [part for end in match.asked.ends if end.key is sort.key for part in ended(end, arguments)]


def ordered(sort: Sort, date: str, key: str) -> str:
    """The order, of a column with the date and one with the id."""
    direction = "DESC" if sort.descending else "ASC"
    return f"{date} {direction}, {key} {direction}"


def beyond(sort: Sort, after: Position | None, arguments: Arguments) -> list[str]:
    """The condition that leaves out what comes up to a position."""
    if after is None:
        return []
    beyond = "<" if sort.descending else ">"
    return [f"(b.{sort.key.value}, b.id) {beyond} ({arguments.bind(after.value)}, {arguments.bind(after.id)})"]
