"""The page of a range on another date than the order's: every year of the range side by side, in the order wanted."""

from datetime import UTC, datetime

from api_gateway.store.bill_filter import End, Position, Sort, SortKey
from api_gateway.store.conditions import Arguments, conjoined, where
from api_gateway.store.match import Match
from api_gateway.store.page_ways import beyond, ordered
from api_gateway.store.statement import Statement

YEARS = {
    SortKey.INTRODUCED_ON: "EXTRACT(year FROM b.introduced_on)::integer",
    SortKey.LAST_ACTION_AT: "EXTRACT(year FROM b.last_action_at AT TIME ZONE 'UTC')::integer",
}
"""As the indexes have them."""

_FIRST, _LAST = -(2**31), 2**31 - 1


def merge_page(match: Match, sort: Sort, size: int, after: Position | None, ranged: SortKey) -> Statement:
    """The statement for `size` bills from after a position, of a filter with a range on `ranged`."""
    arguments = Arguments()
    passed = conjoined([*beyond(sort, after, arguments), where(match.asked, arguments)])
    order = ordered(sort, "f.position", "f.id")
    ends = {end.operator[0]: end for end in match.asked.ends if end.key is ranged}
    low = arguments.bind(_year(ends.get(">"), _FIRST))
    high = arguments.bind(_year(ends.get("<"), _LAST))
    year, date_ = YEARS[ranged], f"b.{sort.key.value}"
    step = f"(SELECT {year} FROM bill b WHERE {year} > y.v AND {year} <= {high}::int ORDER BY {year} LIMIT 1)"
    return Statement(
        f"WITH RECURSIVE y AS ((SELECT {year} AS v FROM bill b WHERE {year} BETWEEN {low}::int AND {high}::int"
        f" ORDER BY {year} LIMIT 1) UNION ALL SELECT {step} FROM y WHERE y.v IS NOT NULL)"
        f" SELECT f.id, f.summary, f.position FROM y CROSS JOIN LATERAL (SELECT b.id, b.summary,"
        f" {date_} AS position FROM bill b WHERE {year} = y.v AND {passed} ORDER BY {ordered(sort, date_, 'b.id')}"
        f" LIMIT {size:d}) AS f ORDER BY {order} LIMIT {size:d}",
        tuple(arguments.values),
    )


def _year(end: End | None, otherwise: int) -> int:
    """The year of an end, as the indexes count years."""
    if end is None:
        return otherwise
    return (end.value.astimezone(UTC) if isinstance(end.value, datetime) else end.value).year
