"""What Prometheus hears of a reply, whoever made it: the layers, or the fast lane."""

from functools import lru_cache

from legis.telemetry.lock_free_metrics import Count, Distribution
from legis.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS
from prometheus_fastapi_instrumentator.metrics import Info


def observe(info: Info) -> None:
    """For the instrumentator: one finished request."""
    record(info.modified_handler, info.method, info.modified_status, info.modified_duration_without_streaming)


def record(handler: str, method: str, status: str, seconds: float) -> None:
    """Counts one reply by the route's template, never by the path."""
    counter, histogram = _children(handler, method, status)
    counter.inc()
    histogram.observe(seconds)


@lru_cache(maxsize=4096)
def _children(handler: str, method: str, status: str) -> tuple[Count, Distribution]:
    return HTTP_REQUESTS.labels(handler, method, status), HTTP_SECONDS.labels(handler)
