"""Counts over all bills, for charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tantivy import Query

from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_schema import BILL
from api_gateway.search.results import ALL_VALUES, commonest_first, count, value_counts

_FIELDS: Mapping[str, str] = {
    "type": "type_code",
    "status": "status",
    "year": "year",
    "chamber": "chamber",
    "month": "introduced_month",
}
DIMENSIONS = tuple(_FIELDS)


@dataclass(frozen=True, slots=True)
class Stats:
    """Number of bills in all and by each dimension; `month` is the month of introduction, as `2026-11`."""

    total: int
    counts: dict[str, list[tuple[Any, int]]]


def load_stats(state: IndexState) -> Stats:
    """All counts, most frequent first; years and months newest first. Looks at every bill."""
    bills = Query.term_query(state.index.schema, "kind", BILL)
    found = value_counts(state, bills, _FIELDS, ALL_VALUES)
    return Stats(count(state, bills), {name: _sorted(name, pairs) for name, pairs in found.items()})


def _sorted(name: str, pairs: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
    if name == "month":
        return [(_month(value), bills) for value, bills in sorted(pairs, reverse=True)]
    return sorted(pairs, reverse=True) if name == "year" else commonest_first(pairs)


def _month(value: int) -> str:
    return f"{value // 100:04}-{value % 100:02}"
