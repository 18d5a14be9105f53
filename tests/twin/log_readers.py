"""Readers of the change log that are killed and resume: each is told of every entry, in order, and none is lost.

Two kinds. A follower pages with the product's `load_changes` and keeps its position after what it has taken, as users
of `/changes`, of the stream and of the feed do. A delivery is the product's `Lane`, as the notifier uses it: a receiver
that fails now and then, and a position that is kept after the message was taken. What is taken twice is taken once by
its number, as receivers are told.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from api_gateway.notifier import lane as lanes
from api_gateway.notifier.webhook_sender import Answer
from api_gateway.store.changes import change_reader
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState
from legis.errors import StoreUnavailable

from twin.store_double.store_pool import StoreWire, TwinPool
from twin.store_double.store_tables import Now, Tables
from twin.taken import LAST_LOOKS, Taken, head_of

FOLLOWERS, DELIVERIES = 2, 2


class TwinDatabase:
    """The reader's database over a pool, the twin's or a real one. There is no standby."""

    has_standbys = False

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    def newest(self) -> "TwinDatabase":
        """The primary."""
        return self

    def at_least(self, _: int) -> "TwinDatabase":
        """A server that is so far: there is one."""
        return self

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        """All rows of one statement. Raises StoreUnavailable."""
        with store_errors():
            async with self._pool.acquire(timeout=5.0) as connection:
                return await connection.fetch(sql, *args)


class LogReaders:
    """All readers of one run."""

    def __init__(self, seed: int, wire: StoreWire, tables: Tables, now: Now) -> None:
        self._tables = tables
        self._now = now
        self._quiet = False
        self.violations: list[str] = []
        self._taken = [Taken() for _ in range(FOLLOWERS + DELIVERIES)]
        self._running = [
            self._read(taken, number < FOLLOWERS, TwinDatabase(TwinPool(wire)), Random(f"reader {number} {seed}"))
            for number, taken in enumerate(self._taken)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to read."""
        self._tasks = [asyncio.ensure_future(reader) for reader in self._running]

    async def finish(self) -> None:
        """Lets every reader come to the end of the log, and compares what it has with the table."""
        self._quiet = True
        await asyncio.gather(*self._tasks)
        for taken in self._taken:
            self.violations += [f"reader: {text}" for text in taken.wrong(self._tables)]

    async def _read(self, taken: Taken, follows: bool, database: Any, draw: Random) -> None:
        """Lives of one reader, each begun with what the one before has kept."""
        looks = 0
        while looks < LAST_LOOKS:
            life = self._follow if follows else self._deliver
            ended = await life(taken, database, draw)
            if self._quiet:
                looks += 1
                if ended and taken.position == head_of(self._tables):
                    return
            await asyncio.sleep(draw.uniform(0.02, 0.5))
        self.violations.append(f"reader: stands at {taken.position}, the log ends at {head_of(self._tables)}")

    async def _follow(self, taken: Taken, database: Any, draw: Random) -> bool:
        """Pages until the end of the log, or until it is killed. Returns whether it came to the end."""
        position = taken.position
        while True:
            try:
                page = await change_reader.load_changes(database, after=position, limit=draw.choice((1, 3, 20)))
            except StoreUnavailable:
                return False
            for seq, document in zip(page.seqs, page.documents, strict=True):
                self._note(taken.take(seq, document))
            if self._killed(draw):
                return False
            taken.position = position = page.next_after
            if not page.more:
                return True

    async def _deliver(self, taken: Taken, database: Any, draw: Random) -> bool:
        """Fills a lane and sends from it, until the end of the log or until it is killed."""
        lane = lanes.Lane(_subscription(taken.position), read_to=taken.position, complete=True)
        documents: dict[int, bytes] = {}
        for _ in range(LAST_LOOKS):
            try:
                page = await change_reader.load_changes(database, after=lane.read_to, limit=draw.choice((3, 20)))
            except StoreUnavailable:
                return False
            documents |= dict(zip(page.seqs, page.documents, strict=True))
            for seq in page.seqs:
                lane.add(seq)
            if not lane.pending and not page.more:
                return True
            while lane.is_due(self._now()):
                self._attempt(lane, taken, documents, draw)
                if self._killed(draw):
                    return False
                taken.position = lane.subscription.sent_seq
            await asyncio.sleep(draw.uniform(0.02, 0.2))
        return False

    def _attempt(self, lane: lanes.Lane, taken: Taken, documents: dict[int, bytes], draw: Random) -> None:
        seq, arrives, answered = lane.next_seq(), draw.random() < 0.8, draw.random() < 0.9
        if arrives:
            self._note(taken.take(seq, documents[seq]))
        if arrives and answered:
            lane.succeeded()
        else:
            wait = timedelta(seconds=draw.uniform(0.01, 0.2))
            lane.failed(Answer(self._now(), 5, code=500, error="refused"), lambda *_: wait)

    def _killed(self, draw: Random) -> bool:
        return not self._quiet and draw.random() < 0.15

    def _note(self, wrong: str | None) -> None:
        if wrong is not None and len(self.violations) < 20:
            self.violations.append(f"reader: {wrong}")


def _subscription(position: int) -> Subscription:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    return Subscription(
        id=1, public_id="sub", key_id=None, channel=Channel.WEBHOOK, target="https://receiver.example", name=None,
        parameters={}, frequency=Frequency.IMMEDIATE, language="en", state=SubscriptionState.ACTIVE, state_reason=None,
        created_at=began, confirmed_at=began, since_seq=0, sent_seq=position, failures=0, failing_since=None,
        next_attempt_at=None,
    )  # fmt: skip
