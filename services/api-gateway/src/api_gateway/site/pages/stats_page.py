"""`/stats`: the counts of the API as charts, each also a table and a CSV file."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from api_gateway.site.api_client import Api
from api_gateway.site.charts.tile_map import box
from api_gateway.site.error_pages import NoPage
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.rendering import Alternate, Document, Shown
from api_gateway.site.stats.stats_view import stats_view
from api_gateway.site.stats.value_words import label
from api_gateway.site.visit import Visit

_PATH = "/api/v1/stats"
COUNTS = ("month", "law_month", "type", "status", "chamber", "party", "state", "subject", "year")
"""Counts that are files too."""


async def show_stats(visit: Visit, api: Api) -> Shown:
    """The page."""
    reply = await api.get(_PATH)
    return Shown(
        "stats.html",
        {"stats": stats_view(visit, reply.data), "box": box()},
        visit.words.t("stats.page_title"),
        (reply,),
        visit.words.t("stats.description"),
        alternates=(Alternate("application/json", visit.full_api(_PATH), "JSON"),),
    )


async def show_csv(visit: Visit, api: Api) -> Document:
    """One chart's data as CSV, in UTF-8 with a header."""
    name = visit.params["name"]
    if name not in (*COUNTS, "spans"):
        raise NoPage()
    return Document(csv_of(visit, name, (await api.get(_PATH)).data).encode(), "text/csv; charset=utf-8")


def csv_of(visit: Visit, name: str, stats: Mapping[str, Any]) -> str:
    """The rows of a count as `value,label,count`; of `spans` with their quartiles, in days."""
    text = io.StringIO()
    rows = csv.writer(text)
    if name == "spans":
        rows.writerow(("value", "label", "bills", "first_quarter", "median", "third_quarter"))
        figures = ("bills", "first_quarter", "median", "third_quarter")
        for one in stats["stages"]:
            stage = one["stage"]
            rows.writerow((stage, label(visit, "stage", stage), *(one[name] for name in figures)))
        return text.getvalue()
    rows.writerow(("value", "label", "count"))
    rows.writerows((_cell(one["value"]), _cell(label(visit, name, one["value"])), one["count"]) for one in stats[name])
    return text.getvalue()


def _cell(value: str | int) -> str | int:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


ROUTES = (PageRoute("/stats", show_stats), PageRoute("/stats/{name}.csv", show_csv))
