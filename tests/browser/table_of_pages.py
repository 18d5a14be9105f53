"""Every page and state of the site that the browser tests try. To add a page, add a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
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


def fullest_vote(ask: Ask) -> str:
    """The voting of the Câmara with most votes."""
    votes = ask("/api/v1/vote-events?nominal=true&house=CAMARA&limit=100")["data"]
    return f"/votes/{max(votes, key=lambda one: sum((one['counts'] or {}).values()))['id']}"


def _vote_that_differs(ask: Ask) -> str:
    votes = ask("/api/v1/vote-events?nominal=true&house=CAMARA&limit=100")["data"]
    return next(f"/votes/{one['id']}" for one in votes if one["flags"])


def _vote_without_names(ask: Ask) -> str:
    votes = ask("/api/v1/vote-events?nominal=false&limit=1")["data"]
    return f"/votes/{votes[0]['id']}"


def _senators_vote(ask: Ask) -> str:
    return f"/votes/{ask('/api/v1/vote-events?nominal=true&house=SENADO&purpose=PASSAGE&limit=100')['data'][-1]['id']}"


def _legislator(ask: Ask, rest: str = "") -> str:
    return f"/legislators/{ask('/api/v1/legislators?in_office=true&house=CAMARA&limit=1')['data'][0]['id']}{rest}"


def _legislator_votes(ask: Ask) -> str:
    return _legislator(ask, "/votes")


def _agreement(ask: Ask) -> str:
    return _legislator(ask, "/agreement?party=PT")


def _committee(ask: Ask, rest: str = "") -> str:
    found = ask("/api/v1/organizations?house=SENADO&classification=PERMANENT&active=true&limit=1")["data"]
    return f"/committees/{found[0]['id']}{rest}"


def _members(ask: Ask) -> str:
    return _committee(ask, "/members")


def _week_of_meetings(ask: Ask) -> str:
    events = ask("/api/v1/events?sort=-start&limit=20")["data"]
    year, week, _ = date.fromisoformat(events[-1]["start"][:10]).isocalendar()
    return f"/agenda?week={year}-W{week:02d}"


def _meeting(ask: Ask) -> str:
    events = ask("/api/v1/events?sort=-start&limit=50&agenda=true")["data"]
    return f"/agenda/{max(events, key=lambda one: len(one['agenda']))['id']}"


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
    Page("votes", "/votes"),
    Page("no votes", "/votes?from=1900-01-01&to=1900-01-02"),
    Page("vote of the Câmara", fullest_vote),
    Page("vote whose totals differ", _vote_that_differs),
    Page("vote without names", _vote_without_names),
    Page("vote of the Senado", _senators_vote),
    Page("no such vote", "/votes/camara-vote-0", 404),
    Page("legislators", "/legislators"),
    Page("no legislators", "/legislators?q=xyzzy"),
    Page("legislator", _legislator),
    Page("votes of a legislator", _legislator_votes),
    Page("agreement", _agreement),
    Page("committees", "/committees"),
    Page("committee", _committee),
    Page("members", _members),
    Page("party", "/committees/party-pt"),
    Page("agenda", _week_of_meetings),
    Page("empty agenda", "/agenda?week=1990-W01"),
    Page("no such week", "/agenda?week=2026-W99", 400),
    Page("meeting", _meeting),
    Page("changes", "/changes"),
    Page("every kind of change", "/changes?kind=MOVED&kind=CREATED&kind=READ&kind=EDITED&kind=CORRECTED&kind=REMOVED"),
    Page("older changes", "/changes?before=50"),
    Page("status", "/status"),
    Page("stats", "/stats"),
    Page("developers", "/developers"),
    *(Page(f"guide {name}", f"/developers/{name}") for name in ("search", "watch", "clients")),
    Page("problems", "/developers/problems"),
    Page("changelog", "/developers/changelog"),
    Page("design", "/design"),
)
