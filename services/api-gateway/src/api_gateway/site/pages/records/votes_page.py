"""`/votes`: votings, newest first, with filters."""

from dataclasses import dataclass

from legis.domain.voting import VotePurpose, VoteResult

from api_gateway.site.api_client import Api, ApiReply
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.list_query import (
    Choice,
    PagerView,
    choices,
    given,
    list_frame,
    with_defaults,
)
from api_gateway.site.records.voting import VotingRow, voting_row
from api_gateway.site.rendering import Shown, list_alternates
from api_gateway.site.visit import Pairs, Visit

HOUSES = ("CAMARA", "SENADO", "CONGRESSO")
_PATH = "/api/v1/vote-events"
_FIELDS = ("house", "purpose", "result", "nominal", "from", "to")
_NOMINAL = ("true", "false", "null")


@dataclass(frozen=True, slots=True)
class VotesView:
    """The content of the votes page. `kept` are filters without a field of their own, such as one body."""

    rows: tuple[VotingRow, ...]
    houses: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    results: tuple[Choice, ...]
    nominal: tuple[Choice, ...]
    first_day: str
    last_day: str
    kept: Pairs
    filtered: bool
    pager: PagerView
    csv: str
    json: str


async def show_votes(visit: Visit, api: Api) -> Shown:
    """The page: one request, with the address's own parameters."""
    listed = await api.get(_PATH, with_defaults(given(visit), (("limit", "20"),)))
    view = votes_view(visit, listed)
    t = visit.words.t
    return Shown(
        "votes.html",
        view,
        t("votes.title"),
        (listed,),
        t("votes.description"),
        alternates=list_alternates(view.json, view.csv),
    )


def votes_view(visit: Visit, listed: ApiReply) -> VotesView:
    """The content of the votes page, from the reply of `/vote-events`."""
    words = visit.words
    nominal = visit.one("nominal")
    return VotesView(
        tuple(voting_row(visit, one) for one in listed.data),
        choices(words, "Chamber", HOUSES, visit.one("house")),
        choices(words, "VotePurpose", tuple(VotePurpose), visit.one("purpose")),
        choices(words, "VoteResult", tuple(VoteResult), visit.one("result")),
        tuple(Choice(value, words.t(f"votes.nominal_{value}"), value == nominal) for value in _NOMINAL),
        visit.one("from"),
        visit.one("to"),
        *list_frame(visit, "/votes", _PATH, listed, _FIELDS),
    )


ROUTES = (PageRoute("/votes", show_votes),)
