"""Kept replies as the bytes of a whole answer, before any layer is asked: what each must bear is paid for once."""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from legis.telemetry.traces import current_traceparent, decided, tracer
from opentelemetry.trace import SpanKind

from api_gateway.web.container import Resources
from api_gateway.web.pipeline.client_address import TrustedProxies
from api_gateway.web.pipeline.outermost import tell_of
from api_gateway.web.pipeline.request_headers import LONG_WAY, template_of
from api_gateway.web.pipeline.request_stats import RequestStats
from api_gateway.web.pipeline.response_cache import KEPT, Key, cache_key
from api_gateway.web.pipeline.response_headers import request_id_of
from api_gateway.web.pipeline.shedding import shed_at_once
from api_gateway.web.pipeline.trace_sampling import chosen

_LONGEST_REMEMBERED = 512
_tracer = tracer(__name__)


class KeptAtOnce:
    """`legis.service.at_once.AtOnce`: answers a GET whose reply is kept and current, where nothing about it is special.

    All holds that the layers promise: request id, rate limit, validators, compression, CORS and security headers,
    figures, sampled access log, and the span of a request chosen for tracing. One that is over its limit, or whose
    portion of the limit is used up, is not answered here. Under overload, what nothing is kept for is refused here.
    """

    def __init__(self, app: FastAPI, proxies: TrustedProxies, stats: RequestStats) -> None:
        self._state = app.state
        self._resources: Resources | None = None
        self._proxies = proxies
        self._stats = stats

    def __call__(self, target: bytes, asked: Mapping[bytes, bytes], peer: str | None) -> Sequence[bytes] | None:
        """The parts of the reply, or None."""
        started = time.perf_counter()
        if len(target) > _LONGEST_REMEMBERED or (key := _key(target)) is None:
            return None
        resources = self._resources
        if resources is None:  # there are none before the application has started
            resources = self._resources = self._state.resources
        if not LONG_WAY.isdisjoint(asked):
            return None
        client = self._proxies.client(peer, asked.get(b"x-forwarded-for"))
        reply = resources.cache.usable(key)
        if reply is None:
            return shed_at_once(resources, key, client, asked, self._stats, started)
        allowance = resources.limiter.take_taken(client)
        if allowance is None or allowance.refused:
            return None
        KEPT.inc()
        request_id = request_id_of(asked.get(b"x-request-id"))
        status, status_line, head, body = reply.written(asked)
        route = template_of(reply.route)
        tell_of(self._stats, route, status, time.perf_counter() - started, request_id)
        traced = _traced(route, status) if chosen() else b""
        return status_line, traced, allowance.written, b"x-request-id: ", request_id, head, body


def _traced(route: str, status: int) -> bytes:
    """Makes the span of a reply that is ready, and the header that tells of it."""
    attributes: dict[str, str | int] = {
        "http.request.method": "GET",
        "http.route": route,
        "http.response.status_code": status,
    }
    name = f"GET {route}"
    with _tracer.start_as_current_span(name, context=decided(True), kind=SpanKind.SERVER, attributes=attributes):
        return f"traceparent: {current_traceparent()}\r\n".encode()


@lru_cache(maxsize=4096)
def _key(target: bytes) -> Key | None:
    path, _, query = target.partition(b"?")
    if b"%" in path:
        path = unquote_to_bytes(path)
    return cache_key(path.decode("utf-8", "replace"), query)
