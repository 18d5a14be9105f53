"""Our own public API without eyes: no spans, no request metrics, no metrics of ours, no access log.

Not a way to run it: what observability costs can only be said against this.
"""

import asyncio
from typing import Any

from api_gateway.settings import WebSettings
from api_gateway.web.__main__ import GRACEFUL_SECONDS
from api_gateway.web.app import create_app
from api_gateway.web.pipeline import outermost
from api_gateway.web.pipeline.server_spans import ServerSpans
from legis.service.run import prepare, serve
from legis.settings import load_or_exit
from legis.telemetry.lock_free_metrics import Count, Distribution
from prometheus_client import Counter, Gauge, Histogram
from prometheus_fastapi_instrumentator.middleware import PrometheusInstrumentatorMiddleware


def _nothing(*_args: Any, **_more: Any) -> None:
    return None


def main() -> None:
    """Serves as `python -m api_gateway.web` does."""
    settings = load_or_exit(WebSettings)
    traces = prepare("web", settings)
    for kind, methods in (
        (Counter, ("inc",)), (Gauge, ("inc", "dec", "set")), (Histogram, ("observe",)), (Count, ("inc",)),
        (Distribution, ("observe",)),
    ):  # fmt: skip
        for method in methods:
            setattr(kind, method, _nothing)
    outermost.log_access = _nothing
    app = create_app(settings)
    eyes: tuple[Any, ...] = (ServerSpans, PrometheusInstrumentatorMiddleware)
    app.user_middleware = [one for one in app.user_middleware if one.cls not in eyes]
    try:
        serve(app, host=settings.host, port=settings.port, graceful_seconds=GRACEFUL_SECONDS)
    finally:
        asyncio.run(traces.shutdown())


if __name__ == "__main__":
    main()
