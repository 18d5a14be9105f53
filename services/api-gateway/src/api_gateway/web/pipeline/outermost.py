"""The outermost layer: what holds for every reply, and what no request may be."""

import time

from legis.service.problems import problem
from legis.telemetry.logs import get_logger
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.pipeline.dice import dice
from api_gateway.web.pipeline.request_headers import OPERATIONS, header, route_of
from api_gateway.web.pipeline.request_metrics import record
from api_gateway.web.pipeline.request_stats import RequestStats
from api_gateway.web.pipeline.response_headers import ALWAYS, POLICY, request_id_of
from api_gateway.web.pipeline.shedding import is_shed, shed

MAX_ADDRESS_BYTES = 8192
LOGGED_SHARE = 0.01
"""Share of good replies whose access is logged; bad ones always are, but for refusals by the rate limit."""

_PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*, Authorization, If-None-Match, Last-Event-ID, X-Request-ID, traceparent",
    "Access-Control-Max-Age": "86400",
}
_log = get_logger("api_gateway.web.access")


class Outermost:
    """ASGI layer: request ids, CORS, security headers, limits on the request itself, access log, request figures."""

    def __init__(self, app: ASGIApp, stats: RequestStats) -> None:
        self.app = app
        self._stats = stats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what needs no resource itself; passes on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = header(scope, b"x-request-id")
        request_id = request_id_of(None if given is None else given.encode("latin-1")).decode()
        started, status = time.perf_counter(), 500

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                headers["X-Request-ID"] = request_id
                headers.setdefault("Content-Security-Policy", POLICY)
                if status >= 400:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if is_shed(scope):
            await shed(scope, send, request_id.encode(), self._stats, started)
            return
        reply = _refusal(scope)
        try:
            await (reply or self.app)(scope, receive, send_dressed)
        finally:
            seconds = time.perf_counter() - started
            if scope["path"] not in OPERATIONS:
                self._stats.record(status, seconds)
                log_access(scope["method"], route_of(scope), status, seconds, request_id.encode())


def _refusal(scope: Scope) -> Response | None:
    """The reply that needs nothing but the request's first lines, or None."""
    path = scope["path"][:200]
    address = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
    if address > MAX_ADDRESS_BYTES:
        detail = f"The address has {address} bytes; at most {MAX_ADDRESS_BYTES} are read."
        return problem(414, "Address too long", detail, instance=path)
    if scope["method"] == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    if scope["method"] in ("GET", "HEAD") and _has_body(scope):
        return problem(413, "No body taken", "Requests to this API have no body.", instance=path)
    return None


def _has_body(scope: Scope) -> bool:
    return header(scope, b"transfer-encoding") is not None or header(scope, b"content-length") not in (None, "0")


def tell_of(stats: RequestStats, route: str, status: int, seconds: float, request_id: bytes) -> None:
    """All that is counted and logged of a GET which was answered without the layers inside."""
    stats.record(status, seconds)
    record(route, "GET", str(status), seconds)
    log_access("GET", route, status, seconds, request_id)


def log_access(method: str, route: str, status: int, seconds: float, request_id: bytes) -> None:
    """One line for a bad reply, and for a share of the good ones."""
    bad = status >= 400 and status != 429
    if bad or dice.random() < LOGGED_SHARE:
        _log.info(
            "request",
            method=method[:10],
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
            request_id=request_id.decode(),
        )
