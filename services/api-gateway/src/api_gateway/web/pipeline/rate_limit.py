"""Requests per client and minute: counted in Redis by leases, or here while Redis is away; never a reason to fail."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from legis.service.problems import problem
from legis.telemetry.metrics import RATE_LIMIT_ERRORS, RATE_LIMITED
from limits.aio.storage import RedisStorage
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from api_gateway.web.pipeline.headers import Headers
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext
from api_gateway.web.pipeline.tracing import tell_trace, unsampled_trace

WINDOW_SECONDS = 60
LOCAL_CLIENTS = 10_000
"""Clients remembered at once; the longest silent one is forgotten first."""

_LEASES = 50
_LARGEST_LEASE = 100


class Allowance(NamedTuple):
    """What a client has left in its window, and the seconds until the window ends."""

    limit: int
    remaining: int
    reset_seconds: int
    refused: bool

    @property
    def raw_headers(self) -> Headers:
        """The fields of draft-ietf-httpapi-ratelimit-headers, as ASGI takes them."""
        left = b'"default";r=%d;t=%d' % (self.remaining, self.reset_seconds)
        return [(b"ratelimit-policy", b'"default";q=%d;w=%d' % (self.limit, WINDOW_SECONDS)), (b"ratelimit", left)]


@dataclass(slots=True)
class _Lease:
    """Requests of a client that are counted in Redis already; `upto` is the count there with all of them."""

    window: int
    upto: int
    left: int


class RateLimiter:
    """Counts requests in fixed windows of a minute, the same for all replicas while Redis answers.

    A process takes a fiftieth of the limit at a time (one, where the limit is below 100; a hundred at most), so most
    requests cost Redis nothing. What it has taken and not used counts as used, until the window ends.
    """

    def __init__(self, gate: RedisFailFast, url: str, limit: int, *, clock: Callable[[], float] = time.time) -> None:
        self._gate = gate
        self._limit = limit
        self._clock = clock
        # `limits` has no close of its own: the pool is the gate's
        self._storage = RedisStorage(
            f"async+{url}",
            implementation="redispy",
            key_prefix="legis:rate",
            connection_pool=gate.pool,  # type: ignore[arg-type]
        )
        self._lease = max(1, min(limit // _LEASES, _LARGEST_LEASE))
        self._leases: OrderedDict[str, _Lease] = OrderedDict()
        self._local: OrderedDict[str, int] = OrderedDict()
        self._local_window = 0

    def take_leased(self, client: str) -> Allowance | None:
        """Counts one request of a client from the lease that was taken for it; None where there is none left."""
        now = self._clock()
        lease = self._leases.get(client)
        if lease is None or lease.left == 0 or lease.window != now // WINDOW_SECONDS:
            return None
        lease.left -= 1
        return self._allowance(lease.upto - lease.left, lease.window, now)

    async def take(self, client: str) -> Allowance:
        """Counts one request of a client."""
        allowance = self.take_leased(client)
        if allowance is not None:
            return allowance
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        try:
            upto = await self._gate.call(
                lambda: self._storage.incr(f"{client}:{window}", WINDOW_SECONDS + 5, self._lease)
            )
        except RedisAway:
            RATE_LIMIT_ERRORS.inc()
            return self._allowance(self._count_here(client, window), window, now)
        return self._allowance(upto - self._keep(client, window, upto), window, now)

    def _keep(self, client: str, window: int, upto: int) -> int:
        """Keeps a lease but for the request it was taken for; how many are left with those of others that came."""
        before = self._leases.pop(client, None)
        left = self._lease - 1 + (before.left if before and before.window == window else 0)
        self._leases[client] = _Lease(window, max(upto, before.upto) if before and before.left else upto, left)
        if len(self._leases) > LOCAL_CLIENTS:
            self._leases.popitem(last=False)
        return left

    def _allowance(self, used: int, window: int, now: float) -> Allowance:
        reset = max(1, round((window + 1) * WINDOW_SECONDS - now))
        return Allowance(self._limit, max(0, self._limit - used), reset, used > self._limit)

    def _count_here(self, client: str, window: int) -> int:
        if window != self._local_window:
            self._local.clear()
            self._local_window = window
        used = self._local.pop(client, 0) + 1
        self._local[client] = used
        if len(self._local) > LOCAL_CLIENTS:
            self._local.popitem(last=False)
        return used


class RateLimitLayer:
    """ASGI layer: refuses with 429 what is above the limit, and tells everyone who was counted what is left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts the request unless it is a probe's."""
        context: RequestContext | None = scope.get(CONTEXT)
        if context is None or context.route.policy.operations:
            await self.app(scope, receive, send)
            return
        limiter: RateLimiter = scope["app"].state.resources.limiter
        allowance = limiter.take_leased(context.client) or await limiter.take(context.client)
        context.reply_headers += allowance.raw_headers
        if not allowance.refused:
            await self.app(scope, receive, send)
            return
        RATE_LIMITED.labels("anonymous").inc()
        context.refused = True
        with unsampled_trace():
            tell_trace(context)
            await _refusal(allowance, scope["path"])(scope, receive, send)


def _refusal(allowance: Allowance, path: str) -> Response:
    detail = (
        f"More than {allowance.limit} requests in {WINDOW_SECONDS} s; the window ends in {allowance.reset_seconds} s."
    )
    return problem(
        429, "Too many requests", detail, headers={"Retry-After": str(allowance.reset_seconds)}, instance=path
    )
