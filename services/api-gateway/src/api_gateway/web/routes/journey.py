"""`/bills/{id}/journey`: a bill's way through both houses in one timeline."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from starlette.responses import Response

from api_gateway.store.records.reading.journey_reader import load_journey
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import BillId, Shared, problems
from api_gateway.web.error_handlers import no_bill
from api_gateway.web.params.cursor import decode_offset, encode_offset, next_link, question_hash
from api_gateway.web.params.event_params import JourneyParameters
from api_gateway.web.responses.journey_schemas import JourneyReply
from api_gateway.web.responses.journey_timeline import journey_of
from api_gateway.web.responses.json_responses import data_reply, dump, page_object
from api_gateway.web.waiting_for_index import reading_since

router = APIRouter(prefix="/api/v1/bills/{bill_id}", tags=["bills"], route_class=ApiRoute)


@router.get(
    "/journey",
    response_model=JourneyReply,
    responses=problems(404, 410),
    operation_id="getBillJourney",
    summary="A bill's way through both houses",
)
async def get_journey(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[JourneyParameters, Query()]
) -> Response:
    """Actions, votings, sessions and documents of the bill and its counterparts, oldest first unless `sort` says
    otherwise, with the stage that each action belongs to and the days spent in each stage.
    """
    path = request.url.path
    question = question_hash(path, asked)
    offset = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot
    async with reading_since(request, shared, asked.min_seq) as database:
        rows = await load_journey(database, bill_id)
    if rows is None:
        raise no_bill(bill_id)
    journey = journey_of(rows, local_day(utc_now()))
    timeline = journey.timeline if asked.sort == "date" else journey.timeline[::-1]
    shown = timeline[offset : offset + asked.limit]
    more = offset + len(shown) < len(timeline)
    cursor = encode_offset(offset + len(shown), question) if more and shown else None
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    bills = [{name: bill[name] for name in ("id", "identifier", "status", "read_whole")} for bill in rows.bills]
    members = {
        "data": dump(shown),
        "bills": dump(bills),
        "stage": dump(journey.stages[-1] if journey.stages else None),
        "stages": dump(journey.stages),
        "page": page_object(asked.limit, cursor, link, len(timeline)),
    }
    return data_reply(members, snapshot.undated, link=link)
