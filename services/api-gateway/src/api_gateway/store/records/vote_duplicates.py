"""Finds votings that repeat another one, or show another one's votes: equal votes, member by member, to the second."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from legis.domain.records.vote_completion import votes_hash
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.voting import VotingFlag, VotingFlagCode, compare_counts, count_votes

from api_gateway.store.database.connections import Connection
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.records.record_rows import lock_records
from api_gateway.store.records.row_values import sort_instant

# Two workers that store two votings with equal votes at once would each miss the other's.
_LOCK = """
SELECT pg_advisory_xact_lock(l.key) FROM (
    SELECT DISTINCT hashtextextended(n.hash, 0) AS key FROM unnest($1::text[]) AS n(hash) ORDER BY key
) AS l
"""
_EQUAL = "SELECT id FROM vote_event WHERE votes_hash = ANY($1::text[]) AND id <> ALL($2::text[]) ORDER BY id"


async def judge_votings(connection: Connection, states: Mapping[str, RecordState]) -> dict[str, RecordState]:
    """Judges the votings of a batch and those stored that have, or had, equal votes. Returns these other ones."""
    changed = [state for state in states.values() if state.stored and _votes_changed(state)]
    hashes = {found for state in changed for record in (state.before, state.now.record) if (found := _hash(record))}
    others: dict[str, RecordState] = {}
    if hashes:
        await connection.execute(_LOCK, sorted(hashes))
        rows = await connection.fetch(_EQUAL, sorted(hashes), sorted(states))
        others = await lock_records(connection, [row["id"] for row in rows]) if rows else {}
    groups: defaultdict[str | None, list[RecordState]] = defaultdict(list)
    for state in (*changed, *others.values()):
        if state.stored:
            groups[None if state.is_removed else _hash(state.now.record)].append(state)
    for equal, group in groups.items():
        _judge(group if equal else (), alone=() if equal else group)
    return {key: state for key, state in others.items() if state.rewritten}


def _judge(equal: Sequence[RecordState], alone: Sequence[RecordState]) -> None:
    for state in alone:
        _set(state, ())
    if not equal:
        return
    ordered = sorted(equal, key=_order)
    first = next((state for state in ordered if not _contradicts(state)), ordered[0])
    for state in ordered:
        if state is first:
            _set(state, ())
        elif _contradicts(state):
            detail = f"the votes are those of {first.bill_id}"
            _set(state, (VotingFlag(code=VotingFlagCode.VOTES_OF_ANOTHER, detail=detail),))
        else:
            detail = f"the same votes as {first.bill_id}"
            _set(state, (VotingFlag(code=VotingFlagCode.DUPLICATE, detail=detail),), first.bill_id)


def _set(state: RecordState, flags: tuple[VotingFlag, ...], duplicate_of: str | None = None) -> None:
    state.judge(replace(state.now.judgement, flags=flags, duplicate_of=duplicate_of))


def _contradicts(state: RecordState) -> bool:
    """Whether the voting's own totals differ from its votes: then the votes belong to another one."""
    record = state.now.record
    return isinstance(record, VoteEventRecord) and bool(
        compare_counts(record.counts_published, count_votes(record.votes))
    )


def _order(state: RecordState) -> tuple[object, str]:
    record = state.now.record
    assert isinstance(record, VoteEventRecord)  # only votings have votes
    return sort_instant(record.at, record.date), record.id


def _hash(record: object) -> str | None:
    return votes_hash(record) if isinstance(record, VoteEventRecord) else None


def _votes_changed(state: RecordState) -> bool:
    before, now = state.before, state.now.record
    if not isinstance(now, VoteEventRecord):
        return False
    if not isinstance(before, VoteEventRecord) or state.is_removed != state.removed_before:
        return True
    return (before.votes, before.counts_published, before.at) != (now.votes, now.counts_published, now.at)
