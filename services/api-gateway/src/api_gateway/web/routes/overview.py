"""`/stats` and the two indexes: counts of bills, and the addresses of all resources."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.domain.proceedings.path_stages import PathStage
from legis.negotiation import best_media_type
from starlette.responses import RedirectResponse, Response

from api_gateway.search.statistics import DIMENSIONS
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import data_reply, dump, entity_tag
from api_gateway.web.responses.reply_schemas import Index, StatsReply

router = APIRouter(route_class=ApiRoute)
_LONG = "public, max-age=3600"
_OFFERED = ("application/json", "text/html")

_OPERATIONS = {
    "health": "/api/health",
    "metrics": "/api/metrics",
    "docs": "/docs",
    "openapi": "/openapi.json",
    "llms": "/llms.txt",
}
_RESOURCES = {
    "bills": "/api/v1/bills",
    "suggest": "/api/v1/bills/suggest?q=educ",
    "legislators": "/api/v1/legislators",
    "organizations": "/api/v1/organizations",
    "events": "/api/v1/events",
    "calendar": "/api/v1/events.ics",
    "vote_events": "/api/v1/vote-events",
    "agreement": "/api/v1/vote-events/agreement?a=party-pt&b=party-pl",
    "resolve": "/api/v1/resolve?q=PL%202630/2020",
    "changes": "/api/v1/changes?after=0",
    "stream": "/api/v1/changes/stream",
    "feed": "/api/v1/feeds/bills.atom",
    "subscriptions": "/api/v1/subscriptions",
    "subscription_options": "/api/v1/subscriptions/options",
    "exports": "/api/v1/exports",
    "sources": "/api/v1/sources",
    "source_history": "/api/v1/sources/camara/history",
    "source_days": "/api/v1/sources/days",
    "stats": "/api/v1/stats",
}


@router.get(
    "/api/v1/stats",
    tags=["bills"],
    response_model=StatsReply,
    responses=problems(),
    operation_id="getStatistics",
    summary="Counts",
)
async def get_stats(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Bills by type, status, year, chamber, month of introduction, party and state of their authors, and subject; laws
    by month; and how long bills took to each stage. Counted at most once a minute.
    """
    snapshot = shared.status_monitor.snapshot
    stats, computed_at = await shared.stats.current(snapshot.epoch)
    counts = {name: [{"value": v, "count": n} for v, n in stats.counts[name] if v is not None] for name in DIMENSIONS}
    times = {
        "days_to_decision": stats.spans.get(PathStage.DECISION),
        "days_to_law": stats.spans.get(PathStage.LAW),
        "stages": [{"stage": stage, **asdict(span)} for stage, span in stats.spans.items()],
    }
    body = dump({"total": stats.total, **counts, **times})[:-1]
    return data_reply({"data": body}, snapshot.undated, untagged=b',"computed_at":%b}' % dump(computed_at))


@router.get(
    "/",
    tags=["index"],
    response_model=Index,
    responses={302: {"description": "To a browser, where there are pages: `Location` is their address"}, **problems()},
    operation_id="getRoot",
    summary="Where to begin",
)
async def root(request: Request, shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Addresses of the API, its description and its health; a browser is sent to the pages, where there are any."""
    site = shared.settings.site_url
    if site and best_media_type(request.headers.get("accept", ""), _OFFERED) == "text/html":
        return RedirectResponse(site, 302, headers={"Cache-Control": "no-store", "Vary": "Accept"})
    return _index("Legis: Brazil's National Congress as one JSON API", {"api": "/api/v1", **_OPERATIONS})


@router.get(
    "/api/v1", tags=["index"], response_model=Index, responses=problems(), operation_id="getIndex", summary="Resources"
)
async def index(asked: Annotated[NoParameters, Query()]) -> Response:
    """Addresses of all resources."""
    return _index("Legis API, version 1", _RESOURCES)


def _index(name: str, links: dict[str, str]) -> Response:
    body = dump({"name": name, "links": links})
    headers = {"ETag": entity_tag(body), "Cache-Control": _LONG, "Vary": "Accept-Encoding"}
    return Response(body, media_type="application/json", headers=headers)
