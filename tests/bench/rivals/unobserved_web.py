"""Our own public API without eyes: no spans, no request metrics, no metrics of ours, no access log.

Not a way to run it: what observability costs can only be said against this.
"""

import asyncio
from typing import Any

from api_gateway.settings import WebSettings
from api_gateway.web.__main__ import GRACEFUL_SECONDS
from api_gateway.web.app import create_app
from api_gateway.web.pipeline import access_log
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.pipeline.tracing import TracingLayer
from legis.service.run import prepare, serve
from legis.settings import load_or_exit
from prometheus_client import Counter, Gauge, Histogram


def _nothing(*_args: Any, **_more: Any) -> None:
    return None


def main() -> None:
    """Serves as `python -m api_gateway.web` does."""
    settings = load_or_exit(WebSettings)
    traces = prepare("web", settings)
    for kind, methods in ((Counter, ("inc",)), (Gauge, ("inc", "dec", "set")), (Histogram, ("observe",))):
        for method in methods:
            setattr(kind, method, _nothing)
    access_log.LOGGED_SHARE = 0.0
    RequestStats.record = _nothing  # type: ignore[method-assign]
    app = create_app(settings)
    app.user_middleware = [one for one in app.user_middleware if one.cls is not TracingLayer]
    try:
        serve(app, host=settings.host, port=settings.port, graceful_seconds=GRACEFUL_SECONDS)
    finally:
        asyncio.run(traces.shutdown())


if __name__ == "__main__":
    main()
