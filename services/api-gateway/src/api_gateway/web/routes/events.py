"""`/events`: sessions and meetings, past and planned, with their agendas; and those of one bill."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from legis.clock import utc_now
from legis.domain.records.record import RecordKind
from starlette.responses import Response

from api_gateway.documents.records.record_documents import with_fields
from api_gateway.store.bills.bill_reader import load_bill
from api_gateway.store.records.reading.event_reader import EventFilter, EventItem, list_events
from api_gateway.store.records.reading.record_reader import Key, RecordPage
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import BillId, EventId, Shared, problems
from api_gateway.web.error_handlers import no_bill
from api_gateway.web.files.list_columns import EVENTS
from api_gateway.web.params.event_params import BillEventParameters, EventParameters, event_filter
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import dump
from api_gateway.web.responses.record_replies import BY_TIME, detail_reply, keyset_reply, stored_record
from api_gateway.web.responses.record_schemas import EventList, EventReply

router = APIRouter(prefix="/api/v1", tags=["agenda"], route_class=ApiRoute)


@router.get(
    "/events",
    response_model=EventList,
    responses=problems(),
    operation_id="listEvents",
    summary="Sessions and meetings",
)
async def list_all(request: Request, shared: Shared, asked: Annotated[EventParameters, Query()]) -> Response:
    """Sessions of the plenaries and meetings of committees that match every filter, soonest first. Without days they
    begin with today. With `agenda=true` each has the items of its agenda."""
    return await _page(request, shared, asked, event_filter(asked, utc_now()), agendas=asked.agenda)


@router.get(
    "/events/{event_id}",
    response_model=EventReply,
    responses=problems(404),
    operation_id="getEvent",
    summary="One session or meeting",
)
async def get_event(shared: Shared, event_id: EventId, asked: Annotated[NoParameters, Query()]) -> Response:
    """Place, body, state, and the agenda with what became of each item. One that its house moved has `moved_to`."""
    snapshot = shared.status_monitor.snapshot
    found = await stored_record(shared.database, event_id, RecordKind.EVENT)
    return detail_reply(found.document, found.changed_at, snapshot)


@router.get(
    "/bills/{bill_id}/events",
    response_model=EventList,
    responses=problems(404),
    operation_id="listBillEvents",
    summary="Sessions and meetings with a bill on the agenda",
)
async def list_of_bill(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[BillEventParameters, Query()]
) -> Response:
    """Past and planned, latest first. The next one is also in the bill as `next_event`."""
    if asked.cursor is None and await load_bill(shared.database, bill_id) is None:
        raise no_bill(bill_id)
    return await _page(request, shared, asked, EventFilter(bill_ids=(bill_id,)))


async def _page(
    request: Request,
    shared: Resources,
    asked: EventParameters | BillEventParameters,
    wanted: EventFilter,
    *,
    agendas: bool = False,
) -> Response:
    newest_first = asked.sort == "-start"

    async def read(after: Key | None, limit: int) -> RecordPage:
        page = await list_events(
            shared.database, wanted, after=after, limit=limit, newest_first=newest_first, whole=agendas
        )
        return RecordPage([_item(one) for one in page.items], page.keys, page.more)

    return await keyset_reply(request, shared, asked, EVENTS, read, BY_TIME)


def _item(event: EventItem) -> bytes:
    """The summary, with the agenda where the document was read."""
    if event.document is None:
        return event.summary
    return with_fields(event.summary, {"agenda": dump(orjson.loads(event.document)["agenda"])})
