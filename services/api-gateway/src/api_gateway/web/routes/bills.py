"""`/bills`: search and list, one bill, bills like it, and ways to end a query."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api_gateway.search.filtering.filters import only_known_types
from api_gateway.search.filtering.values import clean, instant
from api_gateway.search.similar import similar_bills
from api_gateway.search.suggestions import suggest
from api_gateway.web.dependencies import BillId, Shared, problems
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.list_request import PATH, list_question
from api_gateway.web.params.parameters import (
    BillParameters,
    DetailParameters,
    SimilarParameters,
    SuggestParameters,
)
from api_gateway.web.pipeline.admission_layer import client_of
from api_gateway.web.responses.bill_responses import answer_bill, answer_list
from api_gateway.web.responses.json_responses import data_reply, dump, joined
from api_gateway.web.responses.reply_schemas import BillReply
from api_gateway.web.responses.search_schemas import BillList, SimilarBills, SuggestionsReply
from api_gateway.web.waiting_for_index import settled

router = APIRouter(prefix=PATH, tags=["bills"])


@router.get("", response_model=BillList, responses=problems(410), summary="Search and list bills")
async def list_bills(request: Request, shared: Shared, asked: Annotated[BillParameters, Query()]) -> Response:
    """Bills of both houses that match every filter, a page at a time, newest action first."""
    met = frozenset[str]() if only_known_types(asked.filters()) else shared.types_met()
    question = list_question(asked, met)
    if question.min_seq is None:
        return await answer_list(question, shared)
    await settled(request, shared, question.min_seq)
    async with shared.admission.slot(client_of(request.scope), 2):  # not held while it waited
        return await answer_list(question, shared)


@router.get(
    "/suggest", response_model=SuggestionsReply, responses=problems(), summary="Ways to end what was typed so far"
)
async def suggest_queries(shared: Shared, asked: Annotated[SuggestParameters, Query()]) -> Response:
    """Complete words, labels of bills and names of sponsors, commonest first."""
    text = clean("q", asked.q, 100)
    snapshot, state = shared.status_monitor.snapshot, shared.index.require(shared.status_monitor.epoch)
    found = await shared.index.ask(partial(suggest, text=text, limit=asked.limit), state)
    body = dump({"words": found.words, "labels": found.labels, "names": found.names})
    return data_reply({"data": body}, snapshot, index_seq=state.position.seq)


@router.get("/{bill_id}", response_model=BillReply, responses=problems(404), summary="One bill, complete")
async def get_bill(shared: Shared, bill_id: BillId, asked: Annotated[DetailParameters, Query()]) -> Response:
    """All that is known of a bill but its histories; `as_of` gives the record as it was known then."""
    at = None if asked.as_of is None else instant("as_of", clean("as_of", asked.as_of, 40))
    return await answer_bill(bill_id, shared, at)


@router.get("/{bill_id}/similar", response_model=SimilarBills, responses=problems(404), summary="Bills like this one")
async def list_similar(shared: Shared, bill_id: BillId, asked: Annotated[SimilarParameters, Query()]) -> Response:
    """Bills that share its rarer words, most alike first."""
    snapshot, state = shared.status_monitor.snapshot, shared.index.require(shared.status_monitor.epoch)
    found = await shared.index.ask(partial(similar_bills, bill_id=bill_id, limit=asked.limit), state)
    if found is None:
        raise NotFound(f"There is no bill {bill_id}.")
    return data_reply({"data": joined(found)}, snapshot, index_seq=state.position.seq)
