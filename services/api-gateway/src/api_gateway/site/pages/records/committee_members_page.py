"""`/committees/{id}/members`: who sits in a body now, and who did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, together
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.bodies import BodyHead, body_head
from api_gateway.site.records.list_query import PagerView, given, pager, without
from api_gateway.site.records.people import running
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit

FIRST_ROLES = ("presidente", "1º vice-presidente", "vice-presidente", "2º vice-presidente", "3º vice-presidente")
"""Offices that stand before all other members, as the houses write them."""


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody's stay in the body."""

    name: str
    address: str | None
    party: str | None
    state: str | None
    role: str | None
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class MembersView:
    """The content of the members page: at most 100 present members, offices first, and a page of former ones."""

    head: BodyHead
    present: tuple[SeatRow, ...]
    present_more: str | None
    former: tuple[SeatRow, ...]
    former_open: bool
    pager: PagerView
    json: str


async def show_members(visit: Visit, api: Api) -> Shown:
    """The page: three requests at once."""
    path = f"/api/v1/organizations/{visit.params['organization_id']}"
    cursor = without(given(visit), "active", "limit")
    body, now, before = await together(
        api.get(path),
        api.get(f"{path}/members", [("active", "true"), ("limit", "100")]),
        api.get(f"{path}/members", [("active", "false"), ("limit", "50"), *cursor]),
    )
    view = members_view(visit, body.data, now, before)
    t = visit.words.t
    return Shown(
        "committee_members.html",
        view,
        t("bodies.members_title", name=view.head.row.name),
        (body, now, before),
        t("bodies.members_description", name=view.head.row.name),
        alternates=(Alternate("application/json", view.json, "JSON"),),
    )


def members_view(visit: Visit, body: Mapping[str, Any], now: ApiReply, before: ApiReply) -> MembersView:
    """The content of the members page, from replies of `/organizations/{id}` and its `/members`, present and former."""
    path = f"/api/v1/organizations/{body['id']}/members"
    present = sorted((one for one in now.data if running(visit, one)), key=_place)
    following = now.page.get("next")
    return MembersView(
        body_head(visit, body, "members"),
        tuple(_seat(visit, one) for one in present),
        visit.api(following) if following else None,
        tuple(_seat(visit, one) for one in before.data),
        bool(visit.one("cursor")) or not present,
        pager(visit, f"/committees/{body['id']}/members", given(visit), before),
        visit.full_api(path),
    )


def _place(one: Mapping[str, Any]) -> tuple[int, bool, str]:
    role = (one.get("role") or "").lower()
    office = FIRST_ROLES.index(role) if role in FIRST_ROLES else len(FIRST_ROLES)
    return office, one.get("condition") == "SUBSTITUTE" or role == "suplente", one.get("legislator_name") or ""


def _seat(visit: Visit, one: Mapping[str, Any]) -> SeatRow:
    who = one.get("legislator_id")
    return SeatRow(
        one.get("legislator_name") or visit.words.t("people.no_name"),
        visit.url(f"/legislators/{who}") if who else None,
        one.get("party") or one.get("party_text"),
        one.get("state"),
        one.get("role") or (visit.words.label("Condition", one["condition"]).text if one.get("condition") else None),
        one.get("start_date"),
        one.get("end_date"),
    )


ROUTES = (PageRoute("/committees/{organization_id}/members", show_members),)
