"""The pipeline of the public API: its layers in the order in which a request passes them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import FastAPI

from api_gateway.settings import WebSettings
from api_gateway.web.pipeline.access_log import AccessLog
from api_gateway.web.pipeline.client_address import TrustedProxies
from api_gateway.web.pipeline.execution import ExecutionLayer
from api_gateway.web.pipeline.limits.rate_limit import RateLimitLayer
from api_gateway.web.pipeline.request_context import RequestContextLayer
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.pipeline.response_cache import ResponseCacheLayer
from api_gateway.web.pipeline.route_policy import RouteTable
from api_gateway.web.pipeline.tracing import TracingLayer


class Layer(NamedTuple):
    """One layer: a pure ASGI class, and its purpose."""

    name: str
    middleware: Any
    purpose: str


LAYERS = (
    Layer(
        "request context",
        RequestContextLayer,
        "finds the route, refuses invalid requests (400, 406, 413, 414, 431), answers preflights, completes the"
        " reply's headers, counts and logs",
    ),
    Layer("tracing", TracingLayer, "opens the span of a request that is traced"),
    Layer(
        "rate limit",
        RateLimitLayer,
        "identifies the client by API key or address, refuses with 401 and 403, and with 503 where no slot of admission"
        " would be free; counts its requests, refuses with 429",
    ),
    Layer(
        "response cache",
        ResponseCacheLayer,
        "answers from kept replies, coalesces concurrent identical requests, and does ETag, 304, compression and HEAD",
    ),
    Layer(
        "execution",
        ExecutionLayer,
        "takes a slot of admission or refuses with 503; cancels the work of a client that has left; ends what takes too"
        " long with 503 and what fails with 500",
    ),
)
"""Layers, outermost first. Inside the last one FastAPI calls the routes."""


def add_layers(app: FastAPI, settings: WebSettings, stats: RequestStats) -> None:
    """Wraps the layers around an app that has all its routes."""
    options: Mapping[Any, Mapping[str, Any]] = {
        RequestContextLayer: {
            "routes": RouteTable(app.routes),
            "proxies": TrustedProxies(settings.forwarded_allow_ips),
            "stats": stats,
            "proxy_cache": settings.proxy_cache,
            "access_log": AccessLog(full=settings.access_log == "full"),
        },
        RateLimitLayer: {"settings": settings},
        ExecutionLayer: {"seconds": settings.request_timeout_seconds},
    }
    for layer in reversed(LAYERS):  # Starlette calls the layer that was added last first
        app.add_middleware(layer.middleware, **options.get(layer.middleware, {}))
