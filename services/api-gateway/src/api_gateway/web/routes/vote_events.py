"""`/vote-events`: search and list votings, one voting with its votes."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.domain.records.record import RecordKind
from starlette.responses import Response

from api_gateway.store.records.reading.vote_reader import list_vote_events
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, VoteEventId, problems
from api_gateway.web.files.list_columns import VOTE_EVENTS
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.params.record_filters import vote_event_filter
from api_gateway.web.params.record_parameters import VoteEventParameters
from api_gateway.web.responses.record_replies import BY_TIME, detail_reply, keyset_reply, stored_record
from api_gateway.web.responses.record_schemas import VoteEventList, VoteEventReply

router = APIRouter(prefix="/api/v1/vote-events", tags=["votings"], route_class=ApiRoute)


@router.get(
    "",
    response_model=VoteEventList,
    responses=problems(),
    operation_id="listVoteEvents",
    summary="Search and list votings",
)
async def list_all(request: Request, shared: Shared, asked: Annotated[VoteEventParameters, Query()]) -> Response:
    """Votings of plenaries and committees of both houses that match every filter, newest first."""
    read = partial(list_vote_events, shared.database, vote_event_filter(asked))
    return await keyset_reply(request, shared, asked, VOTE_EVENTS, read, BY_TIME)


@router.get(
    "/{vote_event_id}",
    response_model=VoteEventReply,
    responses=problems(404),
    operation_id="getVoteEvent",
    summary="One voting, complete",
)
async def get_vote_event(
    shared: Shared, vote_event_id: VoteEventId, asked: Annotated[NoParameters, Query()]
) -> Response:
    """Result, totals published and counted, each member's vote with party and state of that day, orientations of the
    benches, and warnings. `duplicate_of` names the voting that it repeats. A removed record has `removed_at`."""
    snapshot = shared.status_monitor.snapshot
    found = await stored_record(shared.database, vote_event_id, RecordKind.VOTE_EVENT)
    return detail_reply(found.document, found.changed_at, snapshot)
