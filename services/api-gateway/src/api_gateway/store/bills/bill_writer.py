"""Stores a batch of observations in one transaction. All bills are written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import asyncpg
from legis.cooperative import cooperative_map
from legis.errors import StoreUnavailable
from legis.events import WindowRef

from api_gateway.store.bill_state.apply_observations import BillState
from api_gateway.store.bill_state.list_doubts import SettleRule
from api_gateway.store.bill_state.write_items import BatchResult, DeadLetter, ItemResult, ObservedItem, Outcome
from api_gateway.store.bills import doubt_rows
from api_gateway.store.bills.bill_columns import ARRAY_OF, joined
from api_gateway.store.bills.commit_versions import commit_prepared, prepare
from api_gateway.store.bills.history_writer import write_histories
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.bills.unlogged_writer import rewrite_unlogged
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import WriteConflict, is_transient, store_errors
from api_gateway.store.dead_letters import dead_letter_writer
from api_gateway.store.sources import refetch_requests
from api_gateway.store.windows import window_counts
from api_gateway.store.windows.replay_window import replayed_letter
from api_gateway.store.windows.window_counts import TouchedWindow

ACQUIRE_SECONDS = 5.0
REJECTED_BY_STORE = "store"
"""Stage of a dead letter whose observation PostgreSQL or our own rules rejected."""

_MAX_ATTEMPTS = 20
"""Attempts for one batch. Each lost race means that another worker has just stored bills that are new to both, so races
end by themselves.
"""

_TOUCH = f"""
UPDATE bill SET read_seq = n.read_seq, last_seen_at = n.last_seen_at, source_at = n.source_at,
                pending_fingerprint = n.pending_fingerprint, pending_at = n.pending_at,
                known_fields = {ARRAY_OF.format("known_fields")}
FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::text[])
     AS n(id, read_seq, last_seen_at, source_at, pending_fingerprint, pending_at, known_fields)
WHERE bill.id = n.id AND bill.read_seq <= n.read_seq
"""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is stored in one transaction. `touched` has the windows of the whole delivery, also in a batch that was
    split: to store them again changes nothing.
    """

    observed: Sequence[ObservedItem] = ()
    letters: Sequence[DeadLetter] = ()
    touched: Mapping[str, TouchedWindow] = field(default_factory=dict)
    confirm_seconds: float = 0.0
    settle_seconds: float = 0.0


async def apply(
    pool: Pool,
    observed: Sequence[ObservedItem],
    letters: Sequence[DeadLetter] = (),
    *,
    touched: Mapping[str, TouchedWindow] | None = None,
    confirm_seconds: float = 60.0,
    settle_seconds: float = 600.0,
) -> BatchResult:
    """Stores observations and dead letters, counts them as items of their windows and stores the windows, in one
    transaction.

    Results are in the order of `observed`. An observation that cannot be stored by its own fault becomes a dead letter;
    it is found by splitting the batch in halves, and the others are stored. Raises StoreUnavailable if PostgreSQL
    cannot store now: then nothing is stored or, after a split, only a part, and the same batch may be given again.
    """
    return await _apply(pool, _Batch(observed, letters, touched or {}, confirm_seconds, settle_seconds))


async def _apply(pool: Pool, batch: _Batch) -> BatchResult:
    observed = batch.observed
    try:
        return await _with_retries(pool, batch)
    except StoreUnavailable:
        raise
    except Exception as error:
        if is_transient(error) or not (observed or batch.letters):
            raise
        if batch.letters:
            parked = await _with_retries(pool, replace(batch, observed=()))
            return parked + await _apply(pool, replace(batch, letters=()))
        if len(observed) == 1:
            return await _dead_letter(pool, batch, error)
    half = len(observed) // 2
    first = await _apply(pool, replace(batch, observed=observed[:half]))
    return first + await _apply(pool, replace(batch, observed=observed[half:]))


