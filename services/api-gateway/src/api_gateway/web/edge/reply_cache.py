"""Finished replies kept in memory: never more than a second behind the store, and the last good ones for bad times."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.edge.finished import Finished, Headers, finish
from api_gateway.web.watch.board import Board
from api_gateway.web.watch.generation import Generation

UNANNOUNCED_SECONDS = 1.0
"""How long a reply is used while nobody tells when the data change."""

MAX_BYTES = 64 * 2**20
_CACHED = ("/api/v1/bills", "/api/v1/changes", "/api/v1/resolve", "/api/v1/feeds/")
_STALE_CACHE = b"public, max-age=5, stale-if-error=86400"

Key = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply with what it was true for: the generation, the sources' freshness, and the time."""

    reply: Finished
    generation: int | None
    validator: bytes
    at: float


class ReplyCache:
    """The least recently used replies, bounded in number and bytes."""

    def __init__(
        self, entries: int, generation: Generation, board: Board, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._entries = entries
        self._generation = generation
        self._board = board
        self._clock = clock
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def marker(self) -> tuple[int | None, bytes, float]:
        """What a reply begun now is true for; take it before the store is asked."""
        return self._generation.current, self._board.picture.validator, self._clock()

    def usable(self, key: Key) -> Finished | None:
        """What may be sent without asking: a copy that is current, or any copy while the store is known to be away."""
        return _stale(self.last_good(key)) if self._board.store_away else self.fresh(key)

    def fresh(self, key: Key) -> Finished | None:
        """The kept reply, if it still says what the store says."""
        kept = self._kept.get(key)
        if kept is None or kept.validator != self._board.picture.validator:
            return None
        generation, now = self._generation.current, self._clock()
        if generation is None or kept.generation is None:
            current = now - kept.at < UNANNOUNCED_SECONDS
        else:
            current = kept.generation == generation
        if not current:
            return None
        self._kept.move_to_end(key)
        return kept.reply

    def last_good(self, key: Key) -> tuple[Finished, float] | None:
        """The kept reply however old, and its age in seconds."""
        kept = self._kept.get(key)
        return None if kept is None else (kept.reply, self._clock() - kept.at)

    def keep(self, key: Key, reply: Finished, marker: tuple[int | None, bytes, float]) -> None:
        """Remembers a good reply and forgets the longest unused ones above the limits."""
        if self._entries == 0:
            return
        if reply.compressible:
            reply.gzipped()  # now, so that the bytes counted are the bytes held
        old = self._kept.pop(key, None)
        self._bytes -= old.reply.size if old else 0
        self._kept[key] = Kept(reply, *marker)
        self._bytes += reply.size
        while len(self._kept) > self._entries or self._bytes > MAX_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.reply.size


class Replies:
    """ASGI layer: answers from the cache, and finishes every whole reply (ETag, 304, gzip, HEAD)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; streams pass through untouched."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        cache: ReplyCache = scope["app"].state.resources.cache
        key = _key(scope)
        reply = None if key is None else cache.usable(key)
        if reply is None:
            reply = await self._ask(scope, receive, send, cache, key)
        if reply is not None:
            await _send(reply, scope, send)

    async def _ask(
        self, scope: Scope, receive: Receive, send: Send, cache: ReplyCache, key: Key | None
    ) -> Finished | None:
        marker = cache.marker()
        capture = _Capture(send)
        method, scope["method"] = scope["method"], "GET"
        try:
            await self.app(scope, receive, capture)
        finally:
            scope["method"] = method
        if capture.streaming:
            return None
        reply = finish(capture.status, capture.headers, bytes(capture.body))
        if key is None:
            return reply
        if reply.status == 200 and "public" in (reply.header(b"cache-control") or ""):
            cache.keep(key, reply, marker)
        elif reply.status == 503:
            return _stale(cache.last_good(key)) or reply
        return reply


class _Capture:
    """Collects a reply sent in one piece; lets a stream through from its second piece on."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self.headers: Headers = []
        self.body = b""
        self.streaming = False

    async def __call__(self, message: Message) -> None:
        if self.streaming:
            await self._send(message)
        elif message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body = message.get("body", b"")
            if message.get("more_body", False):
                self.streaming = True
                await self._send({"type": "http.response.start", "status": self.status, "headers": self.headers})
                await self._send(message)


def _key(scope: Scope) -> Key | None:
    path, query = scope["path"], scope["query_string"]
    if not path.startswith(_CACHED) or path.endswith("/stream") or b"wait=" in query:
        return None
    return path, b"&".join(sorted(query.split(b"&")))


def _stale(last: tuple[Finished, float] | None) -> Finished | None:
    """The last good reply, marked with its age."""
    if last is None:
        return None
    reply, age = last
    kept = [pair for pair in reply.headers if pair[0] != b"cache-control"]
    told = [
        (b"cache-control", _STALE_CACHE),
        (b"x-data-age", str(round(age)).encode()),
        (b"warning", b'110 legis "Response is Stale"'),
    ]
    return Finished(reply.status, kept + told, reply.body, reply.etag)


async def _send(reply: Finished, scope: Scope, send: Send) -> None:
    status, headers, body = reply.answer(scope)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
