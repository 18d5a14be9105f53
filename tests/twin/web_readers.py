"""Readers of the event stream and of the Atom feed that are killed and resume; the routes are the product's.

A stream is cut anywhere, within a line too: a reader comes back with the last event id that it kept. A walk along the
feed's `next` is broken off anywhere: only a whole one says what its reader need not look for again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from random import Random
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from api_gateway.search.index.folder import IndexNotReady
from api_gateway.web.log_position import LogGone
from api_gateway.web.params.parameters import FeedParameters, StreamParameters
from api_gateway.web.routes import changes, feeds
from followers.atom_copy import AtomCopy, AtomWalk, FeedEntry, feed_page
from followers.event_stream import EventStream
from legis.domain.change_kind import ChangeKind
from legis.errors import StoreUnavailable

from twin.store_double.store_tables import Tables
from twin.taken import LAST_LOOKS, Taken, head_of
from twin.web_double import request

STREAM, FEED = "/api/v1/changes/stream", "/api/v1/feeds/bills.atom"
LONGEST_LIFE, LAST_LIFE = 1.5, 6.0
"""Virtual seconds of one connection: while things go wrong, and at most after the faults."""


class StreamReader:
    """Follows the stream."""

    def __init__(self, shared: Any, tables: Tables, draw: Random) -> None:
        self.taken = Taken()
        self.violations: list[str] = []
        self.quiet = False
        self._last_id = ""
        self._shared = shared
        self._tables = tables
        self._draw = draw

    async def run(self) -> None:
        """Lives until it has the whole log, once all is quiet."""
        looks = 0
        while looks < LAST_LOOKS:
            looks += self.quiet
            try:
                async with asyncio.timeout(LAST_LIFE if self.quiet else self._draw.uniform(0.01, LONGEST_LIFE)):
                    await self._connect()
            except LogGone as error:
                self.violations.append(f"stream: a reader that came back with {self._last_id} was told: {error}")
                return
            except (TimeoutError, StoreUnavailable):
                pass
            if self.quiet and self._at_head:
                self.violations += [f"stream: {text}" for text in self.taken.wrong(self._tables)]
                return
            await asyncio.sleep(self._draw.uniform(0.02, 0.3))
        self.violations.append(f"stream: stands at {self._last_id}, the log ends at {head_of(self._tables)}")

    @property
    def _at_head(self) -> bool:
        return len(self.taken.entries) == head_of(self._tables)

    async def _connect(self) -> None:
        headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
        reply: Any = await changes.stream_changes(request(STREAM, headers), self._shared, StreamParameters(after=0))
        stream = EventStream(self._last_id)
        async with aclosing(cast("Any", reply.body_iterator)) as pieces:
            async for piece in self._cut(pieces):
                for event in stream.take(piece):
                    self._take(event.name, event.id, event.data)
                if self._draw.random() < 0.5:  # else its place is kept later, and it is told again
                    self._last_id = stream.last_id
                if self.quiet and self._at_head:
                    return
                if not self.quiet and self._draw.random() < 0.05:
                    return

    async def _cut(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            place = self._draw.randrange(len(piece) + 1)
            yield piece[:place]
            yield piece[place:]

    def _take(self, name: str, event_id: str, data: str) -> None:
        seq = int(event_id.rpartition(".")[2])
        if name == "position":
            wrong = (
                "" if self._last_id in ("", event_id) else f"came back with {self._last_id}, went on from {event_id}"
            )
        else:
            wrong = (self.taken.take(seq, data.encode()) or "") if name == "change" else f"was told {name}: {data}"
        if wrong and len(self.violations) < 20:
            self.violations.append(f"stream: {wrong}")


class AtomReader:
    """Walks the feed."""

    def __init__(self, shared: Any, tables: Tables, draw: Random) -> None:
        self.kept = AtomCopy()
        self.violations: list[str] = []
        self.quiet = False
        self._shared = shared
        self._tables = tables
        self._draw = draw

    async def run(self) -> None:
        """Walks until it has what the table has, once all is quiet and the index has come to the end of the log."""
        looks = 0
        while looks < LAST_LOOKS:
            looks += self.quiet
            try:
                whole = await self._walk()
            except (IndexNotReady, StoreUnavailable):
                whole = False
            if whole and self.quiet and self._index_at_head():
                self.violations += self._wrong()
                return
            await asyncio.sleep(self._draw.uniform(0.05, 0.2 if self.quiet else 1.5))
        self.violations.append("atom: the index does not come to the end of the log")

    async def _walk(self) -> bool:
        """One walk; whether it came to its end, and not to that of its reader."""
        walk, sent = AtomWalk(self.kept), {"kind": ",".join(ChangeKind), "limit": str(self._draw.choice((1, 2, 5)))}
        while True:
            asked = FeedParameters.model_validate({**sent, "kind": (sent["kind"],)})
            reply = await feeds.bills_feed(request(FEED, {}), self._shared, asked)
            page = feed_page(bytes(reply.body))
            if not walk.take(page):
                return True
            if not self.quiet and self._draw.random() < 0.2:
                return False
            sent = dict(parse_qsl(urlsplit(str(page.next)).query))
            await asyncio.sleep(self._draw.uniform(0.01, 0.2))

    def _index_at_head(self) -> bool:
        return bool(self._shared.index.require(self._epoch).position.seq == head_of(self._tables))

    @property
    def _epoch(self) -> Any:
        return self._shared.status_monitor.snapshot.epoch

    def _wrong(self) -> list[str]:
        rows = self._tables.table("bill").values()
        stored = {row["id"]: FeedEntry(row["id"], row["version"], row["removed_at"] is not None) for row in rows}
        return [] if self.kept.bills == stored else [f"atom: rebuilt {self.kept.bills}, stored {stored}"]
