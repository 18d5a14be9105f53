"""`/changes`: the change log by pages, by long poll and as a stream."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from legis.errors import StoreUnavailable
from legis.service.errors import problem
from legis.telemetry.metrics import SHED
from starlette.responses import Response, StreamingResponse

from api_gateway.search.bill_filter import BillFilter
from api_gateway.search.values import InvalidParameter
from api_gateway.store.change_reader import ChangePage
from api_gateway.web.answering.replies import DATA_CACHE, data_reply, dump, joined
from api_gateway.web.answering.schemas import ChangeList
from api_gateway.web.asking.next_page import next_link
from api_gateway.web.asking.parameters import MAX_SEQ, ChangeParameters, StreamParameters
from api_gateway.web.dependencies import Shared, filter_of, problems
from api_gateway.web.edge.deadline import DEADLINE
from api_gateway.web.resources import Resources

router = APIRouter(prefix="/api/v1", tags=["changes"])

LOOK_SECONDS = 1.0
"""A waiting reader looks at the log this often even if nothing is announced."""

HEARTBEAT_SECONDS = 15.0
STREAM_PAGE = 100
_RETRY_MILLISECONDS = (2000, 4000)
"""Bounds of a reader's wait before it connects again, drawn for each, so that they do not all come back together."""

_EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-Sent Events"}
}


@router.get("/changes", response_model=ChangeList, responses=problems(), summary="The change log, in order")
async def list_changes(request: Request, shared: Shared, asked: Annotated[ChangeParameters, Query()]) -> Response:
    """Entries with `seq` above `after`, in order and without gaps. Go on with `after=<page.next_after>`.

    With filters, only changes of bills that matched before or after the change; such a page looks at 500 entries and
    may be short, or empty, while more follow. `wait` holds the reply until there is something to say.
    """
    wanted = _wanted(asked, shared)
    picture = shared.board.picture
    page = await _page(shared, wanted, asked.after, asked.limit)
    if asked.wait and not page.seqs:
        page = await _wait(request, shared, asked, wanted, page)
    link = next_link(shared.settings.public_base_url, request.url.path, asked, after=page.next_after)
    told = {"limit": asked.limit, "next_after": page.next_after, "next": link, "has_more": page.more}
    return data_reply(
        {"data": joined(page.documents), "page": dump(told)},
        picture,
        link=link,
        cache_control="no-store" if asked.wait else DATA_CACHE,
    )


@router.get(
    "/changes/stream",
    responses=_EVENT_STREAM | problems(),
    response_class=StreamingResponse,
    summary="The change log as it grows",
)
async def stream_changes(request: Request, shared: Shared, asked: Annotated[StreamParameters, Query()]) -> Response:
    """Server-Sent Events: `id` is the `seq`, `data` the entry. `Last-Event-ID` resumes where a reader stopped."""
    wanted = _wanted(asked, shared)
    after = await _start(request, shared, asked)
    if shared.streams.locked():
        SHED.labels("streams").inc()
        detail = "As many readers as can be served follow the stream already; poll /changes instead."
        return problem(503, "Too many streams", detail, headers={"Retry-After": "30"}, instance=request.url.path)
    request.scope[DEADLINE].reschedule(None)  # a stream has no end; each of its steps has
    return StreamingResponse(
        _events(shared, wanted, after), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


def _wanted(asked: ChangeParameters | StreamParameters, shared: Resources) -> BillFilter | None:
    """The filter; None where the whole log is wanted."""
    wanted = filter_of(asked, shared)
    return None if wanted == BillFilter() else wanted


async def _page(shared: Resources, wanted: BillFilter | None, after: int, limit: int) -> ChangePage:
    return await shared.filtered_changes.page(wanted, shared.board.epoch or "", after=after, limit=limit)


async def _wait(
    request: Request, shared: Resources, asked: ChangeParameters, wanted: BillFilter | None, page: ChangePage
) -> ChangePage:
    loop = asyncio.get_running_loop()
    until = loop.time() + asked.wait
    request.scope[DEADLINE].reschedule(until + shared.settings.request_timeout_seconds)
    if shared.waiters.locked():
        SHED.labels("waiters").inc()
        return page
    async with shared.waiters:
        while not page.seqs and not _ending(shared) and loop.time() < until:
            await shared.generation.wait_for_change(min(LOOK_SECONDS, until - loop.time()))
            page = await _page(shared, wanted, page.next_after, asked.limit)
    return page


async def _start(request: Request, shared: Resources, asked: StreamParameters) -> int:
    resumed = request.headers.get("last-event-id")
    if resumed:
        if resumed.isascii() and resumed.isdigit() and int(resumed[:20]) <= MAX_SEQ:
            return int(resumed)
        raise InvalidParameter("Last-Event-ID", "is not a seq of the change log")
    if asked.after is not None:
        return asked.after
    status = shared.board.picture.status
    if status is None:
        raise StoreUnavailable("where the log stands is not known")
    return status.last_seq


async def _events(shared: Resources, wanted: BillFilter | None, after: int) -> AsyncIterator[bytes]:
    async with shared.streams:  # in here, since a stream whose client has left is never begun
        yield b"retry: %d\n\n" % random.randint(*_RETRY_MILLISECONDS)
        async for piece in _follow(shared, wanted, after):
            yield piece
        yield b": this server is going away, connect again\n\n"


async def _follow(shared: Resources, wanted: BillFilter | None, after: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    heartbeat = loop.time() + HEARTBEAT_SECONDS
    while not _ending(shared):
        try:
            page = await _page(shared, wanted, after, STREAM_PAGE)
        except StoreUnavailable:
            page = ChangePage([], [], after, False)
        after = page.next_after
        if page.seqs:
            events = zip(page.seqs, page.documents, strict=True)
            yield b"".join(b"id: %d\nevent: change\ndata: %b\n\n" % event for event in events)
        elif loop.time() >= heartbeat:
            yield b"id: %d\n: heartbeat\n\n" % after
        else:
            await shared.generation.wait_for_change(LOOK_SECONDS)
            continue
        heartbeat = loop.time() + HEARTBEAT_SECONDS


def _ending(shared: Resources) -> bool:
    return shared.health.draining or shared.stop.is_set()
