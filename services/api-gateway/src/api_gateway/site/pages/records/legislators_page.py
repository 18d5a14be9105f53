"""`/legislators`: deputies and senators by name, with filters."""

from dataclasses import dataclass

from api_gateway.site.api_client import Api, ApiReply
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.list_query import (
    STATES,
    Choice,
    PagerView,
    choices,
    given,
    list_frame,
    plain_choices,
    with_defaults,
)
from api_gateway.site.records.party_marks import party_colours
from api_gateway.site.records.people import LegislatorRow, legislator_row
from api_gateway.site.rendering import Shown, list_alternates
from api_gateway.site.visit import Pairs, Visit

IN_OFFICE = "true"
ANY = "any"
"""Value of `in_office` in the address that asks for everybody: without one, only those in office are shown."""

_PATH = "/api/v1/legislators"
_FIELDS = ("q", "house", "party", "state", "in_office")


@dataclass(frozen=True, slots=True)
class LegislatorsView:
    """The content of the legislators page. `parties` are suggestions: the field takes any acronym, former ones too."""

    rows: tuple[LegislatorRow, ...]
    q: str
    houses: tuple[Choice, ...]
    states: tuple[Choice, ...]
    office: tuple[Choice, ...]
    party: str
    parties: tuple[str, ...]
    kept: Pairs
    filtered: bool
    pager: PagerView
    csv: str
    json: str


async def show_legislators(visit: Visit, api: Api) -> Shown:
    """The page: one request, with the address's own parameters; without them, those in office."""
    asked = api_query(visit)
    listed = await api.get(_PATH, with_defaults(asked, (("limit", "50"),)))
    view = legislators_view(visit, listed)
    t = visit.words.t
    return Shown(
        "legislators.html",
        view,
        t("people.title"),
        (listed,),
        t("people.description"),
        alternates=list_alternates(view.json, view.csv),
    )


def api_query(visit: Visit) -> Pairs:
    """The query of the API that the address means."""
    query = with_defaults(given(visit), (("in_office", IN_OFFICE),))
    return tuple(pair for pair in query if pair != ("in_office", ANY))


def legislators_view(visit: Visit, listed: ApiReply) -> LegislatorsView:
    """The content of the legislators page, from the reply of `/legislators`."""
    words = visit.words
    office = visit.one("in_office", IN_OFFICE)
    return LegislatorsView(
        tuple(legislator_row(visit, one) for one in listed.data),
        visit.one("q"),
        choices(words, "Chamber", ("CAMARA", "SENADO"), visit.one("house")),
        plain_choices(STATES, visit.one("state")),
        tuple(Choice(value, words.t(f"people.office_{value}"), value == office) for value in (IN_OFFICE, "false", ANY)),
        visit.one("party"),
        tuple(sorted(party_colours())),
        *list_frame(visit, "/legislators", _PATH, listed, _FIELDS, api_query(visit)),
    )


ROUTES = (PageRoute("/legislators", show_legislators),)
