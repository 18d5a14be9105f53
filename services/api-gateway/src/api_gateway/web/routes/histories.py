"""`/bills/{id}/actions`, `/votes` and `/versions`: the histories of a bill, which grow over time."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.domain.vocabulary import ActionKind
from starlette.responses import Response

from api_gateway.documents.reference_ids import entry_with_reference_ids
from api_gateway.search.filtering.values import one_of, values
from api_gateway.store.bills.bill_reader import HistoryPage, load_history
from api_gateway.store.changes.change_reader import load_versions
from api_gateway.store.records.reading.vote_reader import load_bill_votes
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.background.status_monitor import StatusSnapshot
from api_gateway.web.dependencies import BillId, Shared, problems
from api_gateway.web.error_handlers import no_bill
from api_gateway.web.files.list_columns import ACTIONS, BILL_VOTES
from api_gateway.web.files.member_vote_rows import member_vote_rows
from api_gateway.web.files.paged_file import Page, paged_file
from api_gateway.web.params.bill_part_parameters import BillVoteParameters, VersionParameters
from api_gateway.web.params.cursor import decode_offset, encode_offset, next_link, question_hash
from api_gateway.web.params.parameters import ActionParameters, PageParameters
from api_gateway.web.responses.json_responses import DATA_CACHE, data_reply, dump, entity_tag, joined, page_object
from api_gateway.web.responses.past.readable_versions import MEDIA_TYPE, markdown, with_diffs
from api_gateway.web.responses.record_schemas import VoteList
from api_gateway.web.responses.reply_schemas import ActionList, VersionList
from api_gateway.web.waiting_for_index import reading_since

router = APIRouter(prefix="/api/v1/bills/{bill_id}", tags=["bills"], route_class=ApiRoute)
_kind = one_of(ActionKind)


@router.get(
    "/actions",
    response_model=ActionList,
    responses=problems(404, 410),
    operation_id="listBillActions",
    summary="Proceedings of a bill",
)
async def list_actions(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[ActionParameters, Query()]
) -> Response:
    """Oldest first: the official text, our normalised kind, and the documents of each step."""
    kinds = [_kind("kind", name) for name in values("kind", asked.kind)]
    question = question_hash(request.url.path, asked)
    offset = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    source = bill_id.partition("-")[0]

    async def load(begin: int, limit: int) -> HistoryPage:
        async with reading_since(request, shared, asked.min_seq) as database:
            found = await load_history(database, bill_id, "actions", offset=begin, limit=limit, kinds=kinds)
        if found is None:
            raise no_bill(bill_id)
        return found

    def entries(found: HistoryPage) -> list[bytes]:
        return [entry_with_reference_ids(source, item) for item in found.items]

    async def read(place: int | None, limit: int) -> Page[int]:
        found = await load(place or 0, limit)
        return entries(found), _following(found, place or 0)

    if (file := await paged_file(request, shared, asked, ACTIONS, read, offset)) is not None:
        return file
    snapshot = shared.status_monitor.snapshot
    found = await load(offset, asked.limit)
    members = {"data": joined(entries(found)), "read_whole": dump(found.read_whole)}
    return _page(request, shared, asked, members, _following(found, offset), snapshot)


@router.get(
    "/votes",
    response_model=VoteList,
    responses=problems(404, 410),
    operation_id="listBillVotes",
    summary="Votings on a bill",
)
async def list_votes(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[BillVoteParameters, Query()]
) -> Response:
    """Oldest first, both houses in one shape, with each member's vote where it was nominal: the same records as
    `/vote-events?bill=`. A file has a row for each member's vote, and one for a voting without any."""
    question = question_hash(request.url.path, asked)
    offset = 0 if asked.cursor is None else decode_offset(asked.cursor, question)

    async def load(begin: int, limit: int) -> HistoryPage:
        async with reading_since(request, shared, asked.min_seq) as database:
            found = await load_bill_votes(database, bill_id, offset=begin, limit=limit)
        if found is None:
            raise no_bill(bill_id)
        return found

    async def read(place: int | None, limit: int) -> Page[int]:
        found = await load(place or 0, limit)
        rows = [row for item in found.items for row in member_vote_rows(item.encode())]
        return rows, _following(found, place or 0)

    if (file := await paged_file(request, shared, asked, BILL_VOTES, read, offset)) is not None:
        return file
    snapshot = shared.status_monitor.snapshot
    found = await load(offset, asked.limit)
    members = {"data": joined([item.encode() for item in found.items]), "read_whole": dump(found.read_whole)}
    return _page(request, shared, asked, members, _following(found, offset), snapshot)


@router.get(
    "/versions",
    response_model=VersionList,
    responses={**problems(404, 410), 200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    operation_id="listBillVersions",
    summary="Versions of a record",
)
async def list_versions(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[VersionParameters, Query()]
) -> Response:
    """Oldest first unless `sort` says otherwise: when the record changed, and which fields from what to what; long
    texts word by word, with the middle of unchanged parts left out."""
    question = question_hash(request.url.path, asked)
    after = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot
    newest_first = asked.sort == "-version"
    async with reading_since(request, shared, asked.min_seq) as database:
        exists, found = await load_versions(
            database, bill_id, after=after, limit=asked.limit + 1, newest_first=newest_first
        )
    if not exists:
        raise no_bill(bill_id)
    page, more = found[: asked.limit], len(found) > asked.limit
    if asked.format == "markdown":
        return await _markdown(request, shared, bill_id, asked, page, after, more)
    entries = await asyncio.to_thread(lambda: [with_diffs(entry) for entry in page])
    following = after + len(page) if more else None
    return _page(request, shared, asked, {"data": joined(entries)}, following, snapshot)


async def _markdown(
    request: Request,
    shared: Shared,
    bill_id: str,
    asked: VersionParameters,
    entries: list[bytes],
    offset: int,
    more: bool,
) -> Response:
    path = request.url.path
    cursor = encode_offset(offset + len(entries), question_hash(path, asked)) if more else None
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    body = (await asyncio.to_thread(markdown, bill_id, entries, link)).encode()
    headers = {"ETag": entity_tag(body), "Cache-Control": DATA_CACHE, "Vary": "Accept, Accept-Encoding"}
    if link is not None:
        headers["Link"] = f'<{link}>; rel="next"'
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _following(found: HistoryPage, begin: int) -> int | None:
    """The offset of the page after the one that starts at `begin`; None on the last one."""
    end = begin + len(found.items)
    return end if found.items and end < found.total else None


def _page(
    request: Request,
    shared: Shared,
    asked: ActionParameters | PageParameters,
    members: dict[str, bytes],
    following: int | None,
    snapshot: StatusSnapshot,
) -> Response:
    """A reply with the rendered `members`, and a page whose next one starts at the offset `following`."""
    path = request.url.path
    cursor = None if following is None else encode_offset(following, question_hash(path, asked))
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    return data_reply(members | {"page": page_object(asked.limit, cursor, link, None)}, snapshot, link=link)
