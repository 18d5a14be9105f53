"""`/sources`, their days and the history of each: present and past states of the chambers' APIs."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from legis.clock import utc_now
from legis.domain.vocabulary import Source
from legis.languages import Text
from starlette.responses import Response

from api_gateway.store.sources.source_days import days_of
from api_gateway.store.sources.source_state_history import load_histories, load_history
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.cursor import decode_place, encode_place, next_link, question_hash
from api_gateway.web.params.parameters import NoParameters, PageParameters
from api_gateway.web.responses.json_responses import data_reply, dump, page_object
from api_gateway.web.responses.source_documents import sources, state_change
from api_gateway.web.responses.source_schemas import SourceDaysList, SourceList, StateHistory

router = APIRouter(prefix="/api/v1/sources", tags=["sources"], route_class=ApiRoute)
_SHORT = "public, max-age=5, stale-if-error=86400"

_IDS = " or ".join(f"`{source}`" for source in Source)
SourceId = Annotated[str, Path(description=_IDS, examples=["camara"], max_length=40)]


@router.get("", response_model=SourceList, responses=problems(), operation_id="listSources", summary="Sources")
async def list_sources(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Each chamber's API as we see it: how current and how complete, the circuit towards it, checkpoints and errors."""
    snapshot = shared.status_monitor.snapshot.undated
    return data_reply({"data": dump(sources(snapshot))}, snapshot, cache_control=_SHORT)


@router.get(
    "/days",
    response_model=SourceDaysList,
    responses=problems(),
    operation_id="listSourceDays",
    summary="Past days of the sources",
)
async def list_days(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """The last 90 days of every source, each with its gravest state and how long the source was current: the history
    of its states, summed up by day.
    """
    snapshot = shared.status_monitor.snapshot.undated
    histories = await load_histories(shared.database)
    now = utc_now()
    data = [{"source": source.value, "days": days_of(histories[source], now)} for source in Source]
    return data_reply({"data": dump(data)}, snapshot, cache_control=_SHORT)


@router.get(
    "/{source_id}/history",
    response_model=StateHistory,
    responses=problems(404),
    operation_id="listSourceStates",
    summary="Past states of a source",
)
async def list_states(
    request: Request, shared: Shared, source_id: SourceId, asked: Annotated[PageParameters, Query()]
) -> Response:
    """Each change of its state, newest first: from what to what, when, and for which reasons. A thousand are kept."""
    if source_id not in list(Source):
        raise NotFound(Text(f"There is no source {source_id}.", f"Não há a fonte {source_id}."))
    path = request.url.path
    question = question_hash(path, asked)
    before = None if asked.cursor is None else decode_place(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot.undated
    rows = await load_history(shared.database, Source(source_id), before=before, limit=asked.limit + 1)
    page = rows[: asked.limit]
    cursor = encode_place(page[-1]["id"], question) if len(rows) > len(page) else None
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    members = {"data": dump([state_change(row) for row in page]), "page": page_object(asked.limit, cursor, link, None)}
    return data_reply(members, snapshot, link=link, cache_control=_SHORT)
