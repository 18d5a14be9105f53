"""Kept replies, sent before any other layer is asked: what every reply must have is paid for here, once."""

import random
import time

from legis.telemetry.traces import share_received
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.edge.client_address import TrustedProxies, client_key
from api_gateway.web.edge.dress import request_id_of
from api_gateway.web.edge.finished import Finished
from api_gateway.web.edge.outermost import log_access
from api_gateway.web.edge.reply_cache import KEPT, ReplyCache, cache_key
from api_gateway.web.edge.request_figures import record
from api_gateway.web.edge.request_stats import RequestStats
from api_gateway.web.edge.scopes import headers_of, route_of

_LONG_WAY = frozenset({b"traceparent", b"content-length", b"transfer-encoding"})
"""Headers whose requests go through all layers: a caller's trace is joined, a body is refused."""


class FastLane:
    """ASGI layer: answers a GET whose reply is kept and current, where nothing else about it is special.

    All holds that the layers inside promise: request id, rate limit, validators, compression, CORS and security
    headers, figures, sampled access log. A request that is to be traced, is over its limit, or whose portion of the
    limit is used up goes through all of them.
    """

    def __init__(self, app: ASGIApp, proxies: TrustedProxies, stats: RequestStats) -> None:
        self.app = app
        self._proxies = proxies
        self._stats = stats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes on."""
        started = time.perf_counter()
        reply = _kept(scope)
        asked = headers_of(scope) if reply is not None else {}
        if reply is None or not _LONG_WAY.isdisjoint(asked) or _to_be_traced():
            await self.app(scope, receive, send)
            return
        client = client_key(scope, self._proxies, asked.get(b"x-forwarded-for"))
        told = scope["app"].state.resources.limiter.told_from_portion(client)
        if told is None:
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(asked.get(b"x-request-id"))
        status, headers, body = reply.dressed(asked)
        headers = [*headers, *told, (b"x-request-id", request_id)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        self._count(scope, reply, status, time.perf_counter() - started, request_id)

    def _count(self, scope: Scope, reply: Finished, status: int, seconds: float, request_id: bytes) -> None:
        KEPT.inc()
        scope["route"] = reply.route
        self._stats.record(status, seconds)
        record(route_of(scope), "GET", str(status), seconds)
        log_access(scope, status, seconds, request_id.decode())


def _kept(scope: Scope) -> Finished | None:
    if scope["type"] != "http" or scope["method"] != "GET" or (key := cache_key(scope)) is None:
        return None
    cache: ReplyCache = scope["app"].state.resources.cache
    return cache.usable(key)


def _to_be_traced() -> bool:
    share = share_received()
    return share > 0 and random.random() < share
