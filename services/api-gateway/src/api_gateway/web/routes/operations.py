"""`/api/health`, its probes and `/api/metrics`: for operators, never cached and never rate-limited."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from legis.clock import utc_now
from starlette.responses import Response

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import dump
from api_gateway.web.responses.reply_schemas import Health, Metrics
from api_gateway.web.responses.source_documents import breakers, sources

router = APIRouter(prefix="/api", tags=["operations"], route_class=ApiRoute)

_UNAVAILABLE: dict[int | str, dict[str, Any]] = {
    **problems(),
    503: {"model": Health, "description": "Cannot serve, or should get no traffic"},
}
_NO_STORE = {"Cache-Control": "no-store"}


@router.get(
    "/health", response_model=Health, responses=_UNAVAILABLE, operation_id="getHealth", summary="How the service is"
)
async def health(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """`ok`, `degraded` (database or Redis away, a source behind) or `unavailable` (not started yet, or no index)."""
    report = shared.health.report()
    body = {**report.document(), "cached_replies": len(shared.cache)}
    return _reply(body, 503 if report.status == "unavailable" else 200)


@router.get(
    "/health/live", response_model=Health, responses=_UNAVAILABLE, operation_id="getLiveness", summary="Liveness"
)
async def live(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Whether the process itself runs; says nothing of what it depends on."""
    alive = shared.health.report().live
    return _reply({"status": "ok" if alive else "unavailable", "checks": {}}, 200 if alive else 503)


@router.get(
    "/health/ready", response_model=Health, responses=_UNAVAILABLE, operation_id="getReadiness", summary="Readiness"
)
async def ready(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Whether traffic should come here: not before the start, not without an index, not while draining. A database that
    is away does not count: lists and kept replies are served without it.
    """
    report = shared.health.report()
    return _reply(report.document(), 200 if report.ready else 503)


@router.get(
    "/health/startup", response_model=Health, responses=_UNAVAILABLE, operation_id="getStartup", summary="Startup"
)
async def startup(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Whether the process has begun to work: good once it has found a database whose schema is new enough for it."""
    report = shared.health.report()
    return _reply(
        {**report.document(), "status": "ok" if report.started else "unavailable"}, 200 if report.started else 503
    )


@router.get(
    "/metrics",
    response_model=Metrics,
    responses=problems(),
    operation_id="getMetrics",
    summary="A snapshot for people and jq",
)
async def metrics(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Circuit breakers, request figures of the last minute, the queue, the index, the pool and the sources."""
    return _reply(_snapshot(shared), 200)


def _snapshot(shared: Resources) -> dict[str, Any]:
    snapshot = shared.status_monitor.snapshot
    known = ("last_success_at", "lag_seconds", "state", "dead_letters_open", "records_read", "records_rejected")
    return {
        "circuit_breakers": breakers(snapshot),
        "requests": asdict(shared.requests.rates()),
        "queue": {"backlog": snapshot.backlog, "pending": snapshot.pending},
        "index": _index(shared),
        "health": shared.health.report().status,
        "pool": asdict(shared.database.use()),
        "sources": {one["source"]: {name: one[name] for name in known} for one in sources(snapshot)},
        "generated_at": utc_now(),
    }


def _index(shared: Resources) -> dict[str, int | None]:
    """How far the search index is behind the change log, as both were seen last."""
    state, status = shared.index.state, shared.status_monitor.snapshot.status
    seq = None if state is None else state.position.seq
    head = None if status is None else status.last_seq
    behind = None if seq is None or head is None else max(0, head - seq)
    return {"head": head, "seq": seq, "behind": behind}


def _reply(body: dict[str, Any], status: int) -> Response:
    return Response(dump(body), status, media_type="application/json", headers=_NO_STORE)
