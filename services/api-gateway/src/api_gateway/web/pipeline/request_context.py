"""The outermost layer: request context, limits on the request itself, headers of the reply, metrics, access log."""

import asyncio
import os
import re
import time
from functools import lru_cache
from urllib.parse import unquote_plus

from legis.service.problems import ProblemResponse
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.access.identity import keyless
from api_gateway.web.files.file_format import FileFormat, file_format
from api_gateway.web.pipeline.access_log import AccessLog
from api_gateway.web.pipeline.client_address import LONGEST_FORWARDED, TrustedProxies
from api_gateway.web.pipeline.headers import PREFLIGHT, PREFLIGHT_ASKS, PROXY_CACHE, STANDING, Headers
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.pipeline.request_refusals import (
    MAX_HEADER_BYTES,
    address_too_long,
    headers_too_large,
    lacking_media_types,
    method_not_allowed,
    no_body_taken,
    no_host,
    not_acceptable,
)
from api_gateway.web.pipeline.route_policy import NO_ROUTE, KnownRoute, RouteTable

CONTEXT = "legis.request"
"""The key of the request's context in its ASGI scope."""

MAX_ADDRESS_BYTES = 8192
_NO_STORE = (b"cache-control", b"no-store")
_TRACE_ID = re.compile(rb"[0-9a-f]{32}")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")


class RequestContext:
    """Data of one request that the layers share, and the headers that they add to its reply.

    `headers` are by lower-case name; of several with one name, the first. `address` is the client's address in the form
    in which clients are counted; `identity` is that of the address until an API key is accepted. `is_head`: only the
    headers of the reply are sent.
    """

    __slots__ = (
        "address", "body_bytes", "deadline", "headers", "identity", "is_head", "query_string", "refused",
        "reply_headers", "route", "status",
    )  # fmt: skip

    def __init__(self, headers: dict[bytes, bytes], route: KnownRoute, address: str, query_string: bytes) -> None:
        self.headers = headers
        self.route = route
        self.address = address
        self.identity = keyless(address)
        self.query_string = query_string
        self.is_head = False
        self.reply_headers: Headers = []
        self.status = 500
        self.refused = False
        self.body_bytes = 0
        self.deadline: asyncio.Timeout | None = None

    def move_deadline(self, when: float | None) -> None:
        """Sets a new deadline of the request, in the event loop's time; None removes it."""
        if self.deadline is not None:
            self.deadline.reschedule(when)

    @property
    def client(self) -> str:
        """The name by which the client is counted in all limits."""
        return self.identity.counted_as

    @property
    def cost(self) -> int:
        """What the request costs by its route's policy and its parameters: slots of admission, whoever takes them, and
        units of its client's limit. 0 for routes without admission.
        """
        policy = self.route.policy
        if not self.query_string or not policy.costs:
            return policy.cost
        names = self.parameter_names
        return max([policy.cost, *(cost for name, cost in policy.costs.items() if name in names)])

    @property
    def units(self) -> int:
        """Units of its client's limit that the request uses, at least 1."""
        return max(1, self.cost)

    @property
    def waits(self) -> bool:
        """Whether the request has the parameter whose requests wait on purpose, whatever its value is."""
        waits_with = self.route.policy.waits_with
        return waits_with is not None and bool(self.query_string) and waits_with in self.parameter_names

    @property
    def slots(self) -> int:
        """Slots that the pipeline takes for the request; 0 where its route takes them, since the request waits on
        purpose, or fetches a file page by page.
        """
        return 0 if self.waits or self.file_format is not None else self.cost

    @property
    def file_format(self) -> FileFormat | None:
        """The file format that the request wants from a route that has files; None for JSON."""
        return file_format(self.query_string, self.headers.get(b"accept")) if self.route.policy.files else None

    @property
    def parameter_names(self) -> frozenset[str]:
        """Parameter names in the query string. Remembered where it is short: one of 8 kB may have thousands."""
        query = self.query_string
        return (_parameter_names if len(query) <= _SHORT_QUERY else _parameter_names.__wrapped__)(query)


_SHORT_QUERY = 500
"""Bytes."""


@lru_cache(maxsize=4096)
def _parameter_names(query: bytes) -> frozenset[str]:
    names = [part.partition(b"=")[0] for part in query.split(b"&") if part]
    return frozenset([unquote_plus(name.decode("latin-1")) for name in names])


def context_of(scope: Scope) -> RequestContext:
    """The context of a request inside the pipeline."""
    context: RequestContext = scope[CONTEXT]
    return context


