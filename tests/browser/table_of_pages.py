"""Every page and state of the site that the browser tests try. To add a page, add a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Ask = Callable[[str], Mapping[str, Any]]
"""Asks the API for a path, and gives the JSON document."""


def bill_of_both_houses(ask: Ask) -> str:
    """A bill that both houses have a record of. Raises AssertionError where there is none yet."""
    for bill in ask("/api/v1/bills?chamber=SENADO&limit=100")["data"]:
        if ask(f"/api/v1/bills/{bill['id']}")["data"]["counterparts"]:
            return f"/bills/{bill['id']}"
    raise AssertionError("no bill of both houses in the sample")


def _voted_bill(ask: Ask) -> str:
    votes = ask("/api/v1/vote-events?nominal=true&limit=100")["data"]
    return next(f"/bills/{bill['id']}" for vote in votes for bill in vote["bills"])


def _longest_title(ask: Ask) -> str:
    bills = ask("/api/v1/bills?limit=100")["data"]
    return f"/bills/{max(bills, key=lambda one: len(one['title'] or ''))['id']}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a state of one. `path` may be found by asking the API; `status` is that of the reply."""

    name: str
    path: str | Callable[[Ask], str]
    status: int = 200


PAGES = (
    Page("home", "/"),
    Page("results", "/?q=saude&type=PL&sort=relevance"),
    Page("all bills", "/?sort=-last_action_at"),
    Page("misspelt", "/?q=saude+publca&sort=relevance"),
    Page("no results", "/?q=xyzzy&type=PL"),
    Page("refused", "/?type=PLX&q=a", 400),
    Page("not found", "/pl/99999/2024", 404),
    Page("bill of both houses", bill_of_both_houses),
    Page("voted bill", _voted_bill),
    Page("longest title", _longest_title),
    Page("status", "/status"),
    Page("stats", "/stats"),
    Page("developers", "/developers"),
    *(Page(f"guide {name}", f"/developers/{name}") for name in ("search", "watch", "clients")),
    Page("problems", "/developers/problems"),
    Page("changelog", "/developers/changelog"),
    Page("design", "/design"),
)
