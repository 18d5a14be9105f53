"""Answers lists from the index and single bills from the store, by joining what is rendered."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from starlette.responses import Response

from api_gateway.store.bills.bill_reader import load_bill
from api_gateway.store.changes.change_reader import load_changes_since
from api_gateway.web.container import Resources
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.cursor import encode_place
from api_gateway.web.params.list_request import ListQuestion
from api_gateway.web.responses.as_of import fold_back
from api_gateway.web.responses.bill_documents import bill_document, facets_object, page_object
from api_gateway.web.responses.json_responses import data_reply, dump, joined
from api_gateway.web.responses.list_meta import list_answer


async def answer_list(question: ListQuestion, shared: Resources) -> Response:
    """A page of bills, with counts and facets where these are asked for. Raises IndexNotReady."""
    snapshot = shared.status_monitor.snapshot  # before the index is asked: never newer than the data
    state = shared.index.require(shared.status_monitor.epoch)
    found = await shared.index.ask(partial(list_answer, question), state)
    cursor = link = None
    if found.next_place is not None:
        cursor = encode_place(found.next_place, question.key)
        link = shared.settings.public_base_url.rstrip("/") + question.following + cursor
    members = {
        "data": joined(found.items),
        "page": page_object(question.limit, cursor, link, found.count),
    }
    if found.facets is not None:
        members["facets"] = facets_object(found.facets)
    told = {"search": found.search, "suggestions": found.suggestions}
    meta = {name: value for name, value in told.items() if value is not None}
    return data_reply(members, snapshot, link=link, meta=meta, index_seq=state.position.seq)


async def answer_bill(bill_id: str, shared: Resources, at: datetime | None = None) -> Response:
    """One bill, as it is or as it was known at an instant. Raises NotFound."""
    snapshot = shared.status_monitor.snapshot
    bill = await load_bill(shared.database, bill_id)
    if bill is None:
        raise NotFound(f"There is no bill {bill_id}.")
    document, changed_at = bill_document(bill), bill.changed_at
    if at is not None and at < changed_at:
        past = fold_back(document, await load_changes_since(shared.database, bill_id, at), at)
        if past is None:
            raise NotFound(f"Bill {bill_id} was not known yet at {at.isoformat()}.")
        document = dump(past)
    modified = changed_at if snapshot.modified_at is None else max(changed_at, snapshot.modified_at)
    return data_reply({"data": document}, replace(snapshot, modified_at=modified))
