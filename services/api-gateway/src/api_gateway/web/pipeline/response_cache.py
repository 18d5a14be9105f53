"""Replies cached in memory: never more than a second behind the store, except the last good ones while the store is
away.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from legis.telemetry.metrics import REPLIES
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.background.data_version import DataState
from api_gateway.web.pipeline.cached_response import CachedResponse, finish
from api_gateway.web.pipeline.coalescing import Coalescing
from api_gateway.web.pipeline.headers import Headers
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext

UNANNOUNCED_SECONDS = 1.0
"""Seconds for which a reply is used while no announcements of data changes are received."""

MAX_BYTES = 64 * 2**20
_STALE_CACHE = b"public, max-age=5, stale-if-error=86400"
_WAITS = 3
_KEPT, _SHARED, _MADE = (REPLIES.labels(origin) for origin in ("kept", "shared", "made"))

Key = tuple[str, bytes]
"""Cache key: path and sorted query string."""


class Moment(NamedTuple):
    """The state to which a reply belongs, taken when its making begins: number of detected changes, whether
    announcements of changes are received, freshness of the sources, time in seconds, and whether the store is known to
    be away.
    """

    changes: int
    told: bool
    validator: bytes
    at: float
    store_away: bool


class ReplyCache:
    """The most recently used replies, limited in number and bytes. `clock` is monotonic, in seconds."""

    def __init__(self, entries: int, state: DataState, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries = entries
        self._state = state
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[CachedResponse, Moment]] = OrderedDict()
        self._bytes = 0
        self._in_flight: Coalescing[tuple[CachedResponse, Moment]] = Coalescing()

    def __len__(self) -> int:
        return len(self._kept)

    def moment(self) -> Moment:
        """The present state."""
        state, at = self._state, self._clock()
        return Moment(state.changes, at < state.told_until, state.validator, at, state.store_away)

    def usable(self, key: Key, *, needs_store: bool = True) -> CachedResponse | None:
        """A reply that may be sent without querying the store: a current one, or any while the store that it needs is
        away.
        """
        kept = self._kept.get(key)
        if kept is None:
            return None
        now = self.moment()
        if now.store_away and needs_store:
            return self.stale(key)
        if not _holds(kept[1], now):
            return None
        self._kept.move_to_end(key)
        return kept[0]

    def may_answer(self, key: Key, *, needs_store: bool) -> bool:
        """Whether a request may be answered without making a reply: by a current one, by one that is being made, or by
        an old one if no new one can be made.
        """
        return key in self._in_flight or (
            key in self._kept if needs_store else self.usable(key, needs_store=False) is not None
        )

    async def made_already(self, key: Key, *, needs_store: bool = True) -> CachedResponse | None:
        """A cached reply, or the one that another request is making at the same time; None if there is none."""
        if (reply := self.usable(key, needs_store=needs_store)) is not None:
            _KEPT.inc()
            return reply
        for _ in range(_WAITS):
            if key not in self._in_flight:
                return None
            if (made := await self._in_flight.others(key)) is None:  # no reply came of it: the first to wake makes one
                continue
            reply, begun = made
            if _holds(begun, self.moment()):
                _SHARED.inc()
                return reply
        return None

    @contextmanager
    def making(self, key: Key) -> Iterator[Callable[[CachedResponse], None]]:
        """For the request that makes a reply: it passes the finished reply to the function that this yields. A
        successful and public reply is cached, and when the context ends, it is shared with the identical requests that
        arrived meanwhile.
        """
        begun = self.moment()  # taken before the store is queried
        with self._in_flight.making(key) as making:

            def made(reply: CachedResponse) -> None:
                _MADE.inc()
                if reply.status == 200 and "public" in (reply.header(b"cache-control") or ""):
                    self.keep(key, reply, begun)
                    making.result = (reply, begun)

            yield made

    def stale(self, key: Key) -> CachedResponse | None:
        """The cached reply of any age, with its age in the headers."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        reply, then = kept
        others = [pair for pair in reply.headers if pair[0] != b"cache-control"]
        told = [
            (b"cache-control", _STALE_CACHE),
            (b"x-data-age", str(round(self.moment().at - then.at)).encode()),
            (b"warning", b'110 legis "Response is Stale"'),
        ]
        return replace(reply, headers=others + told)

    def keep(self, key: Key, reply: CachedResponse, begun: Moment) -> None:
        """Caches a successful reply whose making began at that moment, and drops the least recently used ones above the
        limits.
        """
        if self._entries == 0:
            return
        old = self._kept.pop(key, None)
        self._bytes -= old[0].size if old else 0
        self._kept[key] = (reply, begun)
        self._bytes += reply.size
        while len(self._kept) > self._entries or self._bytes > MAX_BYTES:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._bytes -= dropped.size


