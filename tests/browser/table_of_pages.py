"""Every page and state of the site that the browser tests try. To add a page, add a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api_gateway.site.texts.changelog import Part, shipped_parts
from api_gateway.site.texts.guides import NAMES

Ask = Callable[[str], Mapping[str, Any]]
"""Asks the API for a path, and gives the JSON document."""

Find = Callable[[Ask], str | None]
"""Finds the path of a page in the sample; None while what it shows is not read yet."""


def bill_of_both_houses(ask: Ask) -> str | None:
    """A bill that both houses have a record of."""
    bills = _data(ask, "bills?chamber=SENADO&limit=100")
    paired = (bill for bill in bills if ask(f"/api/v1/bills/{bill['id']}")["data"]["counterparts"])
    return _path("/bills/", next(paired, None))


def _named_votes(ask: Ask) -> list[Any]:
    """Votings of the Câmara by name."""
    return _data(ask, "vote-events?nominal=true&house=CAMARA&limit=100")


def _voted_bill(ask: Ask) -> str | None:
    # of the Câmara: most of the Senado's are committees', which name what they vote on by its number alone
    return _path("/bills/", next((bill for vote in _named_votes(ask) for bill in vote["bills"]), None))


def _longest_title(ask: Ask) -> str | None:
    bills = _data(ask, "bills?limit=100")
    return _path("/bills/", max(bills, key=lambda one: len(one["title"] or ""), default=None))


def fullest_vote(ask: Ask) -> str | None:
    """The voting of the Câmara with most votes; None where all that are by name come without members' votes."""
    counted = (one for one in _named_votes(ask) if one["counts"])
    return _path("/votes/", max(counted, key=lambda one: sum(one["counts"].values()), default=None))


def _vote_that_differs(ask: Ask) -> str | None:
    return _path("/votes/", next((one for one in _named_votes(ask) if one["flags"]), None))


def _vote_without_names(ask: Ask) -> str | None:
    return _path("/votes/", _first(ask, "vote-events?nominal=false"))


def _senators_vote(ask: Ask) -> str | None:
    votes = _data(ask, "vote-events?nominal=true&house=SENADO&purpose=PASSAGE&limit=100")
    return _path("/votes/", votes[-1] if votes else None)


def _legislator(ask: Ask, rest: str = "") -> str | None:
    return _path("/legislators/", _first(ask, "legislators?in_office=true&house=CAMARA"), rest)


def _legislator_votes(ask: Ask) -> str | None:
    return _legislator(ask, "/votes")


def _agreement(ask: Ask) -> str | None:
    return _legislator(ask, "/agreement?party=PT")


def _committee(ask: Ask, rest: str = "") -> str | None:
    found = _first(ask, "organizations?house=SENADO&classification=PERMANENT&active=true")
    return _path("/committees/", found, rest)


def _members(ask: Ask) -> str | None:
    return _committee(ask, "/members")


def _week_of_meetings(ask: Ask) -> str | None:
    events = _data(ask, "events?sort=-start&limit=20")
    if not events:
        return None
    year, week, _ = date.fromisoformat(events[-1]["start"][:10]).isocalendar()
    return f"/agenda?week={year}-W{week:02d}"


def _meeting(ask: Ask) -> str | None:
    events = _data(ask, "events?sort=-start&limit=50&agenda=true")
    return _path("/agenda/", max(events, key=lambda one: len(one["agenda"]), default=None))


def _size(part: Part) -> int:
    return sum(map(len, part.pages[0]))


def _data(ask: Ask, path: str) -> list[Any]:
    found: list[Any] = ask(f"/api/v1/{path}")["data"]
    return found


def _first(ask: Ask, path: str) -> Any:
    return next(iter(_data(ask, f"{path}&limit=1")), None)


def _path(start: str, found: Any, rest: str = "") -> str | None:
    """The path of the page of what was found."""
    return None if found is None else f"{start}{found['id']}{rest}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a state of one. `path` may be found by asking the API; `status` is that of the reply."""

    name: str
    path: str | Find
    status: int = 200

    def found(self, ask: Ask) -> str | None:
        """Its path; None while the sample does not have it."""
        return self.path if isinstance(self.path, str) else self.path(ask)


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
    *(Page(f"guide {name}", f"/developers/{name}") for name in NAMES),
    Page("problems", "/developers/problems"),
    Page("changelog", "/developers/changelog"),
    Page("fullest page of the changelog", f"/developers/changelog/{max(shipped_parts().values(), key=_size).name}"),
    Page("design", "/design"),
)
