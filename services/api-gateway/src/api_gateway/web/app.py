"""Builds the public API: layers, routes, lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from legis.service.health import Health
from prometheus_fastapi_instrumentator import Instrumentator

from api_gateway.settings import WebSettings
from api_gateway.web.container import open_resources
from api_gateway.web.error_handlers import add_error_handlers
from api_gateway.web.openapi_document import describe
from api_gateway.web.pipeline.admission_layer import Admitted
from api_gateway.web.pipeline.client_address import TrustedProxies
from api_gateway.web.pipeline.deadline import Deadline
from api_gateway.web.pipeline.direct_lane import DirectLane
from api_gateway.web.pipeline.kept_at_once import KeptAtOnce
from api_gateway.web.pipeline.outermost import Outermost
from api_gateway.web.pipeline.rate_limit import RateLimit
from api_gateway.web.pipeline.request_headers import OPERATIONS
from api_gateway.web.pipeline.request_metrics import observe
from api_gateway.web.pipeline.request_stats import RequestStats
from api_gateway.web.pipeline.response_cache import Replies
from api_gateway.web.pipeline.server_spans import ServerSpans
from api_gateway.web.responses.bill_responses import plain_answer
from api_gateway.web.routes import (
    bills,
    changes,
    documentation,
    feeds,
    histories,
    operations,
    overview,
    resolving,
    sources,
)

_NO_SPANS_OF_ITS_OWN: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI would double every span and measurement of ours, at more than half of the throughput."""


def create_app(settings: WebSettings) -> FastAPI:
    """The app; connects to nothing before its lifespan, and to nothing for sure in it."""
    health, requests = Health(), RequestStats()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(settings, health, requests) as resources:
            app.state.resources = resources
            yield

    app = FastAPI(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=_NO_SPANS_OF_ITS_OWN,
    )
    app.state.health = health  # where `legis.service.run.serve` looks for it
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    for module in (bills, histories, resolving, changes, feeds, sources, overview, operations, documentation):
        app.include_router(module.router)
    documentation.add_static_files(app)
    add_error_handlers(app)
    _add_layers(app, settings, requests)
    return app


def _add_layers(app: FastAPI, settings: WebSettings, requests: RequestStats) -> None:
    """From the innermost to the outermost: the last one added meets a request first."""
    app.add_middleware(Deadline, seconds=settings.request_timeout_seconds)
    app.add_middleware(Admitted)
    app.add_middleware(Replies)
    proxies = TrustedProxies(settings.forwarded_allow_ips)
    app.state.proxies = proxies
    app.add_middleware(RateLimit, proxies=proxies)
    measured = Instrumentator(
        should_group_status_codes=False, excluded_handlers=sorted(f"^{path}$" for path in OPERATIONS)
    )
    measured.add(observe).instrument(app).expose(app, endpoint="/metrics", include_in_schema=False)
    app.add_middleware(ServerSpans)
    app.add_middleware(Outermost, stats=requests)
    app.add_middleware(
        DirectLane, plain=plain_answer, proxies=proxies, stats=requests, seconds=settings.request_timeout_seconds
    )
    app.state.at_once = KeptAtOnce(app, proxies, requests)  # where `legis.service.at_once` looks for it
