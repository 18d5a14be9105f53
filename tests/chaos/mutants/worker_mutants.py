"""Mutants of the worker, of the consumer under it and of the store behind it."""

from dataclasses import replace
from typing import Any


def _worker(module: str) -> bool:
    return module == "api_gateway.worker"


def counts_nothing(module: str) -> None:
    """A window is complete as soon as its end is met, however many of its items are stored."""
    if not _worker(module):
        return
    from api_gateway.store.windows import window_counts

    window_counts._COUNT = "SELECT 2000000000 FROM (SELECT $1::text) AS window_id"


def ignores_nogroup(module: str) -> None:
    """A group that is gone is taken for an outage and waited for."""
    if not _worker(module):
        return
    from legis.streams.consumer import StreamConsumer

    StreamConsumer._lost_group = lambda self, error: False  # type: ignore[method-assign]


def group_at_dollar(module: str) -> None:
    """The group begins with what comes next, not with what is there."""
    if not _worker(module):
        return
    from redis.asyncio import Redis

    original = Redis.xgroup_create

    async def create(self: Any, stream: Any, group: Any, id: Any = "$", mkstream: bool = False) -> Any:
        return await original(self, stream, group, id="$", mkstream=mkstream)

    Redis.xgroup_create = create  # type: ignore[method-assign,assignment]


def no_claim(module: str) -> None:
    """What a dead worker left unfinished is nobody's."""
    if not _worker(module):
        return
    from legis.streams.consumer import StreamConsumer

    original = StreamConsumer._take

    async def take(self: StreamConsumer, consumer: str | None, idle: float) -> Any:
        return [] if consumer is None else await original(self, consumer, idle)

    StreamConsumer._take = take  # type: ignore[method-assign]


def never_acks(module: str) -> None:
    """What is done stays on the stream."""
    if not _worker(module):
        return
    from legis.streams.consumer import StreamConsumer

    async def done(self: StreamConsumer, ids: Any) -> None:
        self._unfinished.difference_update(ids)

    StreamConsumer.done = done  # type: ignore[method-assign]


def acks_before_commit(module: str) -> None:
    """Entries leave the stream before they are stored."""
    if not _worker(module):
        return
    from api_gateway.worker.batch_handler import Handler

    original = Handler.handle

    async def handle(self: Handler, deliveries: Any) -> Any:
        await self._consumer.done([delivery.id for delivery in deliveries])
        return await original(self, deliveries)

    Handler.handle = handle  # type: ignore[method-assign]


def seen_before_commit(module: str) -> None:
    """Readings are remembered as stored before they are, and whatever became of them."""
    if not _worker(module):
        return
    from api_gateway.worker import batch_handler
    from api_gateway.worker.messages import decode_messages
    from legis.streams.stored_marks import StoredReading, write_marks

    original = batch_handler.Handler.handle

    async def handle(self: Any, deliveries: Any) -> Any:
        batch = await decode_messages(deliveries, [None] * len(deliveries), 99)
        events = [item.event for item in batch.observed]
        marks = [StoredReading(e.source, e.bill.upstream_id, e.read_seq, e.marks) for e in events]
        if self._cursors.epoch is not None:
            await write_marks(self._redis, self._cursors.epoch, marks)
        return await original(self, deliveries)

    batch_handler.Handler.handle = handle  # type: ignore[method-assign]


def no_order_guard(module: str) -> None:
    """The last write wins, whichever reading it comes from."""
    if not _worker(module):
        return
    from api_gateway.store.bill_state import apply_observations
    from api_gateway.store.bills import bill_writer, commit_versions

    original = apply_observations.BillState.observe

    def observe(self: Any, item: Any, confirm_seconds: float) -> Any:
        if self.stored is not None:
            self.stored = replace(self.stored, read_seq=-1)
        return original(self, item, confirm_seconds)

    apply_observations.BillState.observe = observe  # type: ignore[method-assign]
    apply_observations.is_older = lambda *_: False  # type: ignore[attr-defined]
    bill_writer._TOUCH = _without(bill_writer._TOUCH, " AND bill.read_seq <= n.read_seq")
    commit_versions.UPDATE = _without(commit_versions.UPDATE, " AND b.read_seq <= n.read_seq")  # type: ignore[attr-defined]


def _without(statement: str, condition: str) -> str:
    """The statement without a condition that it must have: else the mutant would be the product."""
    if condition not in statement:
        raise LookupError(f"there is no {condition!r} in {statement}")
    return statement.replace(condition, "")


def seq_outside_lock(module: str) -> None:
    """Change numbers come from a sequence: given out for good before the commit, and committed in any order."""
    if not _worker(module):
        return
    from api_gateway.store.bills import change_log
    from api_gateway.store.bills.change_log import Sequences

    async def take(connection: Any, count: int) -> Sequences:
        await connection.execute("SELECT pg_advisory_lock(1)")
        row = await connection.fetchrow(
            "SELECT min(n) AS first, clock_timestamp() AS now FROM "
            "(SELECT nextval('chaos_seq') AS n FROM generate_series(1, $1)) AS numbers",
            count,
        )
        await connection.execute("SELECT pg_advisory_unlock(1)")
        return Sequences(row["first"], row["now"])

    change_log.take_sequences = take


def drops_letters(module: str) -> None:
    """What cannot be read is counted as handled and forgotten."""
    if not _worker(module):
        return
    from api_gateway.store.dead_letters import dead_letter_writer

    async def store_dead_letters(connection: Any, letters: Any) -> None:
        return None

    dead_letter_writer.store_dead_letters = store_dead_letters


def no_fingerprint(module: str) -> None:
    """Every reading is a change."""
    if not _worker(module):
        return
    from api_gateway.store.bill_state.stored_fingerprints import Fingerprint

    Fingerprint.__eq__ = lambda self, other: False  # type: ignore[method-assign]


def keeps_old_status(module: str) -> None:
    """A bill's situation is what it was when it was first read."""
    if not _worker(module):
        return
    from api_gateway.store.bill_state import apply_observations

    original = apply_observations.merge

    def merge(stored: Any, observed: Any) -> Any:
        merged = original(stored, observed)
        if stored is None or stored.status_text is None:
            return merged
        return merged.model_copy(update={"status_text": stored.status_text, "status_code": stored.status_code})

    apply_observations.merge = merge  # type: ignore[attr-defined]


def dies_of_redis(module: str) -> None:
    """An error of Redis that nobody foresaw ends the worker."""
    if not _worker(module):
        return
    from legis.streams.consumer import StreamConsumer
    from redis.exceptions import RedisError

    original = StreamConsumer._next

    async def following(self: StreamConsumer) -> Any:
        try:
            return await original(self)
        except (RedisError, OSError) as error:
            raise RuntimeError("Redis is away") from error

    StreamConsumer._next = following  # type: ignore[method-assign]
