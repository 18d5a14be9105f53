"""Counts over all bills, for charts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tantivy import Query

from api_gateway.search.results import count
from api_gateway.search.schema import BILL
from api_gateway.search.state import IndexState

_FIELDS: Mapping[str, str] = {
    "type": "type_code",
    "status": "status",
    "year": "year",
    "chamber": "chamber",
    "month": "introduced_month",
}
DIMENSIONS = tuple(_FIELDS)
_MOST_VALUES = 65_000


@dataclass(frozen=True, slots=True)
class Stats:
    """How many bills there are in all and by each dimension; `month` is that of introduction, as `2026-11`."""

    total: int
    counts: dict[str, list[tuple[Any, int]]]


def load_stats(state: IndexState) -> Stats:
    """All counts, commonest first, years and months newest first. Looks at every bill."""
    bills = Query.term_query(state.index.schema, "kind", BILL)
    asked = {
        name: {"terms": {"field": field, "size": _MOST_VALUES, "segment_size": _MOST_VALUES}}
        for name, field in _FIELDS.items()
    }
    found = state.searcher.aggregate(bills, asked)
    return Stats(count(state, bills), {name: _sorted(name, found[name]["buckets"]) for name in DIMENSIONS})


def _sorted(name: str, buckets: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    if name not in ("year", "month"):
        return sorted(((one["key"], one["doc_count"]) for one in buckets), key=lambda pair: (-pair[1], str(pair[0])))
    shown: Callable[[int], Any] = _month if name == "month" else int
    newest = sorted(((int(one["key"]), one["doc_count"]) for one in buckets), reverse=True)
    return [(shown(value), bills) for value, bills in newest]


def _month(value: int) -> str:
    return f"{value // 100:04}-{value % 100:02}"
