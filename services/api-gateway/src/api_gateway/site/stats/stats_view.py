"""All of `/stats` from one reply of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from legis.domain.brasilia_time import local_day

from api_gateway.site.charts.bars import Bar, bars
from api_gateway.site.charts.month_columns import Column, columns
from api_gateway.site.charts.spans import SpanBar, span_bars
from api_gateway.site.charts.tile_map import Tile, tile_map
from api_gateway.site.stats.months import comparison, window
from api_gateway.site.stats.value_words import label
from api_gateway.site.visit import Visit

MOST_BARS, MOST_MORE = 10, 17
"""Values that are shown at once, and values in a part that opens: together the 27 states. Files have all."""
_FILTERS = frozenset({"type", "status", "chamber", "party", "state", "subject"})
"""Counts whose values a search can be limited to."""


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Columns by month with the finding as title; `rows` are month in words, month as the API writes it, and count."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, str, int], ...]
    first: str
    last: str
    highest: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars by value: those shown at once, the next ones, and how many are in the file alone."""

    name: str
    title: str
    note: str
    bars: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    only_in_file: int
    addresses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShownSpan:
    """How long something took: in words, its figures, and its bar."""

    text: str
    bills: int
    first: int
    median: int
    third: int
    bar: SpanBar


@dataclass(frozen=True, slots=True)
class StatsView:
    """The page. A chart is None where there is nothing to show yet."""

    total: int
    computed_at: str
    months: MonthChart
    laws: MonthChart | None
    spans_title: str
    spans: tuple[ShownSpan, ...]
    bars: tuple[BarChart, ...]
    states: BarChart | None
    tiles: tuple[Tile, ...]


def stats_view(visit: Visit, stats: Mapping[str, Any]) -> StatsView:
    """The page, of `data` of `/api/v1/stats`."""
    today = local_day(visit.now)
    found = [one for name in ("type", "status", "party", "subject", "chamber") if (one := _bars(visit, name, stats))]
    spans = _spans(visit, stats)
    return StatsView(
        stats["total"],
        stats["computed_at"],
        _months(visit, "month", stats, today, _arrivals(visit, stats["month"], today)),
        _months(visit, "law_month", stats, today, _laws(visit, stats["law_month"], today))
        if stats["law_month"]
        else None,
        _spans_title(visit, stats),
        spans,
        tuple(found),
        _bars(visit, "state", stats),
        tile_map({one["value"]: one["count"] for one in stats["state"]}),
    )


def _months(visit: Visit, name: str, stats: Mapping[str, Any], today: date, title: str) -> MonthChart:
    shown = window(stats[name], today)
    month = visit.formats.month
    most = max(count for _, count in shown)
    highest = next((value for value, count in shown if count == most and count), None)
    return MonthChart(
        name,
        title,
        visit.words.t(f"stats.{name}_note"),
        columns([(month(value), count) for value, count in shown]),
        tuple((month(value), value, count) for value, count in reversed(shown)),
        month(shown[0][0]),
        month(shown[-1][0]),
        visit.words.t("stats.highest", n=most, month=month(highest)) if highest else "",
    )


def _arrivals(visit: Visit, pairs: Sequence[Mapping[str, Any]], today: date) -> str:
    found, t = comparison(pairs, today), visit.words.t
    if found.change is None:
        return t("stats.month_title", n=found.last)
    change = visit.formats.percent(abs(found.change))
    word = "same" if round(100 * found.change) == 0 else "more" if found.change > 0 else "fewer"
    return t(f"stats.month_{word}", n=found.last, change=change)


def _laws(visit: Visit, pairs: Sequence[Mapping[str, Any]], today: date) -> str:
    by_year = {year: _of_year(pairs, year) for year in (today.year, today.year - 1)}
    return visit.words.t(
        "stats.law_month_title",
        n=by_year[today.year],
        year=today.year,
        before=visit.formats.number(by_year[today.year - 1]),
        year_before=today.year - 1,
    )


def _of_year(pairs: Sequence[Mapping[str, Any]], year: int) -> int:
    return sum(one["count"] for one in pairs if one["value"].startswith(f"{year:04}-"))


def _bars(visit: Visit, name: str, stats: Mapping[str, Any]) -> BarChart | None:
    rows = [(str(one["value"]), label(visit, name, one["value"]), one["count"]) for one in stats[name]]
    if not rows:
        return None
    found = bars(rows, stats["total"])
    first = found[0]
    title = visit.words.t(
        f"stats.{name}_title", n=first.count, name=first.text, share=visit.formats.percent(first.share)
    )
    most = MOST_BARS + MOST_MORE
    addresses = {one.code: visit.url("/", [(name, one.code)]) for one in found} if name in _FILTERS else {}
    return BarChart(
        name,
        title,
        visit.words.t(f"stats.{name}_note"),
        found[:MOST_BARS],
        found[MOST_BARS:most],
        max(0, len(found) - most),
        addresses,
    )


def _spans(visit: Visit, stats: Mapping[str, Any]) -> tuple[ShownSpan, ...]:
    told = stats["stages"]
    drawn = span_bars([(one["first_quarter"], one["median"], one["third_quarter"]) for one in told])
    return tuple(
        ShownSpan(
            label(visit, "stage", one["stage"]),
            one["bills"],
            one["first_quarter"],
            one["median"],
            one["third_quarter"],
            bar,
        )
        for one, bar in zip(told, drawn, strict=True)
    )


def _spans_title(visit: Visit, stats: Mapping[str, Any]) -> str:
    law = stats["days_to_law"]
    if law is None:
        return visit.words.t("stats.spans_title")
    return visit.words.t("stats.spans_law", span=visit.formats.days(law["median"]))
