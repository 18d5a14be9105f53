"""`/committees/{id}`: what a committee has on its table, its next meetings, and what it decided last; of a party, the
bills of its members.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from legis.domain.brasilia_time import local_day

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.bills.shown_bill import BillRow, bill_row
from api_gateway.site.formats import as_day, as_instant
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.bodies import GROUPS, PARTY, BodyHead, body_head
from api_gateway.site.records.meeting import Item, Meeting, meeting, shortened
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Pairs, Visit

BILLS, MEETINGS, DECISIONS = 8, 4, 8
EVENTS = 30
"""Meetings that are asked for, latest first: those to come, and enough past ones to find decisions in."""


NO_DECISION = frozenset({"NOT_REACHED", "DISCUSSED"})
"""Outcomes of items that decide nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an item of a past meeting."""

    start: str
    meeting: str
    item: Item


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """The content of the body page. A part is None where the API did not give it; `has_bills` is False for bodies such
    as blocs, in which no bill lies. Where `head.meets` is False, there are neither meetings nor decisions.
    """

    head: BodyHead
    has_bills: bool
    bills: tuple[BillRow, ...] | None
    bills_count: int | None
    all_bills: str
    meetings: tuple[Meeting, ...] | None
    decisions: tuple[Decision, ...]
    calendar: str
    votes: str


async def show_committee(visit: Visit, api: Api) -> Shown:
    """The page: the body, then its bills and its meetings at once."""
    reply = await api.get(f"/api/v1/organizations/{visit.params['organization_id']}")
    bills, events = await together(_bills(api, reply.data), _events(visit, api, reply.data))
    view = committee_view(visit, reply.data, bills, events)
    t, kind = visit.words.t, "page" if view.head.meets else "group"
    calendar = visit.full_api("/api/v1/events.ics", [("organization", view.head.id)])
    return Shown(
        "committee.html",
        view,
        view.head.row.name,
        (reply, bills, events),
        t(f"bodies.{kind}_description", name=view.head.row.name),
        alternates=(
            Alternate("application/json", view.head.json, "JSON"),
            *((Alternate("text/calendar", calendar, "iCal"),) if view.head.meets else ()),
        ),
    )


def committee_view(
    visit: Visit, body: Mapping[str, Any], bills: ApiReply | None, events: ApiReply | None
) -> CommitteeView:
    """The content of the body page, from the item of `/organizations/{id}` and replies of `/bills` and `/events`."""
    query = _bill_query(body)
    return CommitteeView(
        body_head(visit, body, "table"),
        bool(query),
        None if bills is None else tuple(bill_row(visit, one) for one in bills.data),
        bills.page["count"]["value"] if bills is not None and bills.page.get("count") else None,
        visit.url("/", query),
        None if events is None else _coming(visit, events),
        () if events is None else _decisions(visit, events),
        visit.api("/api/v1/events.ics", [("organization", body["id"])]),
        visit.url("/votes", [("organization", body["id"])]),
    )


def _bill_query(body: Mapping[str, Any]) -> Pairs:
    """The search for the bills that are there now: what the API's own link asks, and that they still move. For a party,
    those that its members signed; none for a bloc.
    """
    link, kind = body["links"].get("bills"), body["classification"]
    if not link or (kind in GROUPS and kind != PARTY):
        return ()
    return (*parse_qsl(urlsplit(link).query), *((("in_progress", "true"),) if kind != PARTY else ()))


async def _bills(api: Api, body: Mapping[str, Any]) -> ApiReply | None:
    query = _bill_query(body)
    if not query:
        return None
    return await if_there(api.get("/api/v1/bills", [*query, ("count", "exact"), ("limit", str(BILLS))]))


async def _events(visit: Visit, api: Api, body: Mapping[str, Any]) -> ApiReply | None:
    if body["classification"] in GROUPS:
        return None
    until = local_day(visit.now) + timedelta(days=180)
    query = [
        ("organization", body["id"]),
        ("to", until.isoformat()),
        ("sort", "-start"),
        ("agenda", "true"),
        ("limit", str(EVENTS)),
    ]
    return await if_there(api.get("/api/v1/events", query))


def _coming(visit: Visit, events: ApiReply) -> tuple[Meeting, ...]:
    """The meetings of today and later, soonest first."""
    today = local_day(visit.now)
    coming = [one for one in reversed(events.data) if one["start"] and as_day(one["start"]) >= today]
    return tuple(shortened(meeting(visit, one)) for one in coming[:MEETINGS])


def _decisions(visit: Visit, events: ApiReply) -> tuple[Decision, ...]:
    """Items of past meetings with an outcome, newest meeting first."""
    found = []
    for one in events.data:
        if not one["start"] or as_instant(one["start"]) > visit.now:
            continue
        held = meeting(visit, one)
        decided = (item for item in held.items or () if item.outcome and item.outcome.code not in NO_DECISION)
        found += [Decision(one["start"], held.address, item) for item in decided]
    return tuple(found[:DECISIONS])


ROUTES = (PageRoute("/committees/{organization_id}", show_committee),)
