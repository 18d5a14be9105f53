"""`/events.ics`, `/bills/events.ics` and `/bills/{id}/events.ics`: events as calendars to subscribe to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from legis.clock import utc_now
from starlette.responses import Response

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.results import matching_among
from api_gateway.store.bills.bill_reader import load_bill, load_labels
from api_gateway.store.records.reading.calendar_reader import CalendarFilter, load_agendas, load_calendar
from api_gateway.store.records.reading.record_reader import load_summaries
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import BillId, Shared, filter_of, problems
from api_gateway.web.error_handlers import no_bill
from api_gateway.web.params.event_params import (
    BillCalendarParameters,
    CalendarParameters,
    SearchCalendarParameters,
    calendar_filter,
)
from api_gateway.web.responses.feeds.calendar import MEDIA_TYPE, CalendarHead, calendar_feed
from api_gateway.web.responses.feeds.feed_words import filters_in_words
from api_gateway.web.responses.json_responses import DATA_CACHE, document_reply

router = APIRouter(prefix="/api/v1", tags=["agenda"], route_class=ApiRoute)
_OF_THIS_HOST = "private, max-age=30"
"""`Cache-Control` without a configured public address: the calendar then has the host of the client's request."""

_CONGRESS = "Congresso Nacional"
_HOUSES = {"CAMARA": "Câmara dos Deputados", "SENADO": "Senado Federal", "CONGRESSO": _CONGRESS}
_REPLIES: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "iCalendar"},
}


@router.get(
    "/events.ics",
    response_class=Response,
    responses={**_REPLIES, **problems()},
    operation_id="getCalendar",
    summary="Sessions and meetings as a calendar",
)
async def calendar(request: Request, shared: Shared, asked: Annotated[CalendarParameters, Query()]) -> Response:
    """An iCalendar to subscribe to: at most 1000 events that match every filter. An event keeps its UID for ever; its
    SEQUENCE rises when its time, place or state changes. Cancelled ones stay for 90 days."""
    now = utc_now()
    wanted = calendar_filter(asked, now)
    entries = await load_calendar(shared.database, wanted, now)
    return _reply(request, shared, entries, await _name(shared, wanted))


@router.get(
    "/bills/events.ics",
    response_class=Response,
    responses={**_REPLIES, **problems()},
    operation_id="getSearchCalendar",
    summary="The sessions and meetings of a search as a calendar",
)
async def search_calendar(
    request: Request, shared: Shared, asked: Annotated[SearchCalendarParameters, Query()]
) -> Response:
    """An iCalendar of the sessions and meetings with a bill on their agenda that matches every filter, at most 1000.
    The filters are those of `/bills`; a bill is taken as it is now."""
    now = utc_now()
    entries = await _entries_of_search(shared, filter_of(asked, shared), calendar_filter(asked, now), now)
    return _reply(request, shared, entries, filters_in_words(asked.filters()) or _CONGRESS)


@router.get(
    "/bills/{bill_id}/events.ics",
    response_class=Response,
    responses={**_REPLIES, **problems(404)},
    operation_id="getBillCalendar",
    summary="A bill's sessions and meetings as a calendar",
)
async def bill_calendar(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[BillCalendarParameters, Query()]
) -> Response:
    """An iCalendar of every session and meeting that has the bill on its agenda."""
    bill = await load_bill(shared.database, bill_id)
    if bill is None:
        raise no_bill(bill_id)
    now = utc_now()
    wanted = calendar_filter(asked, now, bill_id)
    entries = await load_calendar(shared.database, wanted, now)
    return _reply(request, shared, entries, orjson.loads(bill.document)["identifier"] or bill_id)


async def _entries_of_search(
    shared: Resources, bills: BillFilter, wanted: CalendarFilter, now: datetime
) -> list[bytes]:
    """The entries of the events that have a bill of a search on their agenda. Raises IndexNotReady."""
    state = shared.index.require(shared.status_monitor.snapshot.epoch)
    agendas = await load_agendas(shared.database, wanted)
    found = await shared.index.ask(partial(matching_among, bill_filter=bills, bills=agendas.bills), state)
    if not found:
        return []  # without bills a filter would take every event
    return await load_calendar(shared.database, replace(wanted, until=agendas.until, bill_ids=tuple(found)), now)


async def _name(shared: Resources, wanted: CalendarFilter) -> str:
    """The name of a calendar: the labels and names of what was asked for, or the id of what is not stored."""
    parts: list[str] = []
    if wanted.bill_ids:
        labels = await load_labels(shared.database, wanted.bill_ids)
        parts += dict.fromkeys(labels.get(one, one) for one in wanted.bill_ids)
    if (body := wanted.organization_id) is not None:
        found = (await load_summaries(shared.database, [body])).get(body)
        parts.append(body if found is None else _body_name(orjson.loads(found), body))
    if wanted.house is not None:
        parts.append(_HOUSES.get(wanted.house, wanted.house))
    return ", ".join(parts) or _CONGRESS


def _body_name(body: Mapping[str, Any], known_by: str) -> str:
    name, acronym = body["name"], body["acronym"]
    return f"{name} ({acronym})" if name and acronym and name != acronym else name or acronym or known_by


def _reply(request: Request, shared: Resources, entries: Sequence[bytes], name: str) -> Response:
    public = shared.settings.public_base_url
    base = (public or str(request.base_url)).rstrip("/")
    query = request.url.query
    address = f"{base}{request.url.path}{'?' if query else ''}{query}"
    return document_reply(
        calendar_feed(CalendarHead(f"Agenda: {name}", address), entries),
        f"{MEDIA_TYPE}; charset=utf-8",
        DATA_CACHE if public else _OF_THIS_HOST,
        headers={"Content-Disposition": 'inline; filename="legis.ics"'},
    )