def _holds(then: Moment, now: Moment) -> bool:
    """Whether a reply begun then has the same content as one begun now."""
    if (then.validator, then.changes) != (now.validator, now.changes):
        return False  # while Redis is away, a list must not come from an earlier state of the index
    return (then.told and now.told) or now.at - then.at < UNANNOUNCED_SECONDS


class ResponseCacheLayer:
    """ASGI layer: answers from the cache, coalesces identical requests, and finishes every whole reply (ETag, 304,
    content coding, HEAD).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; streams pass through unchanged."""
        context: RequestContext | None = scope.get(CONTEXT)
        if context is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        cache: ReplyCache = scope["app"].state.resources.cache
        needs_store = context.route.policy.needs_store
        key = key_of(scope["path"], context)
        if key is None:
            reply = await self._finished(scope, receive, send)
        else:
            reply = await cache.made_already(key, needs_store=needs_store)
            if reply is None:
                reply = await self._made(key, cache, scope, receive, send)
                if reply is not None and reply.status == 503 and needs_store:
                    reply = cache.stale(key) or reply  # not for index-only routes: their cached reply is wrong too
        if reply is not None:
            status, headers, body = reply.answer(context.headers)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _made(
        self, key: Key, cache: ReplyCache, scope: Scope, receive: Receive, send: Send
    ) -> CachedResponse | None:
        with cache.making(key) as made:
            reply = await self._finished(scope, receive, send)
            if reply is not None:
                made(reply)
        return reply

    async def _finished(self, scope: Scope, receive: Receive, send: Send) -> CachedResponse | None:
        """The application's whole reply; None for a stream, which has been sent already."""
        method = scope["method"]
        capture = _Capture(scope, send)
        scope["method"] = "GET"
        try:
            await self.app(scope, receive, capture)
        finally:
            scope["method"] = method
        return None if capture.streaming else finish(capture.status, capture.headers, bytes(capture.body))


class _Capture:
    """Collects a reply that is sent in one piece; passes a stream on as soon as its first piece announces more. Made
    while the scope still has the client's own method: of a stream that answers HEAD only the headers are passed on.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._bodiless = scope["method"] == "HEAD"
        self.status = 500
        self.headers: Headers = []
        self.body = b""
        self.streaming = False

    async def __call__(self, message: Message) -> None:
        if self.streaming:
            if not self._bodiless:
                await self._send(message)
        elif message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body = message.get("body", b"")
            if message.get("more_body", False):
                self.streaming = True
                if self._bodiless:
                    self._scope["method"] = "HEAD"  # the server then expects no bytes, whatever the length says
                await self._send({"type": "http.response.start", "status": self.status, "headers": self.headers})
                await self._send({"type": "http.response.body"} if self._bodiless else message)


def key_of(path: str, context: RequestContext) -> Key | None:
    """The cache key of a request; None if its route does not allow caching."""
    policy, query = context.route.policy, context.query_string
    if not policy.kept or context.file_format is not None:
        return None
    if policy.waits_with is not None and query and policy.waits_with in context.parameter_names:
        return None
    return path, b"&".join(sorted(query.split(b"&"))) if b"&" in query else query
