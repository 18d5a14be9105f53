"""Statements that count matches, and what their rows mean: in all, and by value of each facet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.store.conditions import Arguments, where
from api_gateway.store.match import Match
from api_gateway.store.page_ways import gathered
from api_gateway.store.statement import Statement

FACET_CANDIDATES = 10_000
"""Newest matches that facets are counted over."""

COUNT_CAP = 10_000
"""Up to here an estimated count is exact."""

_FACET_VALUES = {
    "type": "SELECT type_code FROM c",
    "status": "SELECT status FROM c",
    "year": "SELECT year::text FROM c",
    "chamber": "SELECT chamber FROM c",
    "party": "SELECT unnest(parties) FROM c",
}
FACETS = tuple(_FACET_VALUES)
_COUNTED = "b.id, b.type_code, b.status, b.year, b.chamber, b.parties, b.last_action_at"


@dataclass(frozen=True, slots=True)
class Count:
    """How many bills match; `exact` is False for the estimate from PostgreSQL's statistics."""

    value: int
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Counts by value of each facet over `counted` newest matches; `complete` where these are all."""

    counted: int
    complete: bool
    values: dict[str, list[tuple[Any, int]]]


def count_statement(match: Match, *, exact: bool) -> Statement:
    """Counts all that match, or as many as tell that there are more than an estimate counts."""
    arguments = Arguments()
    if _is_gathered(match):
        source = gathered(match, arguments, "1")
    else:
        cap = "" if exact else f" LIMIT {COUNT_CAP + 1}"
        source = f"SELECT 1 FROM bill b WHERE {where(match.asked, arguments)}{cap}"
    return Statement(f"SELECT count(*) AS n FROM ({source}) AS matching", tuple(arguments.values))


def counted(match: Match, found: int | None, *, exact: bool) -> Count:
    """What the statement's number means; None for one that took too long."""
    if found is not None and (exact or found <= COUNT_CAP or _is_gathered(match)):
        return Count(found, exact=True)
    return Count(max(round(match.whole * match.frequencies.bills), found or 0), exact=False)


def facet_statement(match: Match, names: Sequence[str]) -> Statement:
    """One row for each value of each facet, and one with the empty facet for how many were counted over."""
    arguments = Arguments()
    if _is_gathered(match):
        source = (
            f"SELECT g.* FROM ({gathered(match, arguments, _COUNTED)}) AS g ORDER BY g.last_action_at DESC, g.id DESC"
        )
    else:
        condition = where(match.asked, arguments)
        source = f"SELECT {_COUNTED} FROM bill b WHERE {condition} ORDER BY b.last_action_at DESC, b.id DESC"
    counts = "".join(
        f" UNION ALL (SELECT '{name}', value, count(*) FROM ({_FACET_VALUES[name]}) AS v(value)"
        " WHERE value IS NOT NULL GROUP BY value ORDER BY count(*) DESC, value LIMIT 100)"
        for name in names
    )
    return Statement(
        f"WITH c AS MATERIALIZED ({source} LIMIT {FACET_CANDIDATES})"
        f" SELECT '' AS facet, NULL AS value, count(*) AS n FROM c{counts}",
        tuple(arguments.values),
    )


def facets_found(names: Sequence[str], rows: Sequence[Any]) -> FacetCounts:
    """What the rows of `facet_statement` say."""
    values: dict[str, list[tuple[Any, int]]] = {name: [] for name in names}
    total = 0
    for row in rows:
        if row["facet"]:
            value = int(row["value"]) if row["facet"] == "year" else row["value"]
            values[row["facet"]].append((value, row["n"]))
        else:
            total = row["n"]
    return FacetCounts(total, total < FACET_CANDIDATES, values)


def _is_gathered(match: Match) -> bool:
    """Whether few enough match to take them all; the order of words in phrases would have to be looked at in each."""
    rare = match.share * match.frequencies.bills <= COUNT_CAP
    return rare and bool(match.by_terms) and not match.has_phrase
