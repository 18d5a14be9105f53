"""`/bills`: search and list, and one bill."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api_gateway.web.answering.listing import answer_bill, answer_list
from api_gateway.web.answering.schemas import BillList, BillReply
from api_gateway.web.asking.list_question import PATH, list_question
from api_gateway.web.asking.parameters import BillParameters, DetailParameters
from api_gateway.web.asking.texts import clean, instant
from api_gateway.web.dependencies import BillId, Shared, problems, type_codes

router = APIRouter(prefix=PATH, tags=["bills"])


@router.get("", response_model=BillList, responses=problems(), summary="Search and list bills")
async def list_bills(shared: Shared, asked: Annotated[BillParameters, Query()]) -> Response:
    """Bills of both houses that match every filter, a page at a time, newest action first."""
    return await answer_list(list_question(asked, await type_codes(asked, shared)), shared)


@router.get("/{bill_id}", response_model=BillReply, responses=problems(404), summary="One bill, complete")
async def get_bill(shared: Shared, bill_id: BillId, asked: Annotated[DetailParameters, Query()]) -> Response:
    """All that is known of a bill but its histories; `as_of` gives the record as it was known then."""
    at = None if asked.as_of is None else instant("as_of", clean("as_of", asked.as_of, 40))
    return await answer_bill(bill_id, shared, at)
