"""The statements of the ways to a page of bills, which `store.page_plan` chooses from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from api_gateway.store.bill_filter import End, Position, Sort
from api_gateway.store.conditions import (
    Arguments,
    beside,
    carried,
    conjoined,
    ended,
    ends,
    in_row,
    in_vector,
    lasting,
    named,
    there,
)
from api_gateway.store.match import Match
from api_gateway.store.rough import Rough
from api_gateway.store.statement import Statement


class Lookup(Enum):
    """What indexes are asked for when bills are gathered: what is rare about them."""

    TERMS = "terms"
    RANGES = "ranges"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a walk is given up: behind an end on the order's own date, and when it has looked at so many rows."""

    end: End | None = None
    rows: int | None = None


def walk_page(
    match: Match, sort: Sort, size: int, after: Position | None, limits: Limits | None = None, *, certain: bool = False
) -> Statement:
    """Along the order, passing over what does not match; `certain` says that nothing has to be passed over."""
    arguments = Arguments()
    first = [*there(match.asked), *carried(match.asked, arguments), *beyond(sort, after, arguments)]
    limits = limits or Limits()
    first += ended(limits.end, arguments)
    passed = beside(match.asked, arguments)
    column = f"b.{sort.key.value}"
    order = ordered(sort, column, "b.id")
    shown = f"SELECT b.id, b.summary, {column} AS position FROM"
    if not passed or limits.rows is None:
        sql = f"{shown} bill b WHERE {conjoined([*first, *passed])} ORDER BY {order} LIMIT {size:d}"
        return Statement(sql, tuple(arguments.values), fixed=certain)
    walked = f"SELECT b.* FROM bill b WHERE {conjoined(first)} ORDER BY {order} LIMIT {limits.rows:d}"
    return Statement(f"{shown} ({walked}) AS b WHERE {conjoined(passed)} LIMIT {size:d}", tuple(arguments.values))


def gather_page(
    rough: Rough, sort: Sort, size: int, after: Position | None, lookup: Lookup, near_end: End | None = None
) -> Statement:
    """All that match, up to the near end where there is one, sorted.

    Indexes are asked for what narrows most; the rest is told by the rows they find, and by the vectors of those in
    order until the page is full.
    """
    arguments, match = Arguments(), rough.match
    terms = rough.terms if lookup is not Lookup.RANGES else ""
    exact = rough.exact if terms else not match.in_vector
    found = _looked_up(match, terms, lookup, arguments)
    if near_end is not None:  # between it and where the page begins
        found += [*ended(near_end, arguments), *ends(match.asked, arguments, (sort.key,))]
        found += beyond(sort, after, arguments)
    told = [
        *there(match.asked),
        *carried(match.asked, arguments, rough.told if terms else ()),
        *in_row(match.asked, arguments, rough.told if terms else ()),
        *beyond(sort, after, arguments),
    ]
    searched = "" if exact else "b.search, "
    source = (
        f"SELECT b.id, b.summary, {searched}b.{sort.key.value} AS position"
        f" FROM (SELECT b.* FROM bill b WHERE {conjoined(found)} OFFSET 0) AS b WHERE {conjoined(told)}"
    )
    order = f"ORDER BY {ordered(sort, 'f.position', 'f.id')}"
    shown = "SELECT f.id, f.summary, f.position FROM"
    alone = lookup is Lookup.TERMS and near_end is None  # there is but one index to ask then
    if exact:
        return Statement(f"{shown} ({source}) AS f {order} LIMIT {size:d}", tuple(arguments.values), fixed=alone)
    source = f"SELECT f.* FROM ({source}) AS f {order} OFFSET 0"
    condition = conjoined(in_vector(match.asked, arguments, "f"))
    sql = f"{shown} ({source}) AS f WHERE {condition} LIMIT {size:d}"
    return Statement(sql, tuple(arguments.values), fixed=alone)


def pick_page(match: Match, sort: Sort, size: int, after: Position | None, rows: int | None = None) -> Statement:
    """All that match what an index carries, sorted without their rows; then as many rows as it takes to fill the page.

    Not more than the first `rows` are looked at, where told.
    """
    arguments, column = Arguments(), f"b.{sort.key.value}"
    found = conjoined([*carried(match.asked, arguments), *beyond(sort, after, arguments)])
    order, limit = ordered(sort, "k.position", "k.id"), "OFFSET 0" if rows is None else f"LIMIT {rows:d}"
    keys = f"SELECT b.id, {column} AS position FROM bill b WHERE {found} OFFSET 0"
    told = conjoined([*there(match.asked), *beside(match.asked, arguments)])
    return Statement(
        f"SELECT b.id, b.summary, k.position FROM (SELECT k.* FROM ({keys}) AS k ORDER BY {order} {limit}) AS k"
        f" JOIN bill b ON b.id = k.id WHERE {told} ORDER BY {order} LIMIT {size:d}",
        tuple(arguments.values),
    )


def _looked_up(match: Match, terms: str, lookup: Lookup, arguments: Arguments) -> list[str]:
    """What indexes are asked for, and nothing else: PostgreSQL takes rare terms for far more frequent than they are."""
    if match.asked.ids:
        return named(match.asked, arguments)
    found = [f"b.search @@ {arguments.bind(terms)}::text::tsquery"] if terms else []
    if lookup is Lookup.BOTH:
        found += ends(match.asked, arguments)
        if match.ranges_in_year:  # there are indexes on the year with each date
            found.append(f"b.year = {arguments.bind(match.single['year'])}")
    return found if lookup is not Lookup.RANGES else carried(match.asked, arguments)


def gathered(match: Match, arguments: Arguments, columns: str, more: Sequence[str] = ()) -> str:
    """A query of all that match, but for the order of words in phrases; OFFSET 0 keeps it from being walked."""
    parts = [*lasting(match.asked, arguments), *more]
    if match.by_terms:
        parts.append(f"b.search @@ {arguments.bind(match.by_terms)}::text::tsquery")
    return f"SELECT {columns} FROM bill b WHERE {conjoined(parts)} OFFSET 0"


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