async def _dead_letter(pool: Pool, batch: _Batch, error: Exception) -> BatchResult:
    (item,) = batch.observed
    event = item.event
    letter = DeadLetter(
        source=event.source.value,
        stage=REJECTED_BY_STORE,
        error=f"{type(error).__name__}: {error}",
        payload=item.payload,
        upstream_id=event.bill.upstream_id,
        url=event.provenance.url,
        trace_id=item.trace_id,
        window=event.window,
        replay_of=replayed_letter(event.window),
    )
    parked = await _with_retries(pool, replace(batch, observed=(), letters=(letter,)))
    return BatchResult((ItemResult(Outcome.DEAD, remember=False),), ()) + parked


async def _with_retries(pool: Pool, batch: _Batch) -> BatchResult:
    with store_errors():
        for attempt in range(_MAX_ATTEMPTS):
            try:
                async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
                    return await _apply_once(connection, batch)
            except (WriteConflict, asyncpg.DeadlockDetectedError):
                if attempt == _MAX_ATTEMPTS - 1:
                    raise
    raise AssertionError("unreachable")


async def _apply_once(connection: Connection, batch: _Batch) -> BatchResult:
    observed, letters = batch.observed, batch.letters
    results, states = await _decide(connection, observed, batch.confirm_seconds, batch.settle_seconds)
    references: list[WindowRef] = [item.event.window for item in observed]
    references += [letter.window for letter in letters if letter.window is not None]
    await window_counts.insert_items(connection, references)
    settling = [result.outcome is not Outcome.PENDING for result in results]
    await doubt_rows.write_doubts(connection, states, batch.settle_seconds)
    current = [(item, s) for item, result, s in zip(observed, results, settling, strict=True) if _is_current(result)]
    await refetch_requests.complete_requests(
        connection, [item for item, _ in current], [settles for _, settles in current]
    )
    await dead_letter_writer.store_dead_letters(connection, letters)
    changed = [state for state in states if state.drafts]
    unlogged_change = [state for state in states if state.unlogged_change and not state.drafts]
    await _touch(
        connection, [state for state in states if state.touched and not (state.drafts or state.unlogged_change)]
    )
    await write_histories(connection, [*changed, *unlogged_change])
    prepared = await prepare(changed)
    ended = await window_counts.touch(connection, batch.touched)
    await doubt_rows.count_complete(connection, states)
    made = await commit_prepared(connection, prepared)
    await rewrite_unlogged(connection, unlogged_change)
    return BatchResult(results, made, ended)


def _is_current(result: ItemResult) -> bool:
    """Whether the reading says something current about its bill; one that is older than the stored reading does not."""
    return result.outcome is not Outcome.STALE or result.remember


async def _decide(
    connection: Connection, observed: Sequence[ObservedItem], confirm_seconds: float, settle_seconds: float = 0.0
) -> tuple[tuple[ItemResult, ...], list[BillState]]:
    """Applies the observations in memory, in the order of bill id and read sequence. The bills' rows stay locked."""
    if not observed:
        return (), []
    order = sorted((item.event.bill.id, item.event.read_seq, index) for index, item in enumerate(observed))
    states = await lock_bills(connection, sorted({key for key, _, _ in order}))
    doubted = any(state.lists.before for state in states.values())
    rule = SettleRule(settle_seconds, await doubt_rows.load_health(connection, settle_seconds) if doubted else None)
    for state in states.values():
        state.lists.rule = rule
    made = await cooperative_map(lambda one: states[one[0]].observe(observed[one[2]], confirm_seconds), order)
    results = {index: result for (_, _, index), result in zip(order, made, strict=True)}
    return tuple(results[index] for index in range(len(observed))), [states[key] for key in sorted(states)]


async def _touch(connection: Connection, states: Sequence[BillState]) -> None:
    rows = [
        (s.bill_id, s.now.read_seq, s.seen_at, s.source_at, s.now.pending_fingerprint, s.now.pending_at,
         joined(sorted(s.now.known)))
        for s in states
    ]  # fmt: skip
    if rows:
        await connection.execute(_TOUCH, *(list(column) for column in zip(*rows, strict=True)))
