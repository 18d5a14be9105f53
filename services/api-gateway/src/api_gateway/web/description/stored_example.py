"""Puts a stored bill into the examples of the OpenAPI document, so that "Try it out" finds something."""

from functools import partial

import orjson

from api_gateway.search.filtering.bill_filter import BillFilter, Sort, SortKey
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.search.results import ordered_page
from api_gateway.web.container import Resources
from api_gateway.web.description.operation_examples import with_stored_bill

_LAST_INTRODUCED = partial(
    ordered_page, bill_filter=BillFilter(), sort=Sort(SortKey.INTRODUCED_ON), limit=1, after=None
)
"""Changes a few times a day, so that the document keeps its ETag between."""


async def document_for_readers(document: bytes, shared: Resources) -> bytes:
    """The serialised document with the bill introduced last; as it is while the index is not ready or empty."""
    try:
        state = shared.index.require(shared.status_monitor.snapshot.epoch)
        hits = (await shared.index.ask(_LAST_INTRODUCED, state)).hits
    except IndexNotReady:
        return document
    if not hits:
        return document
    bill = orjson.loads(hits[0].summary)
    return with_stored_bill(document, bill["id"], bill["identifier"])
