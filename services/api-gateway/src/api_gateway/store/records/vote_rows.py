"""Rows of votings, members' votes, votes by party and bills of votings. One statement per table and batch."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from legis.domain.records.vote_completion import counts_in_agreement, votes_hash
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.voting import VoteOption

from api_gateway.store.database.connections import Connection
from api_gateway.store.records.record_rows import WrittenRecord
from api_gateway.store.records.row_values import execute_rows, fetch_rows, sort_instant

OPTIONS = tuple(VoteOption)
"""`member_vote.option` is a place in this list. New options may only be added at its end."""

ONE_SIDED = 0.9
"""Share of equal choices from which a voting says little about who agrees with whom."""

_PUT = """
INSERT INTO vote_event (id, house, organization_id, day, sort_at, purpose, result, nominal, plenary, in_agreement,
                        one_sided, event_id, votes_hash)
SELECT n.* FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::timestamptz[], $6::text[], $7::text[],
                       $8::boolean[], $9::boolean[], $10::boolean[], $11::boolean[], $12::text[], $13::text[])
    AS n(id, house, organization_id, day, sort_at, purpose, result, nominal, plenary, in_agreement, one_sided, event_id,
         votes_hash)
ON CONFLICT (id) DO NOTHING RETURNING id, key
"""
_UPDATE = """
UPDATE vote_event AS v SET house = n.house, organization_id = n.organization_id, day = n.day, sort_at = n.sort_at,
    purpose = n.purpose, result = n.result, nominal = n.nominal, plenary = n.plenary, in_agreement = n.in_agreement,
    one_sided = n.one_sided, event_id = n.event_id, votes_hash = n.votes_hash
FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::timestamptz[], $6::text[], $7::text[], $8::boolean[],
            $9::boolean[], $10::boolean[], $11::boolean[], $12::text[], $13::text[])
    AS n(id, house, organization_id, day, sort_at, purpose, result, nominal, plenary, in_agreement, one_sided, event_id,
         votes_hash)
WHERE v.id = n.id RETURNING v.id, v.key
"""

# An id gets its number once. Only ids without one are inserted: an insert that conflicts would use up a number.
_NEW_KEYS = """
INSERT INTO legislator_key (id)
SELECT n.id FROM unnest($1::text[]) AS n(id) WHERE NOT EXISTS (SELECT FROM legislator_key k WHERE k.id = n.id)
ORDER BY n.id ON CONFLICT DO NOTHING
"""
_KEYS = "SELECT id, key FROM legislator_key WHERE id = ANY($1::text[])"
_DROP_VOTES = "DELETE FROM member_vote WHERE vote_key = ANY($1::integer[])"
_VOTES = """
INSERT INTO member_vote (vote_key, legislator_key, option, party, state, sort_at)
SELECT n.* FROM unnest($1::integer[], $2::integer[], $3::smallint[], $4::text[], $5::text[], $6::timestamptz[])
    AS n(vote_key, legislator_key, option, party, state, sort_at)
