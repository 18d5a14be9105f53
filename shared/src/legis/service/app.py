"""Builds the FastAPI app of an internal process: health, metrics, and error handlers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder
from prometheus_fastapi_instrumentator import Instrumentator
from prometheus_fastapi_instrumentator.metrics import Info
from starlette.responses import JSONResponse, Response

from legis.service.health import Health, HealthReport
from legis.service.problems import install_error_handlers
from legis.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]
_POLLED = ["^/health", "^/metrics$"]
"""Routes that probes and scrapers poll, excluded from request metrics: their number would hide the
operators' requests.
"""

_NO_STORE = {"Cache-Control": "no-store"}
_SILENT: Any = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}


def build_app(name: str, *, lifespan: Lifespan, health: Health | None) -> FastAPI:
    """Builds an app for operators and probes inside the cluster: `/health`, its three probes, and `/metrics`; no API
    docs.

    `lifespan` does the actual work of the process. The health checks run around it; `serve` drains `app.state.health`
    when the process receives a signal to stop. Requests are not traced: all of them are polls.
    """
    app = FastAPI(
        title=name,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_with_checks(lifespan, health),
        telemetry=_SILENT,
    )
    app.state.health = health
    install_error_handlers(app)
    add_health_routes(app, health or Health())
    Instrumentator(should_group_status_codes=False, excluded_handlers=_POLLED).add(_count_request).instrument(app)
    app.add_api_route("/metrics", _metrics, methods=["GET"], include_in_schema=False)
    return app


def add_health_routes(app: FastAPI, health: Health, *, prefix: str = "/health") -> None:
    """Adds the four health routes; they answer from cached results, so they never wait."""
    routes: dict[str, Callable[[HealthReport], tuple[bool, dict[str, Any]]]] = {
        "": lambda report: (report.status != "unavailable", report.document()),
        "/live": lambda report: (report.live, {"status": _word(report.live)}),
        "/ready": lambda report: (report.ready, {"status": _word(report.ready), "draining": report.draining}),
        "/startup": lambda report: (report.started, {"status": _word(report.started)}),
    }
    for path, answer in routes.items():
        app.add_api_route(f"{prefix}{path}", _probe(health, answer), methods=["GET"], include_in_schema=False)


def _probe(health: Health, answer: Callable[[HealthReport], tuple[bool, dict[str, Any]]]) -> Callable[[], Any]:
    async def probe() -> Response:
        good, document = answer(health.report())
        return JSONResponse(document, 200 if good else 503, headers=_NO_STORE)

    return probe


def _with_checks(lifespan: Lifespan, health: Health | None) -> Lifespan:
    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[Any]:
        if health is None:
            async with lifespan(app) as state:
                yield state
            return
        stop = asyncio.Event()
        async with lifespan(app) as state, asyncio.TaskGroup() as group:
            group.create_task(health.run(stop))
            try:
                yield state
            finally:
                stop.set()

    return running


def _count_request(info: Info) -> None:
    HTTP_REQUESTS.labels(info.modified_handler, info.method, info.modified_status).inc()
    HTTP_SECONDS.labels(info.modified_handler).observe(info.modified_duration)


def _word(good: bool) -> str:
    return "ok" if good else "unavailable"


async def _metrics(request: Request) -> Response:
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"Content-Type": content_type, **_NO_STORE})
