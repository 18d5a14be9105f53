"""`/changes`: the change log as pages, by long poll and as a stream."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from legis.errors import StoreUnavailable
from legis.languages import Text
from legis.service.problems import problem
from legis.telemetry.metrics import SHED
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.store.changes.change_reader import ChangePage, LogPosition
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared, filter_of, problems
from api_gateway.web.files.list_columns import CHANGES
from api_gateway.web.files.paged_file import Page, ReadPage, paged_file
from api_gateway.web.log_position import LogGone, Place, place_of_event, position_for
from api_gateway.web.params.change_params import wanted_entries
from api_gateway.web.params.cursor import next_link
from api_gateway.web.params.parameters import ChangeParameters, StreamParameters
from api_gateway.web.pipeline.limits.admission import Overloaded
from api_gateway.web.pipeline.limits.client_slots import ClientSlots, TooMany
from api_gateway.web.pipeline.limits.patient_slot import TURN_SECONDS, patient_slot
from api_gateway.web.pipeline.request_context import RequestContext, context_of
from api_gateway.web.responses.filtered_changes import Wanted
from api_gateway.web.responses.json_responses import DATA_CACHE, data_reply, dump, joined
from api_gateway.web.responses.reply_schemas import ChangeList

router = APIRouter(prefix="/api/v1", tags=["changes"], route_class=ApiRoute)

LOOK_SECONDS = 1.0
"""Seconds after which a waiting request reads the log again, even if no change is announced."""

_STREAM_PATIENCE_SECONDS = 5.0
"""Longest wait of a stream for a slot, after which it looks whether a heartbeat is due."""

HEARTBEAT_SECONDS = 15.0
STREAM_PAGE = 100
_RETRY_MILLISECONDS = (2000, 4000)
"""Bounds in milliseconds of a reader's delay before it reconnects, chosen at random for each reader, so that they do
not all return together.
"""

_TOO_MANY = Text(
    "As many readers as can be served follow the stream already; poll /changes instead.",
    "O fluxo já tem todos os leitores que pode atender; consulte /changes.",
)
_ONLY_NEWEST = Text(
    "-seq shows the newest entries and takes no after, epoch, wait or file; leave them out",
    "-seq mostra as mudanças mais novas e não aceita after, epoch, wait nem arquivo; retire-os",
)
_EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-Sent Events"}
}


@router.get(
    "/changes",
    response_model=ChangeList,
    responses=problems(410),
    operation_id="listChanges",
    summary="The change log, in order",
)
async def list_changes(request: Request, shared: Shared, asked: Annotated[ChangeParameters, Query()]) -> Response:
    """Entries with `seq` above `after`, in order. The log numbers all entries without gaps; numbers that a page leaves
    out are of entries that were not asked for, such as those about records where `about` does not name them. Go on
    with `after=<page.next_after>` and `epoch=<page.epoch>`: then a log that was begun again is noticed.

    With filters on bills, only changes of bills that matched before or after the change; such a page looks at 500
    entries. With `kind` or `field` a page passes over 5 000 at most. Either may be short, or empty, while more follow.
    `wait` holds the reply until there is something to say; a file ends at the head of the log and does not wait.
    `sort=-seq` has the newest entries instead, newest first.
    """
    wanted = wanted_entries(asked, filter_of(asked, shared))
    context = context_of(request.scope)
    newest_first = asked.sort == "-seq"
    if newest_first and (asked.after or asked.epoch or asked.wait or context.file_format is not None):
        raise InvalidParameter("sort", _ONLY_NEWEST)
    start = Place(asked.after, asked.epoch)
    if (file := await paged_file(request, shared, asked, CHANGES, _file_pages(shared, wanted), start)) is not None:
        return file
    snapshot = shared.status_monitor.snapshot
    async with shared.slot_after_waiting(context):
        if newest_first:
            page = await shared.filtered_changes.newest(wanted, asked.limit)
        else:
            page = await _page(shared, wanted, start, asked.limit)
    if asked.wait and not page.seqs:
        page = await _wait(context, shared, asked, wanted, page)
    position = page.position
    base, after = shared.settings.public_base_url, page.next_after
    onward = asked.model_copy(update={"sort": None}) if newest_first else asked
    link = next_link(base, request.url.path, onward, after=after, epoch=position.epoch)
    told = {"limit": asked.limit, "next_after": after, "next": link, "has_more": page.more, "epoch": position.epoch}
    return data_reply(
        {"data": joined(page.documents), "page": dump(told)[:-1]},
        snapshot,
        link=link,
        cache_control="no-store" if asked.wait else DATA_CACHE,
        untagged=b',"head":%d}' % position.head,
    )


@router.get(
    "/changes/stream",
    responses=_EVENT_STREAM | problems(410),
    response_class=StreamingResponse,
    operation_id="streamChanges",
    summary="The change log as it grows",
)
async def stream_changes(request: Request, shared: Shared, asked: Annotated[StreamParameters, Query()]) -> Response:
    """Server-Sent Events: the `id` of a `change` is `<epoch>.<seq>`, its `data` the entry. `Last-Event-ID` resumes
    where a reader stopped. The first event is a `position`: epoch, head, and after which entry the stream begins. Where
    the log is begun again meanwhile, a `gone` tells the new epoch and head, and ends the stream.
    """
    wanted = wanted_entries(asked, filter_of(asked, shared))
    resumed = request.headers.get("last-event-id")
    place = place_of_event(resumed) if resumed else Place(asked.after, asked.epoch)
    position = await position_for(place, shared)
    context = context_of(request.scope)
    context.move_deadline(None)  # a stream has no deadline, but each of its steps has one
    after = position.head if place.after is None else place.after
    return _EventStream(_events(context, shared, wanted, position, after), shared.streams, context.client)


class _EventStream(StreamingResponse):
    """A stream that holds one of its client's slots from before its first byte until its end."""

    def __init__(self, events: AsyncIterator[bytes], slots: ClientSlots, client: str) -> None:
        super().__init__(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self._slots = slots
        self._client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._slots.slot(self._client):
                await super().__call__(scope, receive, send)
        except TooMany:
            SHED.labels("streams").inc()
            refusal = problem(503, "Too many streams", _TOO_MANY, headers={"Retry-After": "30"}, instance=scope["path"])
            await refusal(scope, receive, send)


async def _page(shared: Resources, wanted: Wanted, place: Place, limit: int) -> ChangePage:
    """A page after a place that exists in the log. Raises LogGone.

    A standby that is behind does not know the place yet, so the primary decides whether it exists.
    """
    page = await shared.filtered_changes.page(wanted, after=place.after or 0, limit=limit)
    if shared.database.has_standbys and not place.is_in(page.position):
        page = await shared.filtered_changes.page(wanted, after=place.after or 0, limit=limit, newest=True)
    place.must_be_in(page.position)
    return page


def _file_pages(shared: Resources, wanted: Wanted) -> ReadPage[Place]:
    """Reads pages of a file, all of one log. Raises LogGone where it is begun again meanwhile, which ends the file."""

    async def read(place: Place | None, limit: int) -> Page[Place]:
        page = await _page(shared, wanted, place or Place(0, None), limit)
        return page.documents, Place(page.next_after, page.position.epoch) if page.more else None

    return read


async def _wait(
    context: RequestContext, shared: Resources, asked: ChangeParameters, wanted: Wanted, page: ChangePage
) -> ChangePage:
    loop = asyncio.get_running_loop()
    until = loop.time() + asked.wait
    context.move_deadline(until + shared.settings.request_timeout_seconds)
    try:
        with shared.waiters.slot(context.client):
            while not page.seqs and not _ending(shared) and loop.time() < until:
                if not page.more:
                    await shared.data_version.wait_for_change(min(LOOK_SECONDS, until - loop.time()))
                try:
                    async with shared.slot_after_waiting(context):
                        page = await _page(shared, wanted, Place(page.next_after, page.position.epoch), asked.limit)
                except Overloaded:  # who waits anyway waits a little more
                    await asyncio.sleep(random.uniform(*TURN_SECONDS))
                except StoreUnavailable:  # it waits on: the page that it has is true as far as is known
                    await asyncio.sleep(max(0, min(LOOK_SECONDS, until - loop.time())))
    except TooMany:  # the page is sent at once, as without `wait`
        SHED.labels("waiters").inc()
    return page


async def _events(
    context: RequestContext, shared: Resources, wanted: Wanted, position: LogPosition, after: int
) -> AsyncIterator[bytes]:
    yield b"retry: %d\n\n" % random.randint(*_RETRY_MILLISECONDS)
    told = {"epoch": position.epoch, "head": position.head, "after": after}
    yield _event(position.epoch, after, b"position", dump(told))
    try:
        async for piece in _follow(context, shared, wanted, position, after):
            yield piece
    except LogGone as error:
        now = error.position
        told = {"epoch": now.epoch, "head": now.head, "oldest": now.oldest, "detail": str(error)}
        yield b"event: gone\ndata: %b\n\n" % dump(told)
    yield b": this server is going away, connect again\n\n"


def _event(epoch: str, seq: int, name: bytes, data: bytes) -> bytes:
    return b"id: %b.%d\nevent: %b\ndata: %b\n\n" % (epoch.encode(), seq, name, data)


async def _follow(
    context: RequestContext, shared: Resources, wanted: Wanted, position: LogPosition, after: int
) -> AsyncIterator[bytes]:
    loop, epoch = asyncio.get_running_loop(), position.epoch
    heartbeat = loop.time() + HEARTBEAT_SECONDS
    while not _ending(shared):
        try:
            async with patient_slot(shared.admission, context.client, context.units, patience=_STREAM_PATIENCE_SECONDS):
                page = await _page(shared, wanted, Place(after, epoch), STREAM_PAGE)
        except (StoreUnavailable, Overloaded):
            page = ChangePage([], [], after, False, position)
        after, position = page.next_after, page.position
        if page.seqs:
            events = zip(page.seqs, page.documents, strict=True)
            yield b"".join(_event(epoch, seq, b"change", document) for seq, document in events)
        elif loop.time() >= heartbeat:
            yield b"id: %b.%d\n: heartbeat, the log ends at %d\n\n" % (epoch.encode(), after, position.head)
        elif page.more:
            continue
        else:
            await shared.data_version.wait_for_change(LOOK_SECONDS)
            continue
        heartbeat = loop.time() + HEARTBEAT_SECONDS


def _ending(shared: Resources) -> bool:
    return shared.health.draining or shared.stop.is_set()
