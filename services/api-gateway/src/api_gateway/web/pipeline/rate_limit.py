"""Requests per client and minute: counted in Redis by portions, or here while Redis is away; never a reason to fail."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from legis.service.problems import problem
from legis.telemetry.metrics import RATE_LIMIT_ERRORS, RATE_LIMITED
from limits.aio.storage import RedisStorage
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from api_gateway.web.pipeline.client_address import TrustedProxies, client_key
from api_gateway.web.pipeline.request_headers import OPERATIONS, headers_of
from api_gateway.web.pipeline.response_headers import Headers

WINDOW_SECONDS = 60
LOCAL_CLIENTS = 10_000
"""Clients remembered at once; the longest silent one is forgotten first."""

_PORTIONS = 50
_LARGEST_PORTION = 100


class Allowance(NamedTuple):
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

    @property
    def raw_headers(self) -> Headers:
        """The same as ASGI takes them."""
        left = b'"default";r=%d;t=%d' % (self.remaining, self.reset_seconds)
        return [(b"ratelimit-policy", b'"default";q=%d;w=%d' % (self.limit, WINDOW_SECONDS)), (b"ratelimit", left)]

    @property
    def written(self) -> bytes:
        """The same as lines of a reply."""
        return b'ratelimit-policy: "default";q=%d;w=%d\r\nratelimit: "default";r=%d;t=%d\r\n' % (
            self.limit, WINDOW_SECONDS, self.remaining, self.reset_seconds,
        )  # fmt: skip


@dataclass(slots=True)
class _Portion:
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
        self._portion = max(1, min(limit // _PORTIONS, _LARGEST_PORTION))
        self._portions: OrderedDict[str, _Portion] = OrderedDict()
        self._local: OrderedDict[str, int] = OrderedDict()
        self._local_window = 0

    def take_taken(self, client: str) -> Allowance | None:
        """Counts one request of a client from the portion that was taken for it; None where there is none left."""
        now = self._clock()
        portion = self._portions.get(client)
        if portion is None or portion.left == 0 or portion.window != now // WINDOW_SECONDS:
            return None
        portion.left -= 1
        return self._allowance(portion.upto - portion.left, portion.window, now)

    async def take(self, client: str) -> Allowance:
        """Counts one request of a client."""
        allowance = self.take_taken(client)
        if allowance is not None:
            return allowance
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        try:
            upto = await self._gate.call(
                lambda: self._storage.incr(f"{client}:{window}", WINDOW_SECONDS + 5, self._portion)
            )
        except RedisAway:
            RATE_LIMIT_ERRORS.inc()
            return self._allowance(self._count_here(client, window), window, now)
        return self._allowance(upto - self._keep(client, window, upto), window, now)

    def _keep(self, client: str, window: int, upto: int) -> int:
        """Keeps a portion but for the request it was taken for; how many are left with those of others that came."""
        before = self._portions.pop(client, None)
        left = self._portion - 1 + (before.left if before and before.window == window else 0)
        self._portions[client] = _Portion(window, max(upto, before.upto) if before and before.left else upto, left)
        if len(self._portions) > LOCAL_CLIENTS:
            self._portions.popitem(last=False)
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
        allowance = await limiter.take(client_key(scope, self._proxies, headers_of(scope).get(b"x-forwarded-for")))
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
