"""The page of a range on another date than the order's: the years of the range side by side, each in the order wanted.

A year at an end of the range may have few bills inside it, anywhere in its order. Then these are taken by their date
and sorted, where a walk would pass nearly all the bills of the year.
"""

import math
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime

from api_gateway.store.bill_filter import End, Position, Sort, SortKey
from api_gateway.store.conditions import Arguments, conjoined, where
from api_gateway.store.frequencies import as_instant
from api_gateway.store.match import Match
from api_gateway.store.page_ways import beyond, ended, ordered
from api_gateway.store.statement import Statement

YEARS = {
    SortKey.INTRODUCED_ON: "EXTRACT(year FROM b.introduced_on)::integer",
    SortKey.LAST_ACTION_AT: "EXTRACT(year FROM b.last_action_at AT TIME ZONE 'UTC')::integer",
}
"""As the indexes have them."""

_TAKEN = 1.5
"""Cost of a bill that is taken by its date and sorted, in bills that are walked past."""

_DAYS = 365
"""Of a year; its bills are taken to be spread evenly, which is nearer than the hundredths of all that are known."""

_FIRST, _LAST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Span:
    """The years that are walked, both included, and the parts of other years whose bills are taken by their date."""

    first: int = _FIRST
    last: int = _LAST
    parts: tuple[tuple[End, End], ...] = ()


def merge_page(match: Match, sort: Sort, size: int, after: Position | None, ranged: SortKey) -> Statement:
    """The statement for `size` bills from after a position, of a filter with a range on `ranged`."""
    arguments = Arguments()
    span = span_of(match, size, ranged)
    passed = conjoined([*beyond(sort, after, arguments), where(match.asked, arguments)])
    order = ordered(sort, "f.position", "f.id")
    pages = [_walked(span, sort, size, ranged, passed, arguments)]
    pages += [_taken(part, sort, size, passed, arguments) for part in span.parts]
    every = " UNION ALL ".join(f"({page})" for page in pages)
    return Statement(
        f"SELECT f.id, f.summary, f.position FROM ({every}) AS f ORDER BY {order} LIMIT {size:d}",
        tuple(arguments.values),
    )


def span_of(match: Match, size: int, ranged: SortKey) -> Span:
    """How the years of the range are gone through."""
    ends = {end.operator[0]: end for end in match.asked.ends if end.key is ranged}
    low, high = ends.get(">"), ends.get("<")
    first, last = _year(low, _FIRST), _year(high, _LAST)
    parts: list[tuple[End, End]] = []
    if low and first < last and first < MAXYEAR:
        part = (low, End(ranged, "<", _new_year(ranged, first + 1)))
        if _is_short(match, size, part):
            parts.append(part)
            first += 1
    if high and first <= last:
        part = (End(ranged, ">=", _new_year(ranged, last)), high)
        if _is_short(match, size, part):
            parts.append(part)
            last -= 1
    return Span(first, last, tuple(parts))


def _is_short(match: Match, size: int, part: tuple[End, End]) -> bool:
    """Whether taking what lies in a part of a year costs less than a walk through the year.

    A walk passes few bills where the order has nothing to do with the date, and nearly the whole year where it follows
    it; it is taken to cost the geometric mean of both.
    """
    low, high = part
    year = _year(low, _FIRST)
    if year >= MAXYEAR:
        return False
    bills, within = match.frequencies.bills, match.frequencies.within
    of_year = bills * within(low.key, _new_year(low.key, year), _new_year(low.key, year + 1))
    days = (as_instant(high.value) - as_instant(low.value)).days + 1
    share = min(1.0, max(days, 0) / _DAYS)
    passed = min(size / max(match.whole_but(low.key) * share, 1e-9), of_year)
    return of_year * share * _TAKEN < math.sqrt(passed * of_year)


def _year(end: End | None, otherwise: int) -> int:
    """The year of an end, as the indexes count years."""
    if end is None:
        return otherwise
    return (end.value.astimezone(UTC) if isinstance(end.value, datetime) else end.value).year


def _new_year(key: SortKey, year: int) -> date:
    return date(year, 1, 1) if key is SortKey.INTRODUCED_ON else datetime(year, 1, 1, tzinfo=UTC)


def _taken(part: tuple[End, End], sort: Sort, size: int, passed: str, arguments: Arguments) -> str:
    """OFFSET 0 keeps the part from being found by a walk along the order."""
    inside = conjoined([*ended(part[0], arguments), *ended(part[1], arguments)])
    shown = f"b.id, b.summary, b.{sort.key.value} AS position"
    return (
        f"SELECT p.* FROM (SELECT {shown} FROM bill b WHERE {inside} AND {passed} OFFSET 0) AS p"
        f" ORDER BY {ordered(sort, 'p.position', 'p.id')} LIMIT {size:d}"
    )


def _walked(span: Span, sort: Sort, size: int, ranged: SortKey, passed: str, arguments: Arguments) -> str:
    year, date_ = YEARS[ranged], f"b.{sort.key.value}"
    low, high = arguments.bind(span.first), arguments.bind(span.last)
    step = f"(SELECT {year} FROM bill b WHERE {year} > y.v AND {year} <= {high}::int ORDER BY {year} LIMIT 1)"
    return (
        f"WITH RECURSIVE y AS ((SELECT {year} AS v FROM bill b WHERE {year} BETWEEN {low}::int AND {high}::int"
        f" ORDER BY {year} LIMIT 1) UNION ALL SELECT {step} FROM y WHERE y.v IS NOT NULL)"
        f" SELECT f.id, f.summary, f.position FROM y CROSS JOIN LATERAL (SELECT b.id, b.summary,"
        f" {date_} AS position FROM bill b WHERE {year} = y.v AND {passed} ORDER BY {ordered(sort, date_, 'b.id')}"
        f" LIMIT {size:d}) AS f"
    )
