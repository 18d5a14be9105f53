"""Gives committees' votings the result that the agenda of their meeting tells, whichever of the two is read first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from legis.domain.records.agenda_result import RESULT_OF_OUTCOME, needs_agenda_result, result_from_agenda
from legis.domain.records.any_record import load_record
from legis.domain.records.event_record import EventRecord
from legis.domain.records.vote_event_record import VoteEventRecord

from api_gateway.store.database.connections import Connection
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.records.record_rows import lock_records

# Two workers that store a voting and its event at once would each miss the other's.
_LOCK = """
SELECT pg_advisory_xact_lock(l.key) FROM (
    SELECT DISTINCT hashtextextended(n.id, 1) AS key FROM unnest($1::text[]) AS n(id) ORDER BY key
) AS l
"""
_VOTINGS = "SELECT id FROM vote_event WHERE event_id = ANY($1::text[]) AND NOT plenary AND id <> ALL($2::text[])"
_EVENTS = "SELECT record FROM record WHERE id = ANY($1::text[]) AND removed_at IS NULL"


async def judge_results(connection: Connection, states: Mapping[str, RecordState]) -> dict[str, RecordState]:
    """Sets the results of the votings of a batch, and of stored ones whose event is in it. Returns these other ones."""
    telling = {record.id for record in _events(states) if _tells(record)}
    telling |= {key for key, state in states.items() if _tells(state.before)}
    asking = {voting.event_id for _, voting in _votings(states) if needs_agenda_result(voting) and voting.event_id}
    if not telling | asking:
        return {}
    await connection.execute(_LOCK, sorted(telling | asking))
    others: dict[str, RecordState] = {}
    if telling and (rows := await connection.fetch(_VOTINGS, sorted(telling), sorted(states))):
        others = await lock_records(connection, [row["id"] for row in rows])
    events = {record.id: record for record in _events(states)}
    if missing := sorted(asking - states.keys()):
        stored = [load_record(row["record"]) for row in await connection.fetch(_EVENTS, missing)]
        events |= {record.id: record for record in stored if isinstance(record, EventRecord)}
    for state, voting in (*_votings(states), *_votings(others)):
        event = events.get(voting.event_id or "")
        result, text = (event and result_from_agenda(voting, event)) or (None, None)
        state.judge(replace(state.now.judgement, result=result, result_text=text))
    return {key: state for key, state in others.items() if state.rewritten}


def _events(states: Mapping[str, RecordState]) -> Iterator[EventRecord]:
    for state in states.values():
        if state.stored and not state.is_removed and isinstance(state.now.record, EventRecord):
            yield state.now.record


def _tells(record: object) -> bool:
    return isinstance(record, EventRecord) and any(item.outcome in RESULT_OF_OUTCOME for item in record.agenda)


def _votings(states: Mapping[str, RecordState]) -> Iterator[tuple[RecordState, VoteEventRecord]]:
    for state in states.values():
        if state.stored and isinstance(state.now.record, VoteEventRecord):
            yield state, state.now.record
