"""Stores a batch of observations in one guarded transaction: the only way that bills get into the database."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from legis.errors import StoreUnavailable
from legis.events import WindowRef

from api_gateway.store import dead_letters, questions, windows
from api_gateway.store.bill_state import BillState
from api_gateway.store.commit import commit_changes
from api_gateway.store.failures import WriteRaced, is_transient, store_errors
from api_gateway.store.history_writer import write_histories
from api_gateway.store.items import BatchResult, DeadLetter, ItemResult, ObservedItem, Outcome
from api_gateway.store.loading import lock_bills
from api_gateway.store.replay_window import replayed_letter

ACQUIRE_SECONDS = 5.0
REJECTED_BY_STORE = "store"
"""Stage of a dead letter whose observation PostgreSQL or our own rules could not take."""

_RACES = 20
"""Each lost race means that another worker stored bills which are new to both, so losing has an end by itself."""

_TOUCH = """
UPDATE bill SET read_seq = n.read_seq, last_seen_at = n.last_seen_at, source_at = n.source_at,
                pending_fingerprint = n.pending_fingerprint, pending_at = n.pending_at
FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::timestamptz[])
     AS n(id, read_seq, last_seen_at, source_at, pending_fingerprint, pending_at)
WHERE bill.id = n.id AND bill.read_seq <= n.read_seq
"""


async def apply(
    pool: Any, observed: Sequence[ObservedItem], letters: Sequence[DeadLetter] = (), *, confirm_seconds: float = 60.0
) -> BatchResult:
    """Stores observations and dead letters, and counts their window items, all in one transaction.

    Results come in the order of `observed`. An observation that cannot be stored for its own sake becomes a dead
    letter, found by halving the batch, while its neighbours are stored. Raises StoreUnavailable when PostgreSQL
    cannot do it now: then nothing is stored, or (after halving) some is, and the same batch may be given again.
    """
    try:
        return await _with_races(pool, observed, letters, confirm_seconds)
    except StoreUnavailable:
        raise
    except Exception as error:
        if is_transient(error) or not (observed or letters):
            raise
        if letters:
            await _with_races(pool, (), letters, confirm_seconds)
            return await apply(pool, observed, confirm_seconds=confirm_seconds)
        if len(observed) == 1:
            return await _bury(pool, observed[0], error)
    half = len(observed) // 2
    first = await apply(pool, observed[:half], confirm_seconds=confirm_seconds)
    second = await apply(pool, observed[half:], confirm_seconds=confirm_seconds)
    return BatchResult(first.results + second.results, first.changes + second.changes)


async def _bury(pool: Any, item: ObservedItem, error: Exception) -> BatchResult:
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
    await _with_races(pool, (), (letter,), 0)
    return BatchResult((ItemResult(Outcome.DEAD, remember=False),), ())


async def _with_races(
    pool: Any, observed: Sequence[ObservedItem], letters: Sequence[DeadLetter], confirm_seconds: float
) -> BatchResult:
    with store_errors():
        for attempt in range(_RACES):
            try:
                async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
                    return await _apply_once(connection, observed, letters, confirm_seconds)
            except (WriteRaced, asyncpg.DeadlockDetectedError):
                if attempt == _RACES - 1:
                    raise
    raise AssertionError("unreachable")


async def _apply_once(
    connection: Any, observed: Sequence[ObservedItem], letters: Sequence[DeadLetter], confirm_seconds: float
) -> BatchResult:
    results, states = await _decide(connection, observed, confirm_seconds)
    references: list[WindowRef] = [item.event.window for item in observed]
    references += [letter.window for letter in letters if letter.window is not None]
    await windows.insert_items(connection, references)
    settling = [result.outcome is not Outcome.PENDING for result in results]
    heard = [(item, s) for item, result, s in zip(observed, results, settling, strict=True) if _tells(result)]
    await questions.answered(connection, [item for item, _ in heard], [settles for _, settles in heard])
    await dead_letters.park(connection, letters)
    await _touch(connection, [state for state in states if state.touched and not state.drafts])
    changed = [state for state in states if state.drafts]
    await write_histories(connection, changed)
    changes = await commit_changes(connection, changed) if changed else ()
    return BatchResult(results, changes)


def _tells(result: ItemResult) -> bool:
    """Whether a reading is news of its bill; one that was overtaken is not."""
    return result.outcome is not Outcome.STALE or result.remember


async def _decide(
    connection: Any, observed: Sequence[ObservedItem], confirm_seconds: float
) -> tuple[tuple[ItemResult, ...], list[BillState]]:
    """Applies the observations in memory, in the order of key and read sequence; rows stay locked."""
    if not observed:
        return (), []
    order = sorted((item.event.bill.id, item.event.read_seq, index) for index, item in enumerate(observed))
    states = await lock_bills(connection, sorted({key for key, _, _ in order}))
    results = {index: states[key].observe(observed[index], confirm_seconds) for key, _, index in order}
    return tuple(results[index] for index in range(len(observed))), [states[key] for key in sorted(states)]


async def _touch(connection: Any, states: Sequence[BillState]) -> None:
    rows = [
        (s.bill_id, s.now.read_seq, s.seen_at, s.source_at, s.now.pending_fingerprint, s.now.pending_at) for s in states
    ]
    if rows:
        await connection.execute(_TOUCH, *(list(column) for column in zip(*rows, strict=True)))
