"""`/committees`: committees and other bodies of both houses."""

from dataclasses import dataclass

from legis.domain.records.organization_record import Classification

from api_gateway.site.api_client import Api, ApiReply
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.bodies import BodyRow, body_row
from api_gateway.site.records.list_query import (
    Choice,
    PagerView,
    choices,
    given,
    list_frame,
    with_defaults,
)
from api_gateway.site.rendering import Shown, list_alternates
from api_gateway.site.visit import Pairs, Visit

ANY = "any"
"""Value of `active` in the address that asks for every body: without one, only active ones are shown."""

COMMITTEES = ("PERMANENT", "SPECIAL", "INQUIRY", "JOINT", "SUBCOMMITTEE", "COUNCIL", "BOARD", "PLENARY")
"""Kinds that are shown without a choice: bodies that meet. Parties and blocs are a choice."""

_PATH = "/api/v1/organizations"
_FIELDS = ("q", "house", "classification", "active")


@dataclass(frozen=True, slots=True)
class CommitteesView:
    """The content of the bodies page: bodies by house, in the API's order within each."""

    houses_shown: tuple[tuple[str, tuple[BodyRow, ...]], ...]
    q: str
    houses: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    active: tuple[Choice, ...]
    kept: Pairs
    filtered: bool
    pager: PagerView
    csv: str
    json: str


async def show_committees(visit: Visit, api: Api) -> Shown:
    """The page: one request, with the address's own parameters; without them, active bodies that meet."""
    asked = api_query(visit)
    listed = await api.get(_PATH, with_defaults(asked, (("limit", "100"),)))
    view = committees_view(visit, listed)
    t = visit.words.t
    return Shown(
        "committees.html",
        view,
        t("bodies.title"),
        (listed,),
        t("bodies.description"),
        alternates=list_alternates(view.json, view.csv),
    )


def api_query(visit: Visit) -> Pairs:
    """The query of the API that the address means."""
    query = with_defaults(given(visit), (("active", "true"),))
    if not any(name == "classification" for name, _ in query):
        query = (*query, *(("classification", kind) for kind in COMMITTEES))
    return tuple(pair for pair in query if pair != ("active", ANY))


def committees_view(visit: Visit, listed: ApiReply) -> CommitteesView:
    """The content of the bodies page, from the reply of `/organizations`."""
    words = visit.words
    active = visit.one("active", "true")
    by_house: dict[str, list[BodyRow]] = {}
    for one in listed.data:
        by_house.setdefault(one.get("house") or "", []).append(body_row(visit, one))
    return CommitteesView(
        tuple(
            (words.label("Chamber", house).text if house else words.t("bodies.no_house"), tuple(rows))
            for house, rows in sorted(by_house.items())
        ),
        visit.one("q"),
        choices(words, "Chamber", ("CAMARA", "SENADO", "CONGRESSO"), visit.one("house")),
        choices(words, "Classification", tuple(Classification), visit.one("classification")),
        tuple(Choice(value, words.t(f"bodies.active_{value}"), value == active) for value in ("true", "false", ANY)),
        *list_frame(visit, "/committees", _PATH, listed, _FIELDS, api_query(visit)),
    )


ROUTES = (PageRoute("/committees", show_committees),)
