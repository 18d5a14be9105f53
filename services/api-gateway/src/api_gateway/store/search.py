"""Lists of bills: pages by keyset, relevance over bounded candidates, counts and facets."""

from dataclasses import dataclass
from typing import Any

import orjson

from api_gateway.store.bill_filter import BillFilter, FoundBill, Position, Sort, SortKey
from api_gateway.store.conditions import Arguments, label_condition, text_query, where
from api_gateway.store.database import Reader, StatementTooSlow

RELEVANCE_CANDIDATES = 1000
"""Newest matches that are ranked; a word in every bill would otherwise take seconds."""

FACET_CANDIDATES = 10_000
"""Newest matches that facets are counted over."""

COUNT_CAP = 10_000
"""Up to here an estimated count is exact."""

_EXACT_COUNT_SECONDS = 1.5
_LABEL_BONUS = 10.0


@dataclass(frozen=True, slots=True)
class Count:
    """How many bills match; `exact` is False for the planner's estimate."""

    value: int
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Counts by value of each facet over `counted` newest matches; `complete` where these are all."""

    counted: int
    complete: bool
    values: dict[str, list[tuple[Any, int]]]


async def find_page(
    reader: Reader, asked: BillFilter, sort: Sort, limit: int, after: Position | None = None
) -> list[FoundBill]:
    """At most `limit` bills in order, from after a position. One statement."""
    arguments = Arguments()
    if sort.key is SortKey.RELEVANCE:
        sql = _ranked_page(asked, limit, after, arguments)
    else:
        sql = _sorted_page(asked, sort, limit, after, arguments)
    rows = await reader.rows(sql, arguments.values)
    return [FoundBill(row["id"], row["summary"], Position(row["position"], row["id"])) for row in rows]


async def count_bills(reader: Reader, asked: BillFilter, *, exact: bool) -> Count:
    """How many bills match. Exact counts that take too long become estimates; small estimates are exact."""
    arguments = Arguments()
    condition = where(asked, arguments)
    cap = "" if exact else f" LIMIT {COUNT_CAP + 1}"
    try:
        rows = await reader.rows(
            f"SELECT count(*) AS n FROM (SELECT 1 FROM bill b WHERE {condition}{cap}) AS matching",
            arguments.values,
            timeout=_EXACT_COUNT_SECONDS,
        )
        counted = int(rows[0]["n"])
        if exact or counted <= COUNT_CAP:
            return Count(counted, exact=True)
    except StatementTooSlow:
        counted = 0
    plan = await reader.rows(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM bill b WHERE {condition}", arguments.values)
    estimate = int(orjson.loads(plan[0][0])[0]["Plan"]["Plan Rows"])
    return Count(max(estimate, counted), exact=False)


async def count_facets(reader: Reader, asked: BillFilter, facets: tuple[str, ...]) -> FacetCounts:
    """Counts by value of each facet, commonest first, over the newest matches. One statement."""
    arguments = Arguments()
    condition = where(asked, arguments)
    counts = "".join(
        f" UNION ALL (SELECT '{name}', value, count(*) FROM ({_FACET_VALUES[name]}) AS v(value)"
        " WHERE value IS NOT NULL GROUP BY value ORDER BY count(*) DESC, value LIMIT 100)"
        for name in facets
    )
    rows = await reader.rows(
        "WITH c AS MATERIALIZED (SELECT b.type_code, b.status, b.year, b.chamber, b.parties FROM bill b"
        f" WHERE {condition} ORDER BY b.last_action_at DESC, b.id DESC LIMIT {FACET_CANDIDATES})"
        f" SELECT '' AS facet, NULL AS value, count(*) AS n FROM c{counts}",
        arguments.values,
    )
    values: dict[str, list[tuple[Any, int]]] = {name: [] for name in facets}
    total = 0
    for row in rows:
        if row["facet"]:
            value = int(row["value"]) if row["facet"] == "year" else row["value"]
            values[row["facet"]].append((value, row["n"]))
        else:
            total = row["n"]
    return FacetCounts(total, total < FACET_CANDIDATES, values)


_FACET_VALUES = {
    "type": "SELECT type_code FROM c",
    "status": "SELECT status FROM c",
    "year": "SELECT year::text FROM c",
    "chamber": "SELECT chamber FROM c",
    "party": "SELECT unnest(parties) FROM c",
}

FACETS = tuple(_FACET_VALUES)


def _sorted_page(asked: BillFilter, sort: Sort, limit: int, after: Position | None, arguments: Arguments) -> str:
    condition = where(asked, arguments)
    column = f"b.{sort.key.value}"
    direction, beyond = ("DESC", "<") if sort.descending else ("ASC", ">")
    if after is not None:
        condition += f" AND ({column}, b.id) {beyond} ({arguments.bind(after.value)}, {arguments.bind(after.id)})"
    return (
        f"SELECT b.id, b.summary, {column} AS position FROM bill b WHERE {condition}"
        f" ORDER BY {column} {direction}, b.id {direction} LIMIT {limit:d}"
    )


def _ranked_page(asked: BillFilter, limit: int, after: Position | None, arguments: Arguments) -> str:
    condition = where(asked, arguments)
    rank = "0::float8"
    if asked.text is not None:
        rank = f"ts_rank_cd(b.search, {text_query(asked.text, arguments)})::float8"
        if asked.text.label is not None:
            rank += f" + CASE WHEN {label_condition(asked.text, arguments)} THEN {_LABEL_BONUS} ELSE 0 END"
    beyond = ""
    if after is not None:
        beyond = f" WHERE (r.rank, r.id) < ({arguments.bind(after.value)}::float8, {arguments.bind(after.id)})"
    return (
        f"WITH ranked AS MATERIALIZED (SELECT b.id, {rank} AS rank FROM bill b WHERE b.id IN"
        f" (SELECT b.id FROM bill b WHERE {condition} ORDER BY b.last_action_at DESC, b.id DESC"
        f" LIMIT {RELEVANCE_CANDIDATES})), page AS (SELECT r.id, r.rank FROM ranked r{beyond}"
        f" ORDER BY r.rank DESC, r.id DESC LIMIT {limit:d})"
        " SELECT b.id, b.summary, page.rank AS position FROM page JOIN bill b ON b.id = page.id"
        " ORDER BY page.rank DESC, page.id DESC"
    )
