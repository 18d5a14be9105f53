"""The shortest way to a reply that has to be made: one layer for all, for questions in which nothing is unusual."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fastapi import FastAPI
from legis.telemetry.metrics import SHED
from legis.telemetry.traces import current_traceparent, decided, tracer
from opentelemetry.trace import SpanKind
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.container import Resources
from api_gateway.web.pipeline.admission import Overloaded
from api_gateway.web.pipeline.admission_layer import cost_of, too_busy
from api_gateway.web.pipeline.cached_response import Finished, finish
from api_gateway.web.pipeline.client_address import TrustedProxies, client_key
from api_gateway.web.pipeline.client_disconnect import GONE, cancelled_when_gone
from api_gateway.web.pipeline.deadline import failed, took_too_long
from api_gateway.web.pipeline.outermost import tell_of
from api_gateway.web.pipeline.request_headers import LONG_WAY, headers_of
from api_gateway.web.pipeline.request_stats import RequestStats
from api_gateway.web.pipeline.response_cache import Key, cache_key
from api_gateway.web.pipeline.response_headers import request_id_of
from api_gateway.web.pipeline.trace_sampling import chosen_for_tracing

Answer = Callable[[Resources], Awaitable[Response]]
Plain = Callable[[str, bytes], tuple[str, Answer] | None]
"""From path and query to the route's template and what answers it; None for all that is not plain."""

LONGEST_ADDRESS = 2000
"""Characters; what is longer is not plain."""

_tracer = tracer(__name__)


class _Route(NamedTuple):
    path: str


class _Asked(NamedTuple):
    """One request of this lane."""

    key: Key
    route: str
    answer: Answer
    headers: dict[bytes, bytes]
    client: str


class DirectLane:
    """ASGI layer: answers what `plain` knows under the promises of all layers, with their own parts: rate limit, place,
    deadline, coalescing, kept replies, validators, headers, figures, log. Whatever else a request wants, or when there
    is a queue, it goes through the layers themselves.
    """

    def __init__(
        self, app: ASGIApp, plain: Plain, proxies: TrustedProxies, stats: RequestStats, seconds: float
    ) -> None:
        self.app = app
        self._plain = plain
        self._proxies = proxies
        self._stats = stats
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes on."""
        started = time.perf_counter()
        asked = self._asked(scope)
        if asked is None:
            await self.app(scope, receive, send)
            return
        shared: Resources = scope["app"].state.resources
        allowance = shared.limiter.take_taken(asked.client) or await shared.limiter.take(asked.client)
        if allowance.refused:
            await self.app(scope, receive, send)
            return
        status = GONE
        request_id = request_id_of(asked.headers.get(b"x-request-id"))
        async with cancelled_when_gone(receive, send):
            # kept after all, where only the portion of the limit was used up; or made for another meanwhile
            reply = await shared.cache.made_already(asked.key) or await self._reply(scope, asked, shared)
            status, headers, body = reply.dressed(asked.headers)
            headers = [*headers, *allowance.raw_headers, (b"x-request-id", request_id)]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        tell_of(self._stats, asked.route, status, time.perf_counter() - started, request_id)

    def _asked(self, scope: Scope) -> _Asked | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path, query = scope["path"], scope["query_string"]
        key = None if len(path) + len(query) > LONGEST_ADDRESS else cache_key(path, query)
        found = None if key is None else self._plain(path, query)
        if key is None or found is None:
            return None
        shared: Resources = scope["app"].state.resources
        headers = headers_of(scope)
        client = client_key(scope, self._proxies, headers.get(b"x-forwarded-for"))
        full = shared.admission.refuses(client) and shared.cache.usable(key) is None
        if full or not LONG_WAY.isdisjoint(headers) or chosen_for_tracing(scope):
            return None
        return _Asked(key, *found, headers, client)

    async def _reply(self, scope: Scope, asked: _Asked, shared: Resources) -> Finished:
        with shared.cache.making(asked.key) as made:
            response = await self._response(scope, asked, shared)
            reply = finish(response.status_code, response.raw_headers, bytes(response.body))
            reply.route = _Route(asked.route)
            made(reply)
        if reply.status >= 400 and reply.header(b"cache-control") is None:
            reply.headers.append((b"cache-control", b"no-store"))
        return shared.cache.instead_of(reply, asked.key)

    async def _response(self, scope: Scope, asked: _Asked, shared: Resources) -> Response:
        try:
            slot = shared.admission.slot(asked.client, cost_of(asked.key[1]))
            async with slot, asyncio.timeout(self._seconds):
                return await asked.answer(shared)
        except Exception as error:
            # errors tell a trace id, so there has to be one; what is exported was chosen before
            with _tracer.start_as_current_span("GET", context=decided(False), kind=SpanKind.SERVER):
                response = await self._explained(scope, error)
                response.headers["traceparent"] = current_traceparent() or ""
                return response

    async def _explained(self, scope: Scope, error: Exception) -> Response:
        if isinstance(error, Overloaded):
            SHED.labels(str(error)).inc()
            return too_busy()
        if isinstance(error, TimeoutError):
            return took_too_long(scope, self._seconds)
        app: FastAPI = scope["app"]
        for kind in type(error).__mro__:
            if kind is not Exception and (handler := app.exception_handlers.get(kind)) is not None:
                return await handler(Request(scope), error)  # type: ignore[misc, no-any-return]
        return failed(scope)
