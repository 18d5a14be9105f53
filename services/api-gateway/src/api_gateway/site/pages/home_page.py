"""`/`: what moved today, the last recorded vote, what is on the agenda."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from legis.domain.brasilia_time import local_day

from api_gateway.site.api_client import MOST_CALLS, Api, ApiReply, if_there, together
from api_gateway.site.bills.bill_query import bill_query
from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.formats import as_day
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.pages.results_page import show_results
from api_gateway.site.records.change import ChangeEntry, change_entry
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

MOVES, EVENTS = 6, 4
_CHANGES = "/api/v1/changes"
_NEWEST = (("sort", "-seq"), ("kind", "MOVED"), ("limit", str(MOVES)))
EXAMPLES = ("inteligência artificial", "PL 2630/2020", '"piso salarial" enfermagem', "lei 8.112")
"""Searches that show what the box understands. They are words, not promises: one may find nothing."""


@dataclass(frozen=True, slots=True)
class LastVote:
    """The newest recorded vote."""

    address: str
    description: str
    house: Label
    body: str | None
    date: str | None
    result: Label
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class NextEvent:
    """A meeting that is announced. `status` is None where it is confirmed: only the exception is said."""

    start: str
    house: Label
    name: str
    body: str | None
    status: Label | None


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page: changes of today, and as many earlier ones as there is place for, each newest first; a vote;
    meetings. `today` and `events` are None where the API did not give them.
    """

    today: tuple[ChangeEntry, ...] | None
    before: tuple[ChangeEntry, ...]
    vote: LastVote | None
    vote_known: bool
    events: tuple[NextEvent, ...] | None
    examples: tuple[tuple[str, str], ...]
    curl: str


async def show_home(visit: Visit, api: Api) -> Shown:
    """The page, or the results of the search that the address holds. A part that the API does not give is said to be
    missing.
    """
    if bill_query(visit).pairs:
        return await show_results(visit, api)
    today = local_day(visit.now)
    changes, votes, events = await together(
        if_there(api.get(_CHANGES, _NEWEST)),
        if_there(api.get("/api/v1/vote-events", [("nominal", "true"), ("limit", "1")])),
        if_there(
            api.get(
                "/api/v1/events",
                [
                    ("from", today.isoformat()),
                    ("to", (today + timedelta(days=14)).isoformat()),
                    ("sort", "start"),
                    ("limit", "20"),
                ],
            )
        ),
    )
    if changes is votes is events is None:  # all three need the database; without it a search still finds bills
        await api.get("/api/v1/bills", [("limit", "1")])
    t = visit.words.t
    return Shown(
        "home.html",
        home_view(visit, changes, votes, events),
        t("home.page_title"),
        (changes, votes, events),
        t("home.description"),
        alternates=(
            Alternate("application/json", visit.full_api(_CHANGES, _NEWEST), "JSON"),
            Alternate("application/atom+xml", visit.full_api("/api/v1/feeds/bills.atom"), "Atom"),
        ),
    )


def home_view(visit: Visit, changes: ApiReply | None, votes: ApiReply | None, events: ApiReply | None) -> HomeView:
    """The home page from replies of `/changes`, newest first, `/vote-events` and `/events`."""
    entries = tuple(change_entry(visit, one, {}) for one in changes.data) if changes is not None else ()
    today = local_day(visit.now)
    return HomeView(
        tuple(one for one in entries if as_day(one.at) == today) if changes is not None else None,
        tuple(one for one in entries if as_day(one.at) != today),
        None if votes is None or not votes.data else _last_vote(visit, votes.data[0]),
        votes is not None,
        None if events is None else _coming(visit, events.data),
        tuple((text, visit.url("/", [("q", text)])) for text in EXAMPLES),
        f"curl '{visit.full_api('/api/v1/bills', [('q', 'telessaúde'), ('in_progress', 'true')])}'",
    )


def _last_vote(visit: Visit, vote: Mapping[str, Any]) -> LastVote:
    body = vote.get("organization") or {}
    return LastVote(
        visit.url(f"/votes/{vote['id']}"),
        vote["description"] or visit.words.label("VotePurpose", vote["purpose"]).text,
        visit.words.label("Chamber", vote["house"]),
        body.get("name") or body.get("acronym"),
        vote.get("date"),
        visit.words.label("VoteResult", vote["result"]),
        tally(visit, vote.get("counts_published") or vote.get("counts")),
    )


def _coming(visit: Visit, events: list[Mapping[str, Any]]) -> tuple[NextEvent, ...]:
    """The next meetings that have not ended."""
    now = visit.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    coming = [one for one in events if one["start"] >= now or one["status"] in ("IN_PROGRESS", "SUSPENDED")]
    return tuple(_event(visit, one) for one in coming[:EVENTS])


def _event(visit: Visit, event: Mapping[str, Any]) -> NextEvent:
    bodies = event.get("organizations") or ()
    status = visit.words.label("EventStatus", event["status"])
    return NextEvent(
        event["start"],
        visit.words.label("Chamber", event["house"]),
        event.get("name") or visit.words.label("EventClassification", event["classification"]).text,
        ", ".join(body.get("name") or body.get("acronym") or "" for body in bodies) or None,
        None if event["status"] == "CONFIRMED" else status,
    )


ROUTES = (PageRoute("/", show_home, calls=MOST_CALLS + 1),)  # the fourth only where the three gave nothing
