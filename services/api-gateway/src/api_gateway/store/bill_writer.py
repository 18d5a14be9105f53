"""Stores a batch of observations in one guarded transaction: the only way that bills get into the database."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from legis.errors import StoreUnavailable
from legis.events import WindowRef

from api_gateway.documents import render
from api_gateway.store import change_log, counterparts, dead_letters, windows
from api_gateway.store.bill_state import BillState, provenance_list
from api_gateway.store.columns import INSERT, UPSERT, WrittenBill, arguments
from api_gateway.store.failures import WriteRaced, is_transient, store_errors
from api_gateway.store.history_writer import write_histories
from api_gateway.store.items import BatchResult, ChangeMade, DeadLetter, ItemResult, ObservedItem, Outcome
from api_gateway.store.loading import lock_bills

ACQUIRE_SECONDS = 5.0
REJECTED_BY_STORE = "store"
"""Stage of a dead letter whose observation PostgreSQL or our own rules could not take."""

_RACES = 5

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
    await dead_letters.park(connection, letters)
    await _touch(connection, [state for state in states if state.touched and not state.drafts])
    changed = [state for state in states if state.drafts]
    await write_histories(connection, changed)
    changes = await _commit_changes(connection, changed) if changed else ()
    return BatchResult(results, changes)


async def _decide(
    connection: Any, observed: Sequence[ObservedItem], confirm_seconds: float
) -> tuple[tuple[ItemResult, ...], list[BillState]]:
    """Applies the observations in memory, in the order of key and read sequence; rows stay locked."""
    if not observed:
        return (), []
    states = await lock_bills(connection, sorted({item.event.bill.id for item in observed}))
    results: dict[int, ItemResult] = {}
    order = sorted(range(len(observed)), key=lambda i: (observed[i].event.bill.id, observed[i].event.read_seq))
    for index in order:
        item = observed[index]
        results[index] = states[item.event.bill.id].observe(item, confirm_seconds)
    return tuple(results[index] for index in range(len(observed))), [states[key] for key in sorted(states)]


async def _touch(connection: Any, states: Sequence[BillState]) -> None:
    rows = [
        (s.bill_id, s.now.read_seq, s.seen_at, s.source_at, s.now.pending_fingerprint, s.now.pending_at) for s in states
    ]
    if rows:
        await connection.execute(_TOUCH, *(list(column) for column in zip(*rows, strict=True)))


async def _commit_changes(connection: Any, changed: Sequence[BillState]) -> tuple[ChangeMade, ...]:
    """Everything from the lock of the change log to the end of the transaction: as little as can be."""
    bodies = [_bodies(state) for state in changed]
    taken = await change_log.take_sequences(connection, sum(len(state.drafts) for state in changed))
    seq, logged, written = taken.first, [], []
    for state, (document, summary) in zip(changed, bodies, strict=True):
        source = state.now.snapshot.bill.source.value
        created_at = taken.now if state.created else state.now.created_at
        for draft in state.drafts:
            stamp = render.Stamp(draft.version, seq, created_at, taken.now)
            logged.append(change_log.LoggedChange(state.bill_id, source, draft, stamp))
            seq += 1
        written.append(_written(state, stamp, document, summary))
    await _write(connection, INSERT, [bill for bill in written if bill.state.created])
    await _write(connection, UPSERT, [bill for bill in written if not bill.state.created])
    await change_log.insert_changes(connection, logged)
    await counterparts.relink(connection, changed)
    return tuple(ChangeMade(state.now.snapshot.bill.source, draft.kind) for state in changed for draft in state.drafts)


async def _write(connection: Any, statement: str, bills: Sequence[WrittenBill]) -> None:
    if bills:
        rows = await connection.fetch(statement, *arguments(bills))
        if len(rows) != len(bills):
            raise WriteRaced(f"{len(bills) - len(rows)} bills were written by another worker meanwhile")


def _bodies(state: BillState) -> tuple[bytes, bytes]:
    snapshot = state.now.snapshot
    document = render.document_body(snapshot.content, provenance_list(state.now.provenance))
    return document, render.summary_body(snapshot.content, snapshot.derived)


def _written(state: BillState, stamp: render.Stamp, document: bytes, summary: bytes) -> WrittenBill:
    snapshot = state.now.snapshot
    return WrittenBill(
        state=state,
        bill=snapshot.bill,
        derived=snapshot.derived,
        stamp=stamp,
        document=render.seal_document(document, stamp),
        summary=render.seal_summary(summary, stamp),
    )
