"""`min_seq`: answers a request only from an index, or a server, that has an entry of the change log which the client
has seen already.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from legis.errors import StoreUnavailable
from starlette.exceptions import HTTPException

from api_gateway.search.index.folder import IndexNotReady
from api_gateway.store.database.reader import Database
from api_gateway.store.sources.source_status import load_status
from api_gateway.web.container import Resources
from api_gateway.web.pipeline.limits.client_slots import TooMany
from api_gateway.web.pipeline.request_context import context_of

WAIT_SECONDS = 2.0


async def settled(request: Request, shared: Resources, seq: int) -> None:
    """Returns as soon as the index contains the entry `seq`. Raises HTTPException 410 if the entry does not exist, and
    IndexNotReady if it does not arrive in time or too many requests of the client are waiting already.
    """
    state = shared.index.state
    if state is not None and state.position.seq >= seq:
        return
    head = await _head(shared)
    if head is not None and seq > head:
        raise HTTPException(410, f"min_seq: the change log ends at {head}; begin anew from there.")
    try:
        with shared.index_waiters.slot(context_of(request.scope).client):
            if await shared.index.wait_for(seq, WAIT_SECONDS):
                return
    except TooMany as error:
        raise IndexNotReady("too many requests of yours wait for the search index already") from error
    raise IndexNotReady(f"the search index has not come to entry {seq} yet")


@asynccontextmanager
async def reading_since(request: Request, shared: Resources, seq: int | None) -> AsyncIterator[Database]:
    """The database for a request about one bill, whose client has seen entry `seq` of the change log. Raises
    HTTPException 410 if the entry does not exist. Such a request is neither shared nor admitted before its route; of a
    file, each page has its slot already.
    """
    if seq is None:
        yield shared.database
        return
    if seq > shared.data_version.state.head.seq:
        head = await _head(shared)
        if head is not None and seq > head:
            raise HTTPException(410, f"min_seq: the change log ends at {head}; begin anew from there.")
    async with shared.slot_after_waiting(context_of(request.scope)):
        yield shared.database.at_least(seq)


async def _head(shared: Resources) -> int | None:
    """The `seq` of the last entry of the log; None while it cannot be read."""
    try:
        return (await load_status(shared.database.newest())).last_seq
    except StoreUnavailable:
        return None
