"""Stores a batch of readings of legislators, organizations, votings and events in one transaction.

All records are written here, with the rows that lists, calendars and rates of agreement are made from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg
from legis.clock import Clock, utc_now
from legis.cooperative import cooperative_map
from legis.domain.vocabulary import ReadingPart
from legis.errors import StoreUnavailable
from legis.events import RecordGone, RecordsSighted, WindowRef
from legis.telemetry.metrics import REMOVALS

from api_gateway.store.bill_state.list_doubts import SettleRule
from api_gateway.store.bill_state.write_items import BatchResult, DeadLetter, ItemResult, Outcome
from api_gateway.store.bills import doubt_rows
from api_gateway.store.bills.bill_writer import REJECTED_BY_STORE
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import WriteConflict, is_transient, store_errors
from api_gateway.store.dead_letters import dead_letter_writer
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.record_state.observed_record import RecordItem
from api_gateway.store.records.record_commit import commit_records
from api_gateway.store.records.record_misses import Sightings, forget_misses, keep_parts
from api_gateway.store.records.record_rows import lock_records
from api_gateway.store.sources.refetch_requests import complete_record_requests
from api_gateway.store.windows import window_counts
from api_gateway.store.windows.replay_window import replayed_letter

ACQUIRE_SECONDS = 5.0
_MAX_ATTEMPTS = 20
_ROWS = frozenset({ReadingPart.LIST, ReadingPart.BULK})

# As for bills (`refetch_requests`): a row of a list or file does not contain what could not be read.
_RESOLVED = """
UPDATE dead_letter d SET resolved_at = now(), note = 'a later reading of the record was stored'
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::boolean[]) AS n(source, record_id, published_at, is_row)
WHERE d.resolved_at IS NULL AND d.source = n.source AND d.upstream_id = n.record_id AND d.last_at < n.published_at
  AND NOT (n.is_row AND d.stage = 'set_aside')