"""
_DROP_PARTIES = "DELETE FROM party_vote WHERE vote_key = ANY($1::integer[])"
_PARTIES = """
INSERT INTO party_vote (party, vote_key, yes, no, abstain, obstruction)
SELECT n.* FROM unnest($1::text[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[])
    AS n(party, vote_key, yes, no, abstain, obstruction)
"""
_DROP_BILLS = "DELETE FROM vote_event_bill WHERE vote_event_id = ANY($1::text[])"
_BILLS = """
INSERT INTO vote_event_bill (vote_event_id, bill_id, role, sort_at)
SELECT n.* FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
    AS n(vote_event_id, bill_id, role, sort_at)
"""
_COUNTED = (VoteOption.YES, VoteOption.NO, VoteOption.ABSTAIN, VoteOption.OBSTRUCTION)


async def write_votes(connection: Connection, written: Sequence[WrittenRecord]) -> None:
    """Writes the rows of the votings of a batch. Votes are written again only where they or the order changed."""
    votings = [(w, w.shown) for w in written if isinstance(w.shown, VoteEventRecord)]
    if not votings:
        return
    new = [_row(w, record) for w, record in votings if w.state.before is None]
    known = [_row(w, record) for w, record in votings if w.state.before is not None]
    found = [*await fetch_rows(connection, _PUT, new), *await fetch_rows(connection, _UPDATE, known)]
    keys = {row["id"]: row["key"] for row in found}
    votings = [(w, record) for w, record in votings if record.id in keys]  # the rest is a conflict, found later
    await _write_member_votes(connection, [record for w, record in votings if _votes_changed(w, record)], keys)
    await connection.execute(_DROP_PARTIES, sorted(keys.values()))
    counted = [record for w, record in votings if in_agreement(w, record)]
    await execute_rows(connection, _PARTIES, list(_party_rows(counted, keys)))
    moved = [record for w, record in votings if _bills_changed(w, record)]
    await connection.execute(_DROP_BILLS, [record.id for record in moved])
    bills = {(r.id, one.id, one.role.value, sort_instant(r.at, r.date)) for r in moved for one in r.bills}
    await execute_rows(connection, _BILLS, sorted(bills))


def in_agreement(written: WrittenRecord, record: VoteEventRecord) -> bool:
    """Whether rates of agreement count the voting."""
    return not written.state.is_removed and counts_in_agreement(record)


def _row(written: WrittenRecord, record: VoteEventRecord) -> tuple[Any, ...]:
    return (
        record.id, record.house and record.house.value, record.organization_id, record.date,
        sort_instant(record.at, record.date), record.purpose.value, record.result.value, record.nominal,
        record.plenary, in_agreement(written, record), _is_one_sided(record), record.event_id, votes_hash(record),
    )  # fmt: skip


def _is_one_sided(record: VoteEventRecord) -> bool:
    counts = record.counts
    return counts is not None and max(counts.yes, counts.no) >= ONE_SIDED * (counts.yes + counts.no) > 0


def _votes_changed(written: WrittenRecord, record: VoteEventRecord) -> bool:
    before = written.state.before
    if not isinstance(before, VoteEventRecord):
        return bool(record.votes)
    return before.votes != record.votes or sort_instant(before.at, before.date) != sort_instant(record.at, record.date)


def _bills_changed(written: WrittenRecord, record: VoteEventRecord) -> bool:
    before = written.state.before
    if not isinstance(before, VoteEventRecord):
        return bool(record.bills)
    return before.bills != record.bills or sort_instant(before.at, before.date) != sort_instant(record.at, record.date)


async def _write_member_votes(connection: Connection, votings: Sequence[VoteEventRecord], keys: dict[str, int]) -> None:
    if not votings:
        return
    await connection.execute(_DROP_VOTES, [keys[record.id] for record in votings])
    ids = sorted({vote.legislator_id for record in votings for vote in record.votes if vote.legislator_id})
    members = await legislator_keys(connection, ids)
    await execute_rows(connection, _VOTES, list(_vote_rows(votings, keys, members)))


async def legislator_keys(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The small numbers of these legislators; those without one get it."""
    if not ids:
        return {}
    known = {row["id"]: row["key"] for row in await connection.fetch(_KEYS, ids)}
    missing = [one for one in ids if one not in known]
    if missing:
        await connection.execute(_NEW_KEYS, missing)
        known |= {row["id"]: row["key"] for row in await connection.fetch(_KEYS, missing)}
    return known


def _vote_rows(
    votings: Iterable[VoteEventRecord], keys: dict[str, int], members: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    for record in votings:
        at, votes = sort_instant(record.at, record.date), {one.legislator_id: one for one in record.votes}
        for member, one in votes.items():
            if member is not None:
                yield keys[record.id], members[member], OPTIONS.index(one.option), one.party, one.state, at


def _party_rows(votings: Iterable[VoteEventRecord], keys: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    for record in votings:
        parties: defaultdict[str, Counter[VoteOption]] = defaultdict(Counter)
        for one in record.votes:
            if one.party and one.option in _COUNTED:
                parties[one.party][one.option] += 1
        for party, options in sorted(parties.items()):
            yield party, keys[record.id], *(options[option] for option in _COUNTED)
