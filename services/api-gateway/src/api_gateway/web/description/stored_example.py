"""Puts stored records into the examples of the OpenAPI document, so that "Try it out" finds something."""

from functools import partial

import orjson
from legis.errors import StoreUnavailable

from api_gateway.search.filtering.bill_filter import BillFilter, Sort, SortKey
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.search.results import ordered_page
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.event_reader import EventFilter, list_events
from api_gateway.store.records.reading.record_reader import (
    LegislatorFilter,
    OrganizationFilter,
    list_legislators,
    list_organizations,
)
from api_gateway.store.records.reading.vote_reader import VoteEventFilter, list_vote_events
from api_gateway.web.container import Resources
from api_gateway.web.description.operation_examples import (
    SAMPLE_EVENT,
    SAMPLE_ID,
    SAMPLE_LEGISLATOR,
    SAMPLE_NAME,
    SAMPLE_ORGANIZATION,
    SAMPLE_VOTE_EVENT,
    with_stored,
)

_LAST_INTRODUCED = partial(
    ordered_page, bill_filter=BillFilter(), sort=Sort(SortKey.INTRODUCED_ON), limit=1, after=None
)
"""Changes a few times a day, so that the document keeps its ETag between."""


async def document_for_readers(document: bytes, shared: Resources) -> bytes:
    """The serialised document with the bill introduced last and the first of other records; as it is where there are
    none, or they cannot be read now.
    """
    found: dict[str, str] = {}
    try:
        state = shared.index.require(shared.status_monitor.snapshot.epoch)
        for hit in (await shared.index.ask(_LAST_INTRODUCED, state)).hits:
            bill = orjson.loads(hit.summary)
            found |= {SAMPLE_ID: bill["id"], SAMPLE_NAME: bill["identifier"]}
        found |= await _records(shared.database)
    except (IndexNotReady, StoreUnavailable):
        pass
    return with_stored(document, found)


async def _records(database: Database) -> dict[str, str]:
    """One stored record of each kind, by the id that stands for it."""
    pages = {
        SAMPLE_LEGISLATOR: await list_legislators(database, LegislatorFilter(), after=None, limit=1),
        SAMPLE_ORGANIZATION: await list_organizations(database, OrganizationFilter(), after=None, limit=1),
        SAMPLE_VOTE_EVENT: await list_vote_events(database, VoteEventFilter(), after=None, limit=1, oldest_first=True),
    }
    events = await list_events(database, EventFilter(), after=None, limit=1, newest_first=True)
    found = {sample: orjson.loads(page.items[0])["id"] for sample, page in pages.items() if page.items}
    return found | ({SAMPLE_EVENT: events.items[0].id} if events.items else {})
