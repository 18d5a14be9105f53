"""Takes one batch of messages to its end: stored, counted, acknowledged, announced."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from legis.clock import utc_now
from legis.events import Walk
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
from redis.exceptions import RedisError

from api_gateway.store.bill_state.write_items import BatchResult, Outcome
from api_gateway.store.bills.bill_writer import REJECTED_BY_STORE, apply
from api_gateway.store.database.connections import Pool
from api_gateway.store.reconciliation.absences import take_news
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.windows.window_counts import close_windows
from api_gateway.worker.batch_spans import BatchSpans, batch_spans
from api_gateway.worker.messages import Sorted, sort_messages
from api_gateway.worker.republish import CursorRepublisher

_MISMATCH = {Outcome.INSERTED: "missing_here", Outcome.UPDATED: "differs"}
"""What it means that a comparison of years brought something new."""

_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that must lie between two readings before both are believed: `confirm` for a state older than the stored
    one, `settle` for a list that lacks what is stored.
    """

    confirm: float
    settle: float


class Handler:
    """The worker's one job. `redis` is a client without blocking reads; the consumer has its own."""

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
        self._consumer = consumer
        self._cursors = cursors
        self._max_deliveries = max_deliveries
        self._waits = waits
        self._rule = rule or RemovalRule()
        self._announced = False

    async def handle(self, deliveries: Sequence[Delivery]) -> BatchResult:
        """Stores a batch and takes it off the stream.

        Raises StoreUnavailable with nothing acknowledged: the same batch may be handled again as often as it takes.
        A Redis that fails after the commit is only logged: the messages come again and change nothing.
        """
        with batch_spans(deliveries) as spans:
            started = time.perf_counter()
            batch = await sort_messages(deliveries, spans.trace_ids, self._max_deliveries)
            result = await self._store(batch)
            moved = await close_windows(self._pool, batch.to_close(result.ended))
            BATCH_SECONDS.observe(time.perf_counter() - started)
            _describe(spans, batch, result)
        _count(batch, result)
        try:
            await self._announce(deliveries, batch, result, moved)
        except (RedisError, OSError) as error:
            _log.warning("announce_failed", error=repr(error), messages=len(deliveries))
        return result

    async def _store(self, batch: Sorted) -> BatchResult:
        if not (batch.observed or batch.letters or batch.reads_something):
            return BatchResult((), ())
        result = await apply(
            self._pool, batch.observed, batch.letters, touched=batch.windows, confirm_seconds=self._waits.confirm,
            settle_seconds=self._waits.settle,
        )  # fmt: skip
        if not (batch.lists or batch.absences or batch.years):
            return result
        changes = await take_news(self._pool, batch.lists, batch.absences, self._rule, batch.years)
        return result + BatchResult((), changes)

    async def bump_generation(self) -> None:
        """Tells every reader that what it holds may be old. Raises redis errors."""
        data_version = await self._redis.incr(DATA_VERSION_KEY)
        await self._redis.publish(DATA_VERSION_CHANNEL, str(data_version))

    async def _announce(self, deliveries: Sequence[Delivery], batch: Sorted, result: BatchResult, moved: bool) -> None:
        epoch = self._cursors.epoch
        if moved or epoch is None:
            await self._cursors.publish()
            epoch = self._cursors.epoch
        # before the messages are done: a memory that missed what is stored would keep ingest from publishing the state
        # before it, should the source return to that
        if epoch is not None:
            await write_marks(self._redis, epoch, _remembered(batch, result))
        await self._consumer.done([delivery.id for delivery in deliveries])
        # once at the start in any case: the process before this one may have died between commit and announcement
        if result.visible or not self._announced:
            await self.bump_generation()
            self._announced = True


def _remembered(batch: Sorted, result: BatchResult) -> list[StoredReading]:
    """What is stored now. An overtaken reading may be one that changed the bill and is delivered a second time, after
    one that changed nothing; so it voids what was remembered before it, though it is not remembered itself. So does a
    reading that changed the bill and left a list of it in doubt.
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


def _count(batch: Sorted, result: BatchResult) -> None:
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
    """Sources of unreadable messages are whatever somebody wrote: metrics know only ours."""
    return source if source in ("camara", "senado") else "unknown"


def _describe(spans: BatchSpans, batch: Sorted, result: BatchResult) -> None:
    spans.batch.set_attribute("legis.changes", len(result.changes))
    for delivery, item, outcome in zip(batch.messages, batch.observed, result.results, strict=True):
        if span := spans.messages.get(delivery.id):
            span.set_attribute("legis.bill.id", item.event.bill.id)
            span.set_attribute("legis.outcome", outcome.outcome.value)