"""
_GONE = """
UPDATE dead_letter d SET resolved_at = now(), note = 'its source has it no more (404)'
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS n(source, record_id, fetched_at)
WHERE d.resolved_at IS NULL AND d.source = n.source AND d.upstream_id = n.record_id AND d.last_at < n.fetched_at
"""


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """The records of one transaction: readings, lists of ids, and 404 answers."""

    items: Sequence[RecordItem] = ()
    lists: Sequence[RecordsSighted] = ()
    absences: Sequence[RecordGone] = ()
    letters: Sequence[DeadLetter] = ()
    settle_seconds: float = 600.0
    clock: Clock = utc_now

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.items or self.lists or self.absences or self.letters)


async def store_records(pool: Pool, batch: RecordBatch) -> BatchResult:
    """Stores a batch and counts it as items of its windows, in one transaction. Results are in the order of `items`.

    A reading that cannot be stored by its own fault becomes a dead letter; it is found by splitting the batch in
    halves. Raises StoreUnavailable if PostgreSQL cannot store now; the same batch may be given again.
    """
    items = batch.items
    try:
        return await _with_retries(pool, batch)
    except StoreUnavailable:
        raise
    except Exception as error:
        if is_transient(error) or not items:
            raise
        if batch.lists or batch.absences:  # compared after the readings, as they would be in one transaction
            stored = await store_records(pool, replace(batch, lists=(), absences=()))
            return stored + await store_records(pool, replace(batch, items=()))
        if len(items) == 1:
            letter = _letter(items[0], error)
            parked = await _with_retries(pool, replace(batch, items=(), letters=(letter,)))
            return BatchResult((ItemResult(Outcome.DEAD, remember=False),), ()) + parked
    half = len(items) // 2
    first = await store_records(pool, replace(batch, items=items[:half]))
    return first + await store_records(pool, replace(batch, items=items[half:]))


def _letter(item: RecordItem, error: Exception) -> DeadLetter:
    return DeadLetter(
        source=item.source.value,
        stage=REJECTED_BY_STORE,
        error=f"{type(error).__name__}: {error}",
        payload=item.payload,
        upstream_id=item.record.id,
        url=item.provenance.url,
        trace_id=item.trace_id,
        window=item.window,
        replay_of=replayed_letter(item.window),
    )


async def _with_retries(pool: Pool, batch: RecordBatch) -> BatchResult:
    with store_errors():
        for attempt in range(_MAX_ATTEMPTS):
            try:
                async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
                    result, removals = await _store_once(connection, batch)
                for (source, outcome), number in removals.items():
                    REMOVALS.labels(source, outcome).inc(number)
                return result
            except (WriteConflict, asyncpg.DeadlockDetectedError):
                if attempt == _MAX_ATTEMPTS - 1:
                    raise
    raise AssertionError("unreachable")


async def _store_once(connection: Connection, batch: RecordBatch) -> tuple[BatchResult, Mapping[tuple[str, str], int]]:
    now = batch.clock()
    results, states = await _decide(connection, batch)
    await window_counts.insert_items(connection, _windows(batch))
    await doubt_rows.write_doubts(connection, states.values(), batch.settle_seconds)
    await dead_letter_writer.store_dead_letters(connection, batch.letters)
    await _resolve_letters(connection, batch, results)
    await complete_record_requests(connection, _answers(batch, results))
    await forget_misses(connection, batch.items)
    await keep_parts(connection, batch.lists, now)
    sightings = Sightings(batch.settle_seconds)
    await sightings.apply(connection, batch.lists, batch.absences, states)
    await doubt_rows.count_complete(connection, states.values())
    made = await commit_records(connection, states, now)
    return BatchResult(results, made), sightings.outcomes


def _windows(batch: RecordBatch) -> list[WindowRef]:
    references = [item.window for item in batch.items if item.window is not None]
    references += [one.window for one in batch.lists] + [one.window for one in batch.absences]
    return references + [letter.window for letter in batch.letters if letter.window is not None]


async def _decide(connection: Connection, batch: RecordBatch) -> tuple[tuple[ItemResult, ...], dict[str, RecordState]]:
    """Applies the readings in memory, in the order of record and read sequence. The rows stay locked."""
    items = batch.items
    if not items:
        return (), {}
    order = sorted((item.record.id, item.read_seq, index) for index, item in enumerate(items))
    states = await lock_records(connection, sorted({key for key, _, _ in order}))
    doubted = any(state.lists.before for state in states.values())
    settle = batch.settle_seconds
    rule = SettleRule(settle, await doubt_rows.load_health(connection, settle) if doubted else None)
    for state in states.values():
        state.lists.rule = rule
    made = await cooperative_map(lambda one: states[one[0]].observe(items[one[2]]), order)
    results = {index: result for (_, _, index), result in zip(order, made, strict=True)}
    return tuple(results[index] for index in range(len(items))), states


def _answers(batch: RecordBatch, results: Sequence[ItemResult]) -> list[tuple[str, str, int]]:
    """The records that the batch read alone, or that are gone: a row of a list or file has not all of a record."""
    read = [
        (item.source.value, item.record.id, item.read_seq)
        for item, result in zip(batch.items, results, strict=True)
        if item.part not in _ROWS and _counts(result)
    ]
    return read + [(one.source.value, one.record_id, one.read_seq) for one in batch.absences]


def _counts(result: ItemResult) -> bool:
    return result.outcome is not Outcome.STALE or result.remember


async def _resolve_letters(connection: Connection, batch: RecordBatch, results: Sequence[ItemResult]) -> None:
    """Resolves the letters of records that were read, or that their source answers with 404."""
    read: list[tuple[str, str, datetime, bool]] = [
        (item.source.value, item.record.id, item.event.published_at, item.part in _ROWS)
        for item, result in zip(batch.items, results, strict=True)
        if item.event is not None and _counts(result)
    ]
    absent = [(one.source.value, one.record_id, one.fetched_at) for one in batch.absences]
    for sql, rows in ((_RESOLVED, read), (_GONE, absent)):
        if rows:
            await connection.execute(sql, *(list(column) for column in zip(*rows, strict=True)))
