"""What every layer reads of a request: headers, exempt paths, the route's template."""

from starlette.types import Scope

_PROBES = ("/api/health", "/api/health/live", "/api/health/ready", "/api/health/startup")
OPERATIONS = frozenset({*_PROBES, "/api/metrics", "/metrics"})
"""Paths for probes and scrapers: not limited, not traced, not logged."""

LONG_WAY = frozenset({b"traceparent", b"content-length", b"transfer-encoding"})
"""Headers whose requests go through all layers: a caller's trace is joined, a body is refused."""


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Every header by its lower-case name; of several of one name the first, as `header` gives it."""
    return dict(reversed(scope["headers"]))


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return None


def route_of(scope: Scope) -> str:
    """The matched route's template, or `none`: bounded, unlike the path."""
    return template_of(scope.get("route"))


def template_of(route: object) -> str:
    """The same of a route that was matched before."""
    return str(getattr(route, "path", None) or "none")
