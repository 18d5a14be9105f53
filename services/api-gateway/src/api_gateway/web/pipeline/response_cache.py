"""Finished replies kept in memory: never more than a second behind the store, and the last good ones for bad times."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from legis.telemetry.metrics import REPLIES
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.pipeline.cached_response import Finished, finish
from api_gateway.web.pipeline.coalescing import Coalescing
from api_gateway.web.pipeline.request_headers import headers_of
from api_gateway.web.pipeline.response_headers import Headers

UNANNOUNCED_SECONDS = 1.0
"""How long a reply is used while nobody tells when the data change."""

MAX_BYTES = 64 * 2**20
_CACHED = ("/api/v1/bills", "/api/v1/changes", "/api/v1/resolve", "/api/v1/feeds/")
_WITHOUT_STORE = frozenset({"/api/v1/bills", "/api/v1/bills/suggest"})
"""Answered from the search index, and so as ever, while the store is away."""

_STALE_CACHE = b"public, max-age=5, stale-if-error=86400"
_WAITS = 3
KEPT, _SHARED, _MADE = (REPLIES.labels(origin) for origin in ("kept", "shared", "made"))

Key = tuple[str, bytes]


class Moment(NamedTuple):
    """What a reply begun now is true for: the data_version (None while nobody tells), the sources' freshness, the time
    in seconds, whether the store is known to be away, and how often this process itself saw something change."""

    data_version: int | None
    validator: bytes
    at: float
    store_away: bool = False
    advances: int = 0


class ReplyCache:
    """The least recently used replies, bounded in number and bytes. `moment` tells what is true now."""

    def __init__(self, entries: int, moment: Callable[[], Moment]) -> None:
        self._entries = entries
        self.moment = moment
        self._kept: OrderedDict[Key, tuple[Finished, Moment]] = OrderedDict()
        self._bytes = 0
        self._asking: Coalescing[tuple[Finished, Moment]] = Coalescing()

    def __len__(self) -> int:
        return len(self._kept)

    def usable(self, key: Key) -> Finished | None:
        """What may be sent without asking: a copy that is current, or any copy while the store is known to be away."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        now = self.moment()
        if now.store_away and key[0] not in _WITHOUT_STORE:
            return self.stale(key)
        if not _holds(kept[1], now):
            return None
        self._kept.move_to_end(key)
        return kept[0]

    async def made_already(self, key: Key) -> Finished | None:
        """A kept reply, or the one that another request is having made right now."""
        if (reply := self.usable(key)) is not None:
            KEPT.inc()
            return reply
        for _ in range(_WAITS):  # each ends with its maker; where nothing came of it, the first to wake makes it
            if (made := await self._asking.others(key)) is None:
                if key in self._asking:
                    continue
                return None
            reply, begun = made
            if self.still_true(begun):
                _SHARED.inc()
                return reply
        return None

    @contextmanager
    def making(self, key: Key) -> Iterator[Callable[[Finished], None]]:
        """For the caller who makes a reply and, when it is there, gives it to what this returns: a good one that
        everybody may have is kept, and handed to all who wait for it."""
        begun = self.moment()  # before the store is asked
        with self._asking.making(key) as making:

            def made(reply: Finished) -> None:
                _MADE.inc()
                if reply.status == 200 and "public" in (reply.header(b"cache-control") or ""):
                    self.keep(key, reply, begun)
                    making.result = (reply, begun)

            yield made

    def instead_of(self, reply: Finished, key: Key) -> Finished:
        """The reply; for one that says it cannot be answered now the last good one, where there is one.

        Not for what the index answers: it is refused where the index is of another database, or wrong.
        """
        if reply.status != 503 or key[0] in _WITHOUT_STORE:
            return reply
        return self.stale(key) or reply

    def still_true(self, then: Moment) -> bool:
        """Whether a reply begun at that moment says what one begun now would say."""
        return _holds(then, self.moment())

    def stale(self, key: Key) -> Finished | None:
        """The kept reply however old, marked with its age."""
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

    def keep(self, key: Key, reply: Finished, begun: Moment) -> None:
        """Remembers a good reply, begun at that moment, and forgets the longest unused ones above the limits."""
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
    if (then.validator, then.advances) != (now.validator, now.advances):
        return False  # a list must not go back to an index of before because Redis is away
    if then.data_version is None or now.data_version is None:
        return now.at - then.at < UNANNOUNCED_SECONDS
    return then.data_version == now.data_version


class Replies:
    """ASGI layer: answers from the cache, has equal requests wait for one reply, and finishes every whole reply (ETag,
    304, gzip, HEAD)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; streams pass through untouched."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        cache: ReplyCache = scope["app"].state.resources.cache
        key = cache_key(scope["path"], scope["query_string"])
        reply = None if key is None else await cache.made_already(key)
        if reply is None:
            reply = await self._ask(scope, receive, send, cache, key)
        elif reply.route is not None:
            scope["route"] = reply.route  # what the layers outside name this request by
        if reply is not None:
            await _send(reply, scope, send)

    async def _ask(
        self, scope: Scope, receive: Receive, send: Send, cache: ReplyCache, key: Key | None
    ) -> Finished | None:
        if key is None:
            return await self._finished(scope, receive, send)
        with cache.making(key) as made:
            reply = await self._finished(scope, receive, send)
            if reply is not None:
                reply.route = scope.get("route")
                made(reply)
        return cache.instead_of(reply, key) if reply is not None else None

    async def _finished(self, scope: Scope, receive: Receive, send: Send) -> Finished | None:
        """The application's whole reply; None for a stream, which is sent already."""
        method = scope["method"]
        capture = _Capture(send, bodiless=method == "HEAD")
        scope["method"] = "GET"
        try:
            await self.app(scope, receive, capture)
        finally:
            scope["method"] = method
        return None if capture.streaming else finish(capture.status, capture.headers, bytes(capture.body))


class _Capture:
    """Collects a reply sent in one piece; lets a stream through from its second piece on."""

    def __init__(self, send: Send, *, bodiless: bool) -> None:
        self._send = send
        self._bodiless = bodiless
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
                await self._send({"type": "http.response.start", "status": self.status, "headers": self.headers})
                await self._send({"type": "http.response.body"} if self._bodiless else message)


def cache_key(path: str, query: bytes) -> Key | None:
    """What a request's reply is kept under; None where replies are not kept."""
    if not path.startswith(_CACHED) or path.endswith("/stream") or b"wait=" in query:
        return None
    return path, b"&".join(sorted(query.split(b"&")))


async def _send(reply: Finished, scope: Scope, send: Send) -> None:
    status, headers, body = reply.answer(headers_of(scope))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
