"""`/bills/{id}/actions`, `/votes` and `/versions`: the histories of a bill, which grow over time."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.domain.vocabulary import ActionKind
from starlette.responses import Response

from api_gateway.documents.reference_ids import entry_with_reference_ids
from api_gateway.search.filtering.values import one_of, values
from api_gateway.store.bills.bill_reader import load_history
from api_gateway.store.changes.change_reader import load_versions
from api_gateway.store.records.reading.vote_reader import load_bill_votes
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.background.status_monitor import StatusSnapshot
from api_gateway.web.dependencies import BillId, Shared, problems
from api_gateway.web.error_handlers import no_bill
from api_gateway.web.params.cursor import decode_offset, encode_offset, next_link, question_hash
from api_gateway.web.params.parameters import ActionParameters, PageParameters
from api_gateway.web.responses.json_responses import data_reply, joined, page_object
from api_gateway.web.responses.record_schemas import VoteList
from api_gateway.web.responses.reply_schemas import ActionList, VersionList
from api_gateway.web.waiting_for_index import reading_since

router = APIRouter(prefix="/api/v1/bills/{bill_id}", tags=["bills"], route_class=ApiRoute)
_kind = one_of(ActionKind)


@router.get(
    "/actions",
    response_model=ActionList,
    responses=problems(404),
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
    snapshot = shared.status_monitor.snapshot
    async with reading_since(request, shared, asked.min_seq) as database:
        found = await load_history(database, bill_id, "actions", offset=offset, limit=asked.limit, kinds=kinds)
    if found is None:
        raise no_bill(bill_id)
    source = bill_id.partition("-")[0]
    rendered = [entry_with_reference_ids(source, item) for item in found.items]
    return _page(request, shared, asked, rendered, offset, offset + len(rendered) < found.total, snapshot)


@router.get(
    "/votes",
    response_model=VoteList,
    responses=problems(404),
    operation_id="listBillVotes",
    summary="Votings on a bill",
)
async def list_votes(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[PageParameters, Query()]
) -> Response:
    """Oldest first, both houses in one shape, with each member's vote where it was nominal: the same records as
    `/vote-events?bill=`."""
    question = question_hash(request.url.path, asked)
    offset = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot
    async with reading_since(request, shared, asked.min_seq) as database:
        found = await load_bill_votes(database, bill_id, offset=offset, limit=asked.limit)
    if found is None:
        raise no_bill(bill_id)
    rendered = [item.encode() for item in found.items]
    return _page(request, shared, asked, rendered, offset, offset + len(rendered) < found.total, snapshot)


@router.get(
    "/versions",
    response_model=VersionList,
    responses=problems(404),
    operation_id="listBillVersions",
    summary="Versions of a record",
)
async def list_versions(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[PageParameters, Query()]
) -> Response:
    """Oldest first: when the record changed, and which fields from what to what."""
    question = question_hash(request.url.path, asked)
    after = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot
    async with reading_since(request, shared, asked.min_seq) as database:
        exists, found = await load_versions(database, bill_id, after=after, limit=asked.limit + 1)
    if not exists:
        raise no_bill(bill_id)
    return _page(request, shared, asked, found[: asked.limit], after, len(found) > asked.limit, snapshot)


def _page(
    request: Request,
    shared: Shared,
    asked: ActionParameters | PageParameters,
    rendered: list[bytes],
    offset: int,
    more: bool,
    snapshot: StatusSnapshot,
) -> Response:
    path = request.url.path
    more = more and bool(rendered)
    cursor = encode_offset(offset + len(rendered), question_hash(path, asked)) if more else None
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    members = {"data": joined(rendered), "page": page_object(asked.limit, cursor, link, None)}
    return data_reply(members, snapshot, link=link)
