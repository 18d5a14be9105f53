"""`/feeds/bills.atom`: changes of bills, for feed readers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared, filter_of, problems
from api_gateway.web.params.change_params import wanted_entries
from api_gateway.web.params.cursor import decode_place, encode_place, next_link, question_hash
from api_gateway.web.params.parameters import FeedParameters
from api_gateway.web.responses.feeds.atom import MEDIA_TYPE, FeedHead, atom_feed
from api_gateway.web.responses.feeds.feed_entries import feed_page
from api_gateway.web.responses.feeds.feed_words import feed_subtitle, feed_title
from api_gateway.web.responses.json_responses import DATA_CACHE, document_reply

router = APIRouter(prefix="/api/v1/feeds", tags=["changes"], route_class=ApiRoute)
_OF_THIS_HOST = "private, max-age=30"
"""`Cache-Control` without a configured public address: links then have the host of the client's request, so shared
caches must not store the feed.
"""

_REPLIES: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "Atom"},
    **problems(),
}


@router.get(
    "/bills.atom",
    response_class=Response,
    responses=_REPLIES,
    operation_id="getBillsFeed",
    summary="Changed bills as an Atom feed",
)
async def bills_feed(request: Request, shared: Shared, asked: Annotated[FeedParameters, Query()]) -> Response:
    """The bills that match every filter, or did before one of the last changes, last changed first; each change of a
    bill is a new entry. Without `kind` only movement is told: MOVED, REMOVED, and CREATED of bills that were introduced
    in the 30 days before. The link `next` leads to older changes (RFC 5005)."""
    wanted = wanted_entries(asked, filter_of(asked, shared), movement=True)
    snapshot = shared.status_monitor.snapshot
    state = shared.index.require(snapshot.epoch)
    question = question_hash(request.url.path, asked)
    place = None if asked.cursor is None else decode_place(asked.cursor, question)
    page = await feed_page(shared, wanted, state, asked.limit, place)
    cursor = None if page.next_place is None else encode_place(page.next_place, question)
    body = atom_feed(page.items, _head(request, shared, asked, cursor))
    cache = DATA_CACHE if shared.settings.public_base_url else _OF_THIS_HOST
    return document_reply(body, f"{MEDIA_TYPE}; charset=utf-8", cache, snapshot)


def _head(request: Request, shared: Resources, asked: FeedParameters, cursor: str | None) -> FeedHead:
    public = shared.settings.public_base_url
    path = request.url.path
    whole = asked.model_copy(update={"cursor": None})
    links = {"self": _address(path, asked), "first": _address(path, whole)}
    if cursor is not None:
        links["next"] = next_link("", path, asked, cursor=cursor)
    filters = {**asked.filters(), **{name: value for name in ("kind", "field") if (value := getattr(asked, name))}}
    return FeedHead(
        address=_address(path, whole.model_copy(update={"limit": None})),
        base=(public or str(request.base_url)).rstrip("/"),
        title=feed_title(filters),
        subtitle=feed_subtitle(asked.kind),
        links=links,
        named_by_base=bool(public),
    )


def _address(path: str, asked: FeedParameters) -> str:
    return next_link("", path, asked).removesuffix("?")
