"""`min_seq`: answers a request only from an index, or a server, that has an entry of the change log which the client
has seen already.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import Request
from legis.errors import StoreUnavailable
from legis.languages import Text

from api_gateway.search.index.folder import IndexNotReady
from api_gateway.store.database.reader import Database
from api_gateway.web.container import Resources
from api_gateway.web.log_position import Place, position_for
from api_gateway.web.pipeline.limits.client_slots import TooMany
from api_gateway.web.pipeline.request_context import context_of

WAIT_SECONDS = 2.0
_TOO_MANY_WAIT = Text(
    "Too many requests of yours wait for the search index already",
    "Já há pedidos demais seus à espera do índice de busca",
)


async def settled(request: Request, shared: Resources, seq: int, parameter: str = "min_seq") -> None:
    """Returns as soon as the index contains the entry `seq`. Raises LogGone, which names the parameter, if the entry
    does not exist, and IndexNotReady if it does not arrive in time or too many requests of the client are waiting
    already.
    """
    state = shared.index.state
    if state is not None and state.position.seq >= seq:
        return
    await _must_exist(shared, seq, parameter)
    try:
        with shared.index_waiters.slot(context_of(request.scope).client):
            if await shared.index.wait_for(seq, WAIT_SECONDS):
                return
    except TooMany as error:
        raise IndexNotReady(_TOO_MANY_WAIT) from error
    raise IndexNotReady(
        Text(f"The search index has not come to entry {seq} yet", f"O índice de busca ainda não chegou à entrada {seq}")
    )


@asynccontextmanager
async def reading_since(request: Request, shared: Resources, seq: int | None) -> AsyncIterator[Database]:
    """The database for a request about one bill, whose client has seen entry `seq` of the change log. Raises
    LogGone if the entry does not exist. Such a request is neither shared nor admitted before its route; of a
    file, each page has its slot already.
    """
    if seq is None:
        yield shared.database
        return
    if seq > shared.data_version.state.head.seq:
        await _must_exist(shared, seq, "min_seq")
    async with shared.slot_after_waiting(context_of(request.scope)):
        yield shared.database.at_least(seq)


async def _must_exist(shared: Resources, seq: int, parameter: str) -> None:
    """Raises LogGone if the log ends before this entry; not while its end cannot be read."""
    with suppress(StoreUnavailable):
        await position_for(Place(seq, None, parameter), shared)
