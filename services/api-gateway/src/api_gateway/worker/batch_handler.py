"""Processes one batch of messages: stores it, counts it, acknowledges it, and announces the new data version."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from legis.clock import utc_now
from legis.domain.identity.source_registry import row_of
from legis.events import Walk
from legis.streams.connection import EVEN_WHEN_FULL
from legis.streams.consumer import Delivery, StreamConsumer
from legis.streams.names import DATA_VERSION_CHANNEL, DATA_VERSION_KEY
from legis.streams.stored_marks import StoredReading, write_marks
from legis.telemetry import logs
from legis.telemetry.metrics import (
    BATCH_SECONDS,
    CHANGES,
    DEAD_LETTERS,
    EVENTS_HANDLED,
    PUBLISH_TO_STORED,
    RECONCILE_MISMATCH,
)
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from api_gateway.store.bill_state.write_items import BatchResult, Outcome
from api_gateway.store.bills.bill_writer import REJECTED_BY_STORE, apply
from api_gateway.store.database.connections import Pool
from api_gateway.store.reconciliation.reconciliation_events import store_reconciliation_events
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.record_state.observed_votings import votings_of
from api_gateway.store.records.record_writer import RecordBatch, store_records
from api_gateway.store.windows.window_counts import close_windows
from api_gateway.worker.batch_spans import BatchSpans, batch_spans
from api_gateway.worker.messages import DecodedBatch, decode_messages
from api_gateway.worker.record_results import count_records, record_marks
from api_gateway.worker.republish import CursorRepublisher

_MISMATCH = {Outcome.INSERTED: "missing_here", Outcome.UPDATED: "differs"}
"""Metric label by outcome: what a reconciliation walk found to be wrong in the store."""

_BUMP = EVEN_WHEN_FULL + "redis.call('PUBLISH', ARGV[1], redis.call('INCR', KEYS[1]))"

_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Waits:
    """Minimum times, in seconds, between two readings before a surprising one is accepted.

    `confirm` is for a state older than the stored one, `settle` for a list that lacks stored entries.
    """

    confirm: float
    settle: float


class Handler:
    """Stores and acknowledges batches. `redis` must not be used for blocking reads; the consumer has its own client."""

    def __init__(
        self,
        pool: Pool,
        redis: Redis,
        consumer: StreamConsumer,
        cursors: CursorRepublisher,
        *,
        max_deliveries: int,
        waits: Waits,
        rule: RemovalRule | None = None,
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._bump = redis.register_script(_BUMP)
        self._consumer = consumer
        self._cursors = cursors
        self._max_deliveries = max_deliveries
        self._waits = waits
        self._rule = rule or RemovalRule()
        self.announce_head: Callable[[], Awaitable[None]] | None = None
        """Announces how far the change log has come, before each new data version."""
        self._announced = False

    async def handle(self, deliveries: Sequence[Delivery]) -> BatchResult:
        """Stores a batch and acknowledges its messages.

        Raises StoreUnavailable with nothing acknowledged; the same batch may be handled again any number of times. If
        Redis fails after the commit, the error is only logged: the messages are delivered again and change nothing.
        """
        with batch_spans(deliveries) as spans:
            started = time.perf_counter()
            batch = await decode_messages(deliveries, spans.trace_ids, self._max_deliveries)
            result = await self._store(batch)
            records = await self._store_records(batch)
            moved = await close_windows(self._pool, batch.to_close(result.ended))
            BATCH_SECONDS.observe(time.perf_counter() - started)
            _describe(spans, batch, result, records)
        _count(batch, result)
        count_records(batch.records, records)
        try:
            await self._announce(deliveries, batch, result, records, moved)
        except (RedisError, OSError) as error:
            _log.warning("announce_failed", error=repr(error), messages=len(deliveries))
        return result

    async def _store_records(self, batch: DecodedBatch) -> BatchResult:
        """Stores records in a transaction of their own, and the votings of the batch's bills with them: a bill is
        stored first, so that a voting is never stored for a bill that cannot be.
        """
        votings = [voting for item in batch.observed for voting in votings_of(item)]
        records = RecordBatch(
            items=(*batch.records, *votings),
            lists=batch.record_lists,
            absences=batch.record_absences,
            settle_seconds=self._waits.settle,
        )
        if records.is_empty:
            return BatchResult((), ())
        return await store_records(self._pool, records)

    async def _store(self, batch: DecodedBatch) -> BatchResult:
        if not (batch.observed or batch.letters or batch.reads_something):
            return BatchResult((), ())
        result = await apply(
            self._pool, batch.observed, batch.letters, touched=batch.windows, confirm_seconds=self._waits.confirm,
            settle_seconds=self._waits.settle,
        )  # fmt: skip
        if not (batch.lists or batch.absences or batch.years):
            return result
        changes = await store_reconciliation_events(self._pool, batch.lists, batch.absences, self._rule, batch.years)
        return result + BatchResult((), changes)

    async def bump_data_version(self) -> None:
        """Increments the data version and publishes it, so that every reader refreshes its caches. Raises redis
        errors.
        """
        if self.announce_head is not None:
            await self.announce_head()  # before the version: who hears of it must not read from a standby without it
        await self._bump(keys=[DATA_VERSION_KEY], args=[DATA_VERSION_CHANNEL])

    async def _announce(
        self,
        deliveries: Sequence[Delivery],
        batch: DecodedBatch,
        result: BatchResult,
        records: BatchResult,
        moved: bool,
    ) -> None:
        if moved or self._cursors.epoch is None:
            with suppress(OutOfMemoryError):  # repeated twice a second; until then ingest waits
                await self._cursors.publish()
        epoch = self._cursors.epoch
        # Written before the messages are acknowledged. Without its mark, this reading would leave an older one in
        # place; should the source return to that older state, ingest would take it for stored and not publish it.
        if epoch is not None:
            await write_marks(self._redis, epoch, [*_marks_of(batch, result), *record_marks(batch.records, records)])
        await self._consumer.done([delivery.id for delivery in deliveries])
        # Also once after start: the previous process may have died between its commit and its announcement.
        if result.visible or records.visible or not self._announced:
            self._announced = False  # until it is done: where it fails, the next batch announces this one's changes
            await self.bump_data_version()
            self._announced = True


def _marks_of(batch: DecodedBatch, result: BatchResult) -> list[StoredReading]:
    """The marks to write to Redis for a stored batch.

    A reading that is older than the stored one (STALE) may have changed the bill on an earlier delivery, before a
    reading that changed nothing. It therefore voids older marks, but gets none itself. The same holds for a reading
    that changed the bill and left one of its lists in doubt.
    """
    return [
        StoredReading(
            item.event.source,
            item.event.bill.upstream_id,
            item.event.read_seq,
            item.event.marks if outcome.remember else {},
            changed=outcome.outcome in (Outcome.UPDATED, Outcome.STALE),
        )
        for item, outcome in zip(batch.observed, result.results, strict=True)
        if outcome.remember or outcome.outcome in (Outcome.UPDATED, Outcome.STALE)
    ]


def _count(batch: DecodedBatch, result: BatchResult) -> None:
    now = utc_now().timestamp()
    outcomes: Counter[tuple[str, Outcome]] = Counter()
    took = {source: PUBLISH_TO_STORED.labels(source) for source in {item.event.source for item in batch.observed}}
    for item, outcome in zip(batch.observed, result.results, strict=True):
        source = item.event.source
        outcomes[source, outcome.outcome] += 1
        took[source].observe(max(0.0, now - item.event.published_at.timestamp()))
        if item.event.window.walk is Walk.RECONCILE and outcome.outcome in _MISMATCH:
            RECONCILE_MISMATCH.labels(source, _MISMATCH[outcome.outcome]).inc()
    for (name, kind), number in outcomes.items():
        EVENTS_HANDLED.labels(name, kind.value).inc(number)
        if kind is Outcome.DEAD:
            DEAD_LETTERS.labels(name, REJECTED_BY_STORE).inc(number)
    for letter in batch.letters:
        EVENTS_HANDLED.labels(_label(letter.source), Outcome.DEAD.value).inc()
        DEAD_LETTERS.labels(_label(letter.source), letter.stage).inc()
        _log.warning(
            "dead_letter", source=letter.source, stage=letter.stage, upstream_id=letter.upstream_id,
            error=letter.error[:300], trace_id=letter.trace_id,
        )  # fmt: skip
    for change, number in Counter(result.changes).items():
        CHANGES.labels(change.source.value, change.kind).inc(number)


def _label(source: str) -> str:
    """The source as a metric label. An unreadable message may name any source; metrics have only the known ones."""
    return source if row_of(source) else "unknown"


def _describe(spans: BatchSpans, batch: DecodedBatch, result: BatchResult, records: BatchResult) -> None:
    spans.batch.set_attribute("legis.changes", len(result.changes) + len(records.changes))
    for delivery, reading, outcome in zip(batch.record_messages, batch.records, records.results, strict=False):
        if span := spans.messages.get(delivery.id):
            span.set_attribute("legis.record.id", reading.record.id)
            span.set_attribute("legis.outcome", outcome.outcome.value)
    for delivery, item, outcome in zip(batch.messages, batch.observed, result.results, strict=True):
        if span := spans.messages.get(delivery.id):
            span.set_attribute("legis.bill.id", item.event.bill.id)
            span.set_attribute("legis.outcome", outcome.outcome.value)
