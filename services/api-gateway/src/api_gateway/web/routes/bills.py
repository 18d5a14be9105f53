"""`/bills`: search and list, and one bill."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api_gateway.store.bill_reader import load_bill
from api_gateway.store.change_reader import load_changes_since
from api_gateway.store.search import count_bills, count_facets, find_page
from api_gateway.web.answering.as_of import fold_back
from api_gateway.web.answering.bills import bill_document, facets_object, items, next_link, page_object
from api_gateway.web.answering.replies import data_reply, dump, joined
from api_gateway.web.answering.schemas import BillList, BillReply
from api_gateway.web.asking.bill_query import bill_sort, chosen_facets, chosen_fields
from api_gateway.web.asking.cursor import decode_position, encode_position, question_hash
from api_gateway.web.asking.parameters import BillParameters, DetailParameters
from api_gateway.web.asking.texts import clean, instant
from api_gateway.web.dependencies import BillId, Shared, problems, read_filter
from api_gateway.web.errors import NotFound

router = APIRouter(prefix="/api/v1/bills", tags=["bills"])


@router.get("", response_model=BillList, responses=problems(), summary="Search and list bills")
async def list_bills(request: Request, shared: Shared, asked: Annotated[BillParameters, Query()]) -> Response:
    """Bills of both houses that match every filter, a page at a time, newest action first."""
    path = request.url.path
    fields, facets, sort = chosen_fields(asked), chosen_facets(asked), bill_sort(asked)
    wanted = await read_filter(asked, shared)
    question = question_hash(path, asked)
    after = None if asked.cursor is None else decode_position(asked.cursor, question, sort)
    picture = shared.board.picture  # before the store is asked: never newer than the data
    async with shared.database.reader() as reader:
        found = await find_page(reader, wanted, sort, asked.limit + 1, after)
        count = None if asked.count == "none" else await count_bills(reader, wanted, exact=asked.count == "exact")
        counted = await count_facets(reader, wanted, facets) if facets else None
    page = found[: asked.limit]
    cursor = encode_position(page[-1].position, question) if len(found) > asked.limit else None
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    marked = wanted.text.folded if asked.highlight and wanted.text else None
    members = {"data": joined(items(page, fields, marked)), "page": page_object(asked.limit, cursor, link, count)}
    if counted is not None:
        members["facets"] = facets_object(counted)
    return data_reply(members, picture, headers={} if link is None else {"Link": f'<{link}>; rel="next"'})


@router.get("/{bill_id}", response_model=BillReply, responses=problems(404), summary="One bill, complete")
async def get_bill(shared: Shared, bill_id: BillId, asked: Annotated[DetailParameters, Query()]) -> Response:
    """All that is known of a bill but its histories; `as_of` gives the record as it was known then."""
    at = None if asked.as_of is None else instant("as_of", clean("as_of", asked.as_of, 40))
    picture = shared.board.picture
    bill = await load_bill(shared.database, bill_id)
    if bill is None:
        raise NotFound(f"There is no bill {bill_id}.")
    document, changed_at = bill_document(bill), bill.changed_at
    if at is not None and at < changed_at:
        past = fold_back(document, await load_changes_since(shared.database, bill_id, at), at)
        if past is None:
            raise NotFound(f"Bill {bill_id} was not known yet at {asked.as_of}.")
        document = dump(past)
    modified = changed_at if picture.modified_at is None else max(changed_at, picture.modified_at)
    return data_reply({"data": document}, picture, modified_at=modified)