class RequestContextLayer:
    """ASGI layer: creates the context, refuses requests that are never allowed, and completes and
    counts every reply.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: RouteTable,
        proxies: TrustedProxies,
        stats: RequestStats,
        proxy_cache: bool,
        access_log: AccessLog,
    ) -> None:
        self.app = app
        self._routes = routes
        self._proxies = proxies
        self._stats = stats
        self._proxy_cache = proxy_cache
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers requests that need no resource itself; passes on all others."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        headers, peer = dict(reversed(scope["headers"])), scope["client"]
        address = self._proxies.client(peer[0] if peer else None, forwarded_for(scope["headers"]))
        route = self._routes.find(scope["path"][:MAX_ADDRESS_BYTES])  # remembered; a longer one is refused
        context = RequestContext(headers, route, address, scope["query_string"])
        context.is_head = scope["method"] == "HEAD"
        scope[CONTEXT] = context
        proto = headers.get(b"x-forwarded-proto")
        if proto is not None and self._proxies.over_https(peer[0] if peer else None, proto):
            scope["scheme"] = "https"  # links begin with it where no public address is configured
        request_id = request_id_of(headers.get(b"x-request-id"))

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                context.status = message["status"]
                added = [*context.reply_headers, (b"x-request-id", request_id)]
                found = completed(context.status, message["headers"], added)
                message = {**message, "headers": for_proxy(found) if self._proxy_cache else found}
            else:
                context.body_bytes += len(message.get("body", b""))
            await send(message)

        try:
            refusal = _refusal(scope, context)
            if isinstance(refusal, ProblemResponse):
                refusal = _traced(refusal, context, request_id)
            await (refusal or self.app)(scope, receive, send_completed)
        finally:
            if not context.route.policy.operations:
                seconds = time.perf_counter() - started
                self._stats.record(context.route.template, scope["method"], context.status, seconds)
                if self._access_log.wants(context.status, context.refused):
                    entry = {
                        "route": context.route.template,
                        "status": context.status,
                        "duration_ms": round(seconds * 1000, 1),
                        "request_id": request_id.decode(),
                        "trace_id": _trace_id(context, request_id).decode(),
                    }
                    who = {"client": context.address, "bytes": context.body_bytes}
                    self._access_log.write(scope, entry, who)


def forwarded_for(headers: Headers) -> bytes | None:
    """The end of `X-Forwarded-For`, where our proxies are named. Its lines count in their order: a proxy may add one of
    its own behind those that the client sent. None if there is none.
    """
    lines = [value for name, value in headers if name == b"x-forwarded-for"]
    return b",".join(lines)[-LONGEST_FORWARDED:] if lines else None


def _trace_id(context: RequestContext, request_id: bytes) -> bytes:
    """The trace id that the reply tells. A request without a trace has the id that its request id is, where we made it:
    every line of a request can be found by `trace_id`.
    """
    told = next((value for name, value in context.reply_headers if name == b"traceparent"), None)
    if told is not None:
        return told.split(b"-")[1]
    return request_id if _TRACE_ID.fullmatch(request_id) else os.urandom(16).hex().encode()


def _traced(refusal: ProblemResponse, context: RequestContext, request_id: bytes) -> ProblemResponse:
    """The refusal with the trace id of its log line, which its `traceparent` has too. Nothing is recorded or sent."""
    trace_id = _trace_id(context, request_id)
    context.reply_headers.append((b"traceparent", b"00-%b-%b-00" % (trace_id, os.urandom(8).hex().encode())))
    return refusal.extended({"trace_id": trace_id.decode()})


def _refusal(scope: Scope, context: RequestContext) -> Response | None:
    """A reply that needs only the request line and the headers, or None."""
    path, route = scope["path"][:200], context.route
    address = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
    if address > MAX_ADDRESS_BYTES:
        return address_too_long(address, MAX_ADDRESS_BYTES, path)
    size = sum([len(name) + len(value) for name, value in scope["headers"]])
    if size > MAX_HEADER_BYTES:
        return headers_too_large(size, path)
    if scope["http_version"] == "1.1" and b"host" not in context.headers:
        return no_host(path)
    if scope["method"] == "OPTIONS":
        preflight = {} if PREFLIGHT_ASKS.isdisjoint(context.headers) else PREFLIGHT
        return Response(status_code=204, headers={"Allow": route.allow, **preflight})
    if scope["method"] not in route.methods and route is not NO_ROUTE:
        return method_not_allowed(route.allow, path)
    if scope["method"] in ("GET", "HEAD") and _has_body(context.headers):
        return no_body_taken(path)
    if scope["method"] in ("GET", "HEAD") and b"accept" in context.headers and not route.policy.operations:
        accept = b",".join([value for name, value in scope["headers"] if name == b"accept"])
        offered = lacking_media_types(accept, route.template, files=route.policy.files)
        return not_acceptable(offered, path) if offered else None
    return None


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def request_id_of(given: bytes | None) -> bytes:
    """The request id that the client sent, if it has a valid form; otherwise a new one."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return os.urandom(16).hex().encode()


def completed(status: int, headers: Headers, added: Headers) -> Headers:
    """The headers of a reply, with those that the layers added and those that every reply has."""
    present = {name for name, _ in headers}
    found = [*headers, *added, *[pair for pair in STANDING if pair[0] not in present]]
    if status != 304 and b"cache-control" not in present:
        found.append(_NO_STORE)
    return found


def for_proxy(headers: Headers) -> Headers:
    """The headers for our own caching proxy: its own rule, and beside it the public rule, which the proxy sends to
    clients.
    """
    public = next((value for name, value in headers if name == b"cache-control"), None)
    if public is None:
        return headers
    rule = PROXY_CACHE if public.startswith(b"public") else public
    others = [pair for pair in headers if pair[0] != b"cache-control"]
    return [*others, (b"cache-control", rule), (b"x-public-cache-control", public)]
