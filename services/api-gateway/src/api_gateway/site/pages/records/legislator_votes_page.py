"""`/legislators/{id}/votes`: every recorded vote of one legislator, newest first."""

from dataclasses import dataclass

from api_gateway.site.api_client import Api, ApiReply, together
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.pages.records.legislator_page import OwnVote, own_vote
from api_gateway.site.records.list_query import PagerView, csv_address, given, pager, with_defaults, without
from api_gateway.site.rendering import Shown, list_alternates
from api_gateway.site.visit import Visit


@dataclass(frozen=True, slots=True)
class LegislatorVotesView:
    """The content of the legislator's votes page. `count` is that of all votes, without regard to the days chosen."""

    name: str
    back: str
    path: str
    count: int
    votes: tuple[OwnVote, ...]
    first_day: str
    last_day: str
    filtered: bool
    pager: PagerView
    csv: str
    json: str


async def show_legislator_votes(visit: Visit, api: Api) -> Shown:
    """The page: two requests at once."""
    path = f"/api/v1/legislators/{visit.params['legislator_id']}"
    person, listed = await together(
        api.get(path), api.get(f"{path}/votes", with_defaults(given(visit), (("limit", "30"),)))
    )
    view = legislator_votes_view(visit, person, listed)
    t = visit.words.t
    return Shown(
        "legislator_votes.html",
        view,
        t("people.votes_of", name=view.name),
        (person, listed),
        t("people.votes_of_description", name=view.name),
        alternates=list_alternates(view.json, view.csv),
    )


def legislator_votes_view(visit: Visit, person: ApiReply, listed: ApiReply) -> LegislatorVotesView:
    """The content of the legislator's votes page, from replies of `/legislators/{id}` and its `/votes`."""
    who, query = person.data, given(visit)
    path, api_path = f"/legislators/{who['id']}/votes", f"/api/v1/legislators/{who['id']}/votes"
    return LegislatorVotesView(
        who["name"] or visit.words.t("people.no_name"),
        visit.url(f"/legislators/{who['id']}"),
        path,
        who["counts"]["votes"],
        tuple(own_vote(visit, one) for one in listed.data),
        visit.one("from"),
        visit.one("to"),
        bool(without(query, "cursor", "limit")),
        pager(visit, path, query, listed),
        csv_address(visit, api_path, query),
        visit.full_api(api_path, without(query, "cursor")),
    )


ROUTES = (PageRoute("/legislators/{legislator_id}/votes", show_legislator_votes),)
