"""Writes bills whose agenda changed: their next event, and one entry of the change log for each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from legis.clock import Clock, utc_now
from legis.domain.change_kind import ChangeKind
from legis.domain.records.any_record import load_record
from legis.domain.records.event_record import EventRecord

from api_gateway.documents import render
from api_gateway.store.bill_state.apply_observations import BillState, Draft
from api_gateway.store.bill_state.diff import Diff
from api_gateway.store.bill_state.write_items import ChangeMade
from api_gateway.store.bills.commit_versions import Prepared, commit_prepared, prepare
from api_gateway.store.bills.next_events import load_next_events
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.bills.unlogged_writer import rewrite_unlogged
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.records.bill_agenda import (
    AgendaChange,
    Transfers,
    agenda_changes,
    changed_events,
    touched_bills,
)

ACQUIRE_SECONDS = 5.0
BILLS_AT_ONCE = 200

_MOVED = """
SELECT r.record FROM event e JOIN record r ON r.id = e.id
WHERE (e.moved_to = ANY($1::text[]) OR e.id = ANY($2::text[])) AND e.id <> ALL($3::text[]) AND r.removed_at IS NULL
"""

# Bills whose next event has begun, and bills that have one and do not show it: they were stored at the same moment.
_DUE = """
SELECT id FROM (
    SELECT id FROM bill WHERE next_event_at <= $1
    UNION
    SELECT b.id FROM event_bill x JOIN event e ON e.id = x.event_id JOIN bill b ON b.id = x.bill_id
    WHERE x.start_at > $1 AND e.status NOT IN ('HELD', 'CANCELLED', 'MOVED')
      AND (b.next_event_at IS NULL OR b.next_event_at > x.start_at)
) AS due ORDER BY id LIMIT $2
"""


class BillUpdates:
    """Bills that the events of one batch concern. `begin` before the rows of the events are written, `prepare` after,
    `commit` while the change log is locked.
    """

    def __init__(self, states: Sequence[RecordState], now: datetime) -> None:
        self._states = states
        self._now = now
        self._ids = touched_bills(states, now)
        self._transfers = Transfers()
        self._before: Mapping[str, Any] = {}
        self._logged: Prepared | None = None
        self._unlogged: list[BillState] = []

    async def begin(self, connection: Connection) -> None:
        """Reads what the events replace, and the next events as they were."""
        if self._ids:
            self._transfers = await _transfers(connection, self._states)
            self._before = await load_next_events(connection, self._ids, self._now)

    async def prepare(self, connection: Connection) -> None:
        """Locks and renders the bills."""
        if not self._ids:
            return
        changes = agenda_changes(self._states, self._transfers, self._now)
        read_seq = max(state.now.read_seq for state in self._states)
        states = await lock_bills(connection, self._ids, self._now)
        logged = []
        for key in sorted(states):
            state = states[key]
            if state.stored is None:
                continue
            shown = self._before.get(key)
            if key in changes and state.stored.removed_at is None:
                logged.append(state)
                _add_draft(state, changes[key], shown.shown if shown else None, read_seq)
            elif shown != state.next_event:
                self._unlogged.append(state)
        self._logged = await prepare(logged) if logged else None

    async def commit(self, connection: Connection) -> tuple[ChangeMade, ...]:
        """Writes the bills."""
        made = await commit_prepared(connection, self._logged) if self._logged else ()
        await rewrite_unlogged(connection, self._unlogged)
        return made


async def refresh_next_events(pool: Pool, clock: Clock = utc_now) -> int:
    """Renders bills again whose next event has begun, without a logged change. Returns how many. Raises
    StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            now = clock()
            due = [row["id"] for row in await connection.fetch(_DUE, now, BILLS_AT_ONCE)]
            if due:
                states = await lock_bills(connection, due, now)
                await rewrite_unlogged(connection, [states[key] for key in sorted(states) if states[key].stored])
    return len(due)


async def _transfers(connection: Connection, states: Sequence[RecordState]) -> Transfers:
    events = [(state.before, record) for state, _, record in changed_events(states)]
    ids = [record.id for _, record in events]
    wanted = {one for _, record in events for one in (record.moved_to, record.moved_from) if one}
    rows = await connection.fetch(_MOVED, ids, sorted(wanted), ids)
    stored = [record for row in rows if isinstance(record := load_record(row["record"]), EventRecord)]
    known = {record.id: record for record in stored}
    before = {record.id: old if isinstance(old, EventRecord) else record for old, record in events}
    sources = {one.moved_to: before.get(one.id, one) for one in (*stored, *(r for _, r in events)) if one.moved_to}
    for _, record in events:
        if record.moved_from and (source := before.get(record.moved_from) or known.get(record.moved_from)):
            sources[record.id] = source
    return Transfers(sources, known | {record.id: record for _, record in events})


def _add_draft(state: BillState, change: AgendaChange, next_before: Any, read_seq: int) -> None:
    stored = state.now
    told = {"field": "agenda", "old": change.old, "new": change.new, "kind": ChangeKind.MOVED.value}
    source = stored.snapshot.bill.source.value
    body = render.change_body(stored.snapshot.content["identifier"], source, (told,))
    version = stored.version + 1
    found = Diff((told,), {"next_event": next_before})
    origin = (change.published_at, change.trace_id)
    state.drafts.append(Draft(ChangeKind.MOVED, version, found, body, read_seq, *origin))
    state.stored = replace(stored, version=version)
