"""`/bills`: search and list, one bill, bills like it, and ways to end a query."""

from dataclasses import asdict, replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.languages import Text
from starlette.responses import Response

from api_gateway.documents.render import with_counterparts
from api_gateway.search.filtering.values import clean
from api_gateway.search.similar import similar_bills
from api_gateway.search.suggestions import suggest
from api_gateway.store.bills.bill_reader import load_bill
from api_gateway.store.changes.change_reader import PastChange, load_changes_since
from api_gateway.web.api_route import ApiRoute, Remembered
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import BillId, Shared, problems
from api_gateway.web.error_handlers import NotFound, no_bill
from api_gateway.web.files.bill_file import bills_file
from api_gateway.web.log_position import Place, gone_to_archive, position_for
from api_gateway.web.params.cursor import encode_place
from api_gateway.web.params.list_request import PATH, ListQuestion, known_question, list_question
from api_gateway.web.params.lookup_params import SimilarParameters, SuggestParameters
from api_gateway.web.params.moment import is_before, read_moment
from api_gateway.web.params.parameters import (
    BillParameters,
    DetailParameters,
)
from api_gateway.web.pipeline.request_context import context_of
from api_gateway.web.responses.json_responses import data_reply, dump, joined, page_object
from api_gateway.web.responses.list_meta import is_quick, list_answer
from api_gateway.web.responses.name_suggestions import suggested_records
from api_gateway.web.responses.past.fold_back import begins_in_archive, fold_back
from api_gateway.web.responses.past.past_list_reply import past_list_reply
from api_gateway.web.responses.reply_schemas import BillReply
from api_gateway.web.responses.search_schemas import BillList, SimilarBills, SuggestionsReply
from api_gateway.web.waiting_for_index import reading_since, settled

router = APIRouter(prefix=PATH, tags=["bills"], route_class=ApiRoute)
_question = Remembered(known_question)


@router.get(
    "", response_model=BillList, responses=problems(410), operation_id="listBills", summary="Search and list bills"
)
async def list_bills(request: Request, shared: Shared, asked: Annotated[BillParameters, Query()]) -> Response:
    """Bills of both houses that match every filter, a page at a time, newest action first."""
    question = _question(asked) or list_question(asked, shared.types_met())
    if question.as_of is not None:
        return await past_list_reply(request, shared, question, asked)
    context = context_of(request.scope)
    if question.min_seq is not None:
        await settled(request, shared, question.min_seq)
    if (wanted := context.file_format) is not None:
        return await bills_file(request, shared, question, asked, wanted)
    if not context.waits:
        return await _list_reply(question, shared)
    async with shared.slot_after_waiting(context):
        return await _list_reply(question, shared)


@router.get(
    "/suggest",
    response_model=SuggestionsReply,
    responses=problems(),
    operation_id="suggestQueries",
    summary="Ways to end what was typed so far",
)
async def suggest_queries(shared: Shared, asked: Annotated[SuggestParameters, Query()]) -> Response:
    """Complete words, labels of bills and names of sponsors, commonest first; and find legislators and organizations by
    name."""
    text = clean("q", asked.q, 100)
    snapshot = shared.status_monitor.snapshot
    state = shared.index.require(snapshot.epoch)
    found = await shared.index.ask(partial(suggest, text=text, limit=asked.limit), state)
    records = await suggested_records(shared.database, text, asked.limit)
    body = dump({"words": found.words, "labels": found.labels, "names": found.names, **records})
    return data_reply({"data": body}, snapshot, index_seq=state.position.seq)


@router.get(
    "/{bill_id}",
    response_model=BillReply,
    responses=problems(404, 410),
    operation_id="getBill",
    summary="One bill, complete",
)
async def get_bill(
    request: Request, shared: Shared, bill_id: BillId, asked: Annotated[DetailParameters, Query()]
) -> Response:
    """All that is known of a bill but its histories; `as_of` gives the record as it was known then."""
    at = None if asked.as_of is None else read_moment(asked.as_of)
    if isinstance(at, int):
        await position_for(Place(at, None, "as_of"), shared)
    snapshot = shared.status_monitor.snapshot
    async with reading_since(request, shared, asked.min_seq) as database:
        bill = await load_bill(database, bill_id)
        changes: list[PastChange] = []
        if bill is not None and at is not None and is_before(at, bill.change_seq, bill.changed_at):
            changes = await load_changes_since(database.at_least(bill.change_seq), bill_id, at)
    if bill is None:
        raise no_bill(bill_id)
    document, changed_at = with_counterparts(bill.document, map(asdict, bill.counterparts)), bill.changed_at
    if at is not None and is_before(at, bill.change_seq, changed_at):
        if begins_in_archive(changes, at):
            raise await gone_to_archive("as_of", shared)
        past = fold_back(document, changes, at)
        if past is None:
            raise NotFound(
                Text(
                    f"Bill {bill_id} was not known yet at {asked.as_of}.",
                    f"A proposição {bill_id} ainda não era conhecida em {asked.as_of}.",
                )
            )
        document = dump(past)
    modified = changed_at if snapshot.modified_at is None else max(changed_at, snapshot.modified_at)
    return data_reply({"data": document}, replace(snapshot, modified_at=modified))


@router.get(
    "/{bill_id}/similar",
    response_model=SimilarBills,
    responses=problems(404),
    operation_id="listSimilarBills",
    summary="Bills like this one",
)
async def list_similar(shared: Shared, bill_id: BillId, asked: Annotated[SimilarParameters, Query()]) -> Response:
    """Bills that share its rarer words, most alike first."""
    snapshot = shared.status_monitor.snapshot
    state = shared.index.require(snapshot.epoch)
    found = await shared.index.ask(partial(similar_bills, bill_id=bill_id, limit=asked.limit), state)
    if found is None:
        raise no_bill(bill_id)
    return data_reply({"data": joined(found)}, snapshot, index_seq=state.position.seq)


async def _list_reply(question: ListQuestion, shared: Resources) -> Response:
    """A page of bills, with counts and facets if the query requests them. Raises IndexNotReady."""
    snapshot = shared.status_monitor.snapshot  # taken before the index is searched: never newer than the data
    state = shared.index.require(snapshot.epoch)
    ask = partial(list_answer, question)
    quick = shared.index.ask_here(partial(is_quick, question), state)
    found = shared.index.ask_here(ask, state) if quick else await shared.index.ask(ask, state)
    cursor = link = None
    if found.next_place is not None:
        cursor = encode_place(found.next_place, question.key)
        link = shared.settings.public_base_url.rstrip("/") + question.following + cursor
    members = {"data": joined(found.items), "page": page_object(question.limit, cursor, link, found.count)}
    if found.facets is not None:
        counts = found.facets
        values = {name: [{"value": v, "count": n} for v, n in pairs] for name, pairs in counts.values.items()}
        members["facets"] = dump({"counted": counts.counted, "complete": True, "values": values})
    told = {"search": found.search, "suggestions": found.suggestions}
    meta = {name: value for name, value in told.items() if value is not None}
    return data_reply(members, snapshot, link=link, meta=meta, index_seq=state.position.seq)
