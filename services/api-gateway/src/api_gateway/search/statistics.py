"""Counts over all bills, for charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from legis.domain.proceedings.path_stages import PathStage
from tantivy import Query

from api_gateway.search.bill_times import DAYS_FIELDS
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_schema import BILL
from api_gateway.search.results import ALL_VALUES, FACET_VALUES, commonest_first, count, value_counts

_FIELDS: Mapping[str, str] = {
    "type": "type_code",
    "status": "status",
    "year": "year",
    "chamber": "chamber",
    "month": "introduced_month",
    "party": "party",
    "state": "state",
    "subject": "subject",
    "law_month": "law_month",
}
_NEWEST_FIRST = frozenset({"year", "month", "law_month"})
DIMENSIONS = tuple(_FIELDS)


@dataclass(frozen=True, slots=True)
class Span:
    """How many days something took: in a quarter of the `bills` at most `first_quarter`, in half `median`, in three
    quarters `third_quarter`.
    """

    bills: int
    first_quarter: int
    median: int
    third_quarter: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Number of bills in all and by each dimension, and the days from presentation to each stage that a bill tells, in
    the order of the path. `month` is the month of introduction, `law_month` that of a law's signature, as `2026-11`.
    """

    total: int
    counts: dict[str, list[tuple[Any, int]]]
    spans: dict[PathStage, Span]


def load_stats(state: IndexState) -> Stats:
    """All counts, most frequent first, at most FACET_VALUES subjects; years and months newest first. Looks at every
    bill.
    """
    bills = Query.term_query(state.index.schema, "kind", BILL)
    found = value_counts(state, bills, {**_FIELDS, **DAYS_FIELDS}, ALL_VALUES)
    told = {stage: span(found.pop(stage.value)) for stage in PathStage}
    spans = {stage: one for stage, one in told.items() if one is not None}
    return Stats(count(state, bills), {name: _sorted(name, pairs) for name, pairs in found.items()}, spans)


def span(pairs: list[tuple[int, int]]) -> Span | None:
    """The quartiles of days, each with the number of bills that took so many."""
    bills = sum(number for _, number in pairs)
    if not bills:
        return None
    return Span(bills, *(_quantile(sorted(pairs), bills * quarter) for quarter in (1, 2, 3)))


def _quantile(pairs: list[tuple[int, int]], four_times: int) -> int:
    """The fewest days that a share of the bills took at most; the share is `four_times` quarters of bills."""
    done = 0
    for days, number in pairs:
        done += number
        if 4 * done >= four_times:
            return days
    raise ValueError("more than all bills were asked for")


def _sorted(name: str, pairs: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
    if name not in _NEWEST_FIRST:
        return commonest_first(pairs)[: FACET_VALUES if name == "subject" else None]
    ordered = sorted(pairs, reverse=True)
    return ordered if name == "year" else [(_month(value), bills) for value, bills in ordered]


def _month(value: int) -> str:
    return f"{value // 100:04}-{value % 100:02}"
