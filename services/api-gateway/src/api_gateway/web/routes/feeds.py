"""`/feeds/bills.atom`: what changed, for feed readers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, filter_of, problems
from api_gateway.web.params.change_params import wanted_entries
from api_gateway.web.params.parameters import FeedParameters
from api_gateway.web.responses.atom import atom_feed
from api_gateway.web.responses.feed_entries import feed_items
from api_gateway.web.responses.json_responses import DATA_CACHE, entity_tag, last_modified

router = APIRouter(prefix="/api/v1/feeds", tags=["changes"], route_class=ApiRoute)
_ATOM = "application/atom+xml"
_REPLIES: dict[int | str, dict[str, Any]] = {
    200: {"content": {_ATOM: {"schema": {"type": "string"}}}, "description": "Atom"},
    **problems(),
}


@router.get(
    "/bills.atom",
    response_class=Response,
    responses=_REPLIES,
    summary="Changed bills as an Atom feed",
)
async def bills_feed(request: Request, shared: Shared, asked: Annotated[FeedParameters, Query()]) -> Response:
    """The bills that match every filter, or did before one of the last changes, last changed first; each change of a
    bill is a new entry. Without `kind` only movement is told: MOVED, REMOVED, and CREATED of bills that were introduced
    in the 30 days before."""
    wanted = wanted_entries(asked, filter_of(asked, shared), movement=True)
    snapshot = shared.status_monitor.snapshot
    state = shared.index.require(snapshot.epoch)
    found = await feed_items(shared, wanted, state, asked.limit)
    query = request.url.query
    address = f"{request.url.path}?{query}" if query else request.url.path
    base = shared.settings.public_base_url.rstrip("/")
    body = atom_feed(found, address=address, base=base, updated=snapshot.modified_at)
    headers = {"ETag": entity_tag(body), "Cache-Control": DATA_CACHE, "Vary": "Accept-Encoding"}
    if snapshot.modified_at is not None:
        headers["Last-Modified"] = last_modified(snapshot.modified_at)
    return Response(body, media_type=_ATOM, headers=headers)
