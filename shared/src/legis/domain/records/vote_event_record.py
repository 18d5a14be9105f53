"""A voting as a record of its own, with members' votes, parties' orientations and the bills that it was about.

`legis.domain.voting.VoteEvent` is a voting as one bill's list shows it.
"""

import datetime
from typing import Literal

from pydantic import AwareDatetime

from legis.domain.frozen import Frozen
from legis.domain.organization import Organization
from legis.domain.records.record import Record, RecordKind
from legis.domain.voting import Vote, VoteCounts, VotePurpose, VoteResult, VotingFlag
from legis.domain.word_enum import Word


class BillRole(Word):
    """How a bill relates to a voting."""

    AFFECTED = "AFFECTED"
    """The voting decided on it."""
    OBJECT = "OBJECT"
    """The motion that was voted on, itself a proposition."""


class VotedBill(Frozen):
    """A bill of a voting. `id` is ours (`camara-2256735`), `identifier` as the source writes it."""

    id: str
    role: BillRole = BillRole.AFFECTED
    identifier: str | None = None


class OrientationKind(Word):
    """Whose orientation it is."""

    PARTY = "PARTY"
    BLOC = "BLOC"
    FEDERATION = "FEDERATION"
    LEADERSHIP = "LEADERSHIP"
    """Government, opposition, majority, minority."""


class OrientationOption(Word):
    """What a bench was told to vote."""

    YES = "YES"
    NO = "NO"
    ABSTAIN = "ABSTAIN"
    OBSTRUCTION = "OBSTRUCTION"
    FREE = "FREE"
    """Liberado: members vote as they like."""
    OTHER = "OTHER"


class Orientation(Frozen):
    """One bench's orientation. `label` is the source's name of the bench; `party_ids` the party keys it stands for."""

    label: str
    kind: OrientationKind
    party_ids: tuple[str, ...] = ()
    option: OrientationOption
    option_text: str | None = None


class MemberVote(Vote):
    """One member's vote. `legislator_id` is our whole id (`camara-deputy-204534`); `at` when the member voted."""

    at: AwareDatetime | None = None


class VoteEventRecord(Record):
    """One voting (votação), plenary or committee.

    `counts_published` are the source's totals; `counts` are set when the record is completed (see
    `vote_completion.completed`). `votes` and `orientations` claimed as `()` say that the source has none. `bills` of
    several readings add up; all other lists are replaced. `flags` are those that the claims of one reading justify.
    """

    kind: Literal[RecordKind.VOTE_EVENT] = RecordKind.VOTE_EVENT
    organization: Organization | None = None
    organization_id: str | None = None
    legislature: int | None = None
    date: datetime.date | None = None
    at: AwareDatetime | None = None
    description: str | None = None
    purpose: VotePurpose = VotePurpose.UNKNOWN
    result: VoteResult = VoteResult.UNKNOWN
    result_text: str | None = None
    nominal: bool | None = None
    secret: bool | None = None
    turn: int | None = None
    plenary: bool | None = None
    counts: VoteCounts | None = None
    counts_published: VoteCounts | None = None
    bills: tuple[VotedBill, ...] = ()
    subject_identifier: str | None = None
    event_id: str | None = None
    orientations: tuple[Orientation, ...] = ()
    votes: tuple[MemberVote, ...] = ()
    flags: tuple[VotingFlag, ...] = ()
    duplicate_of: str | None = None
