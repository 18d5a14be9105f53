"""Completes a merged voting: totals, form of the voting, and the warnings that follow from all of its parts together.

Totals, members' votes and orientations come from different upstream lists, so they are compared only here.
"""

import hashlib
from collections.abc import Iterable

import orjson

from legis.domain.parties.party_table import PARTIES
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.voting import VoteOption, VotingFlag, VotingFlagCode, compare_counts, count_votes, unreadable_flags

FEW_VOTES = 20
"""Largest number of votes that a symbolic voting may list, recorded on request; more of them are a roll call."""

READING_FLAGS = frozenset({VotingFlagCode.RESULT_CONTRADICTS, VotingFlagCode.DATE_SUSPECT})
"""Flags that a reading claims; all others follow from the merged voting."""

STORE_FLAGS = frozenset({VotingFlagCode.DUPLICATE, VotingFlagCode.VOTES_OF_ANOTHER})
"""Flags that need a look at other votings; the store adds them."""

_PARTY_KEYS = frozenset(party.key for party in PARTIES)
_OUT_OF_AGREEMENT = frozenset({VotingFlagCode.DUPLICATE, VotingFlagCode.VOTES_OF_ANOTHER, VotingFlagCode.NOT_A_VOTE})


def completed(record: VoteEventRecord, found_by_store: Iterable[VotingFlag] = ()) -> VoteEventRecord:
    """The voting with `counts`, `nominal`, `secret` and `flags` computed from all that is known of it."""
    found = count_votes(record.votes)
    published = record.counts_published
    hidden = bool(record.votes) and all(vote.option is VoteOption.SECRET for vote in record.votes)
    secret = True if hidden else record.secret
    if secret is None and record.votes:
        secret = False
    flags = [flag for flag in record.flags if flag.code in READING_FLAGS]
    flags += unreadable_flags(record.purpose, record.result)
    flags += [] if secret else compare_counts(published, found)
    flags += _missing(record, secret=secret)
    flags += found_by_store
    return record.model_copy(
        update={
            "counts": found or published,
            "secret": secret,
            "nominal": _nominal(record, secret=secret),
            "flags": _by_code(flags),
        }
    )


def counts_in_agreement(record: VoteEventRecord) -> bool:
    """Whether a completed voting is one that rates of agreement are computed over: plenary, by name, and sound."""
    if not record.plenary or record.secret or not record.votes:
        return False
    return _OUT_OF_AGREEMENT.isdisjoint(flag.code for flag in record.flags)


def votes_hash(record: VoteEventRecord) -> str | None:
    """SHA-256 in hex over who voted what in which second: equal for one voting under several ids. None for few votes,
    which may be equal by chance.
    """
    if len(record.votes) <= FEW_VOTES:
        return None
    rows = sorted(
        (vote.legislator_id or vote.name, vote.option.value, vote.at.isoformat() if vote.at else "")
        for vote in record.votes
    )
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()


def _nominal(record: VoteEventRecord, *, secret: bool | None) -> bool | None:
    if secret:
        return False
    if record.nominal is None and (record.counts_published is not None or len(record.votes) > FEW_VOTES):
        return True
    return record.nominal


def _missing(record: VoteEventRecord, *, secret: bool | None) -> list[VotingFlag]:
    """Flags of votes that are missing although totals say that there were some, and of unknown members and parties."""
    flags = []
    if "votes" in record.model_fields_set and not record.votes and record.counts_published and not secret:
        detail = "totals are published, members' votes not"
        flags.append(VotingFlag(code=VotingFlagCode.VOTES_MISSING, detail=detail))
    unknown = sum(vote.legislator_id is None for vote in record.votes)
    if unknown:
        flags.append(VotingFlag(code=VotingFlagCode.MEMBER_UNKNOWN, detail=f"{unknown} members without a known id"))
    labels = sorted({vote.party for vote in record.votes if vote.party and vote.party not in _PARTY_KEYS})
    if labels:
        flags.append(VotingFlag(code=VotingFlagCode.PARTY_UNRESOLVED, detail=", ".join(labels)))
    return flags


def _by_code(flags: Iterable[VotingFlag]) -> tuple[VotingFlag, ...]:
    found: dict[VotingFlagCode, VotingFlag] = {}
    for flag in flags:
        found.setdefault(flag.code, flag)
    return tuple(found.values())
