"""Writes the records of a batch at the end of its transaction: rows, change log, and the bills on changed agendas."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from legis.cooperative import cooperative_map
from legis.domain.brasilia_time import local_day
from legis.domain.change_kind import NEWS_DAYS, ChangeKind
from legis.domain.records.record import RecordKind
from legis.domain.records.vote_event_record import VoteEventRecord

from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state.apply_observations import Draft
from api_gateway.store.bill_state.write_items import ChangeMade
from api_gateway.store.bills.change_log import LoggedChange, insert_changes, take_sequences
from api_gateway.store.database.connections import Connection
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.records.agenda_results import judge_results
from api_gateway.store.records.bill_events import BillUpdates
from api_gateway.store.records.event_rows import write_events
from api_gateway.store.records.people_rows import write_people
from api_gateway.store.records.person_links import link_people
from api_gateway.store.records.record_rows import WrittenRecord, touch_records, write_records
from api_gateway.store.records.vote_duplicates import judge_votings
from api_gateway.store.records.vote_rows import write_votes


async def commit_records(
    connection: Connection, states: Mapping[str, RecordState], now: datetime
) -> tuple[ChangeMade, ...]:
    """Writes what the states say. All other writers of changes wait from the end of this on, until commit."""
    others = await judge_votings(connection, states)
    every = {**states, **others}
    every |= await judge_results(connection, every)
    changed = [every[key] for key in sorted(every) if every[key].stored and every[key].rewritten]
    quiet = [state for state in states.values() if state.stored and state.touched and not state.rewritten]
    await touch_records(connection, sorted(quiet, key=lambda state: state.bill_id))
    if not changed:
        return ()
    written = await cooperative_map(WrittenRecord, changed)
    bills = BillUpdates(changed, now)
    await bills.begin(connection)
    await write_people(connection, written)
    await link_people(connection, written)
    await write_votes(connection, written)
    await write_events(connection, written)
    await bills.prepare(connection)
    made = await _log(connection, written)
    return made + await bills.commit(connection)


async def _log(connection: Connection, written: Sequence[WrittenRecord]) -> tuple[ChangeMade, ...]:
    count = sum(len(one.state.drafts) for one in written)
    sequences = await take_sequences(connection, count)
    seq, logged, made = sequences.first, [], []
    for one in written:
        now = one.state.now
        created_at = now.created_at or sequences.now
        one.stamp = Stamp(now.version, now.change_seq, created_at, now.changed_at or created_at, now.removed_at)
        source, about = one.state.source_name, now.record.kind.value
        for draft in one.state.drafts:
            removed_at = sequences.now if draft.kind is ChangeKind.REMOVED else None
            one.stamp = Stamp(draft.version, seq, created_at, sequences.now, removed_at)
            movement = is_movement(one.state, draft, sequences.now)
            logged.append(LoggedChange(one.state.bill_id, source, draft, one.stamp, movement, about))
            seq += 1
            made += [ChangeMade(now.record.source, draft.kind)] if now.record.source else []
    await write_records(connection, written)
    await insert_changes(connection, logged)
    return tuple(made)


def is_movement(state: RecordState, draft: Draft, now: datetime) -> bool:
    """Whether followers hear of an entry unless they ask for more: time, place or status of an event changed, or a
    voting of the last 30 days is new.
    """
    record = state.now.record
    if record.kind is RecordKind.EVENT:
        return draft.kind in (ChangeKind.MOVED, ChangeKind.REMOVED)
    if isinstance(record, VoteEventRecord) and draft.kind is ChangeKind.CREATED and record.date:
        return record.date >= local_day(now) - timedelta(NEWS_DAYS)
    return False
