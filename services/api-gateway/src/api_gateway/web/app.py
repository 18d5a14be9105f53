"""Builds the public API: its routes, the pipeline around them, and its lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from legis.service.health import Health
from prometheus_fastapi_instrumentator import Instrumentator

from api_gateway.settings import WebSettings
from api_gateway.web.container import open_resources
from api_gateway.web.description.openapi_document import describe
from api_gateway.web.error_handlers import add_error_handlers
from api_gateway.web.exports import export_routes
from api_gateway.web.pipeline.middleware import add_layers
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.routes import (
    agreement,
    bills,
    calendars,
    changes,
    documentation,
    events,
    feeds,
    histories,
    journey,
    legislators,
    operations,
    organizations,
    overview,
    problem_pages,
    resolving,
    sources,
    vote_events,
)
from api_gateway.web.routes.subscribers import mail_pages, subscribing, subscription_options, subscriptions

_NO_SPANS_OF_ITS_OWN: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's own instrumentation, switched off: it would repeat each of our spans and measurements, and cost more than
half of the throughput.
"""


def create_app(settings: WebSettings) -> FastAPI:
    """Builds the app without any connection. The lifespan opens the connections, and it succeeds even if none can be
    made.
    """
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
    app.state.health = health  # `legis.service.run.serve` reads it from this attribute
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    for module in (  # `calendars` is first: `/bills/events.ics` is no bill
        calendars, bills, events, histories, journey, legislators, organizations, agreement, vote_events, resolving,
        changes, feeds, export_routes, sources, subscription_options, subscriptions, subscribing, mail_pages,
        overview, operations, documentation, problem_pages,
    ):  # fmt: skip
        app.router.routes.extend(module.router.routes)  # with `include_router` every path would be matched twice
    Instrumentator().expose(app, endpoint="/metrics", include_in_schema=False)
    add_error_handlers(app)
    add_layers(app, settings, requests)
    return app
