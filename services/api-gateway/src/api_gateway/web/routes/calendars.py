"""`/events.ics` and `/bills/{id}/events.ics`: events as calendars to subscribe to."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from legis.clock import utc_now
from starlette.responses import Response

from api_gateway.store.bills.bill_reader import load_bill
from api_gateway.store.records.reading.calendar_reader import CalendarFilter, load_calendar
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import BillId, Shared, problems
from api_gateway.web.error_handlers import no_bill
from api_gateway.web.params.event_params import BillCalendarParameters, CalendarParameters, calendar_filter
from api_gateway.web.responses.feeds.calendar import MEDIA_TYPE, CalendarHead, calendar_feed
from api_gateway.web.responses.json_responses import DATA_CACHE, document_reply

router = APIRouter(prefix="/api/v1", tags=["agenda"], route_class=ApiRoute)
_OF_THIS_HOST = "private, max-age=30"
"""`Cache-Control` without a configured public address: the calendar then has the host of the client's request."""

_HOUSES = {"CAMARA": "Câmara dos Deputados", "SENADO": "Senado Federal", "CONGRESSO": "Congresso Nacional"}
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
    wanted = calendar_filter(asked, utc_now())
    name = ", ".join(wanted.bill_ids) or _HOUSES.get((asked.house or "").upper(), "Congresso Nacional")
    return await _reply(request, shared, wanted, f"Agenda: {name}")


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
    return await _reply(request, shared, calendar_filter(asked, utc_now(), bill_id), f"Agenda: {bill_id}")


async def _reply(request: Request, shared: Resources, wanted: CalendarFilter, name: str) -> Response:
    public = shared.settings.public_base_url
    base = (public or str(request.base_url)).rstrip("/")
    query = request.url.query
    address = f"{base}{request.url.path}{'?' if query else ''}{query}"
    snapshot = shared.status_monitor.snapshot
    body = calendar_feed(CalendarHead(name, address), await load_calendar(shared.database, wanted, utc_now()))
    return document_reply(
        body,
        f"{MEDIA_TYPE}; charset=utf-8",
        DATA_CACHE if public else _OF_THIS_HOST,
        snapshot,
        headers={"Content-Disposition": 'inline; filename="legis.ics"'},
    )
