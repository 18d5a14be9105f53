"""`/resolve`: from any name or address of a bill to its records in both houses."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api_gateway.search.resolve import resolved_ids
from api_gateway.store.bills.bill_reader import load_with_counterparts
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.params.bill_reference import read_reference
from api_gateway.web.params.lookup_params import ResolveParameters
from api_gateway.web.responses.json_responses import data_reply, dump, joined
from api_gateway.web.responses.reply_schemas import ResolvedBills

router = APIRouter(prefix="/api/v1", tags=["bills"], route_class=ApiRoute)


@router.get(
    "/resolve",
    response_model=ResolvedBills,
    responses=problems(),
    operation_id="resolveBill",
    summary="Find a bill by any name",
)
async def resolve_name(shared: Shared, asked: Annotated[ResolveParameters, Query()]) -> Response:
    """The bills that have the name, best first, and then their counterparts in the other house; maybe none."""
    settings = shared.settings
    kind, reference = read_reference(asked.q, (settings.site_url, settings.public_base_url))
    snapshot = shared.status_monitor.snapshot
    state = shared.index.require(snapshot.epoch)
    ids = await shared.index.ask(partial(resolved_ids, reference=reference), state)
    found = await load_with_counterparts(shared.database.at_least(state.position.seq), ids) if ids else []
    return data_reply(
        {"data": joined(found), "resolved": dump({"kind": kind, "q": asked.q})}, snapshot, index_seq=state.position.seq
    )
