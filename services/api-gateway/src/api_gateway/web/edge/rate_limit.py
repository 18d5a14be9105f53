"""Requests per client and minute: counted in Redis, or here while Redis is away; never a reason to fail."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from legis.service.errors import problem
from legis.telemetry.metrics import RATE_LIMIT_ERRORS, RATE_LIMITED
from limits.aio.storage import RedisStorage
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.edge.client_address import TrustedProxies, client_key
from api_gateway.web.edge.scopes import OPERATIONS
from api_gateway.web.watch.redis_gate import RedisAway, RedisGate

WINDOW_SECONDS = 60
LOCAL_CLIENTS = 10_000
"""Clients remembered while Redis is away; the longest silent one is forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left in its window, and the seconds until the window ends."""

    limit: int
    remaining: int
    reset_seconds: int
    refused: bool

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset_seconds}',
        }


class RateLimiter:
    """Counts requests in fixed windows of a minute, the same for all replicas while Redis answers."""

    def __init__(self, gate: RedisGate, url: str, limit: int, *, clock: Callable[[], float] = time.time) -> None:
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
        self._local: OrderedDict[str, int] = OrderedDict()
        self._local_window = 0

    async def take(self, client: str) -> Allowance:
        """Counts one request of a client."""
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        try:
            used = await self._gate.call(lambda: self._storage.incr(f"{client}:{window}", WINDOW_SECONDS + 5))
        except RedisAway:
            RATE_LIMIT_ERRORS.inc()
            used = self._count_here(client, window)
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


class RateLimit:
    """ASGI layer: refuses with 429 what is above the limit, and tells everyone what is left."""

    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self.app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts the request unless it is a probe's."""
        if scope["type"] != "http" or scope["path"] in OPERATIONS:
            await self.app(scope, receive, send)
            return
        limiter: RateLimiter = scope["app"].state.resources.limiter
        allowance = await limiter.take(client_key(scope, self._proxies))
        told = allowance.headers()

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        if not allowance.refused:
            await self.app(scope, receive, send_told)
            return
        RATE_LIMITED.labels("anonymous").inc()
        refusal = problem(
            429,
            "Too many requests",
            f"More than {allowance.limit} requests in {WINDOW_SECONDS} s; the window ends in "
            f"{allowance.reset_seconds} s.",
            headers={"Retry-After": str(allowance.reset_seconds)},
            instance=scope["path"],
        )
        await refusal(scope, receive, send_told)
