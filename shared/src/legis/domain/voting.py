"""Votings: result, purpose, members' votes, and warnings about contradictions in them."""

from collections.abc import Sequence
from datetime import date

from pydantic import AwareDatetime

from legis.domain.frozen import Frozen
from legis.domain.organization import Organization
from legis.domain.word_enum import Word


class VoteOption(Word):
    """One member's vote."""

    YES = "YES"
    NO = "NO"
    ABSTAIN = "ABSTAIN"
    OBSTRUCTION = "OBSTRUCTION"
    PRESENT = "PRESENT"
    PRESIDING = "PRESIDING"
    ABSENT = "ABSENT"
    SECRET = "SECRET"
    OTHER = "OTHER"


class VoteResult(Word):
    """Result of a voting, as far as the source gives it. KEPT and REMOVED: of a part of a text that was voted on
    separately.
    """

    PASSED = "PASSED"
    FAILED = "FAILED"
    KEPT = "KEPT"
    REMOVED = "REMOVED"
    NO_VOTE = "NO_VOTE"
    UNKNOWN = "UNKNOWN"


class VotePurpose(Word):
    """What a voting decided. Where several fit, the first in this order applies."""

    NOT_A_VOTE = "NOT_A_VOTE"
    NOMINATION = "NOMINATION"
    SEPARATE_VOTE = "SEPARATE_VOTE"
    APPEAL = "APPEAL"
    URGENCY = "URGENCY"
    WITHDRAW_FROM_AGENDA = "WITHDRAW_FROM_AGENDA"
    POSTPONE = "POSTPONE"
    INTERVAL_WAIVER = "INTERVAL_WAIVER"
    CLOSE_DEBATE = "CLOSE_DEBATE"
    ORDER_OF_AGENDA = "ORDER_OF_AGENDA"
    VOTING_METHOD = "VOTING_METHOD"
    REQUEST = "REQUEST"
    FINAL_TEXT = "FINAL_TEXT"
    ADMISSIBILITY = "ADMISSIBILITY"
    AMENDMENT = "AMENDMENT"
    PASSAGE = "PASSAGE"
    REPORT = "REPORT"
    UNKNOWN = "UNKNOWN"


class VotingFlagCode(Word):
    """Code of a warning about a voting."""

    NOT_A_VOTE = "NOT_A_VOTE"
    RESULT_CONTRADICTS = "RESULT_CONTRADICTS"
    RESULT_UNKNOWN = "RESULT_UNKNOWN"
    PURPOSE_UNKNOWN = "PURPOSE_UNKNOWN"
    VOTES_MISSING = "VOTES_MISSING"
    COUNTS_DIFFER = "COUNTS_DIFFER"
    VOTES_OF_ANOTHER = "VOTES_OF_ANOTHER"
    DUPLICATE = "DUPLICATE"
    MEMBER_UNKNOWN = "MEMBER_UNKNOWN"
    PARTY_UNRESOLVED = "PARTY_UNRESOLVED"
    DATE_SUSPECT = "DATE_SUSPECT"
    LIST_IN_DOUBT = "LIST_IN_DOUBT"


class VotingFlag(Frozen):
    """A warning about one voting, with its evidence."""

    code: VotingFlagCode
    detail: str | None = None


class Vote(Frozen):
    """One member's vote, with party and state as of that day; `party_text` is the label in the source, where it
    differs.
    """

    legislator_id: str | None = None
    name: str
    party: str | None = None
    party_text: str | None = None
    state: str | None = None
    option: VoteOption
    option_text: str | None = None


class VoteCounts(Frozen):
    """Totals of a voting. `other` counts obstruction, the chair, and members present without a choice."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    other: int = 0


class VoteEvent(Frozen):
    """One voting. `votes` is empty where the vote was symbolic or is not published.

    `counts` are counted from the members' votes where their choices are published, else they equal `counts_published`:
    the totals that the source prints. `nominal` is None where the source does not say whether members were called by
    name.
    """

    upstream_id: str
    date: date | None
    at: AwareDatetime | None = None
    description: str | None = None
    purpose: VotePurpose = VotePurpose.UNKNOWN
    result: VoteResult = VoteResult.UNKNOWN
    result_text: str | None = None
    nominal: bool | None = None
    secret: bool | None = None
    organization: Organization | None = None
    counts: VoteCounts | None = None
    counts_published: VoteCounts | None = None
    subject_identifier: str | None = None
    votes: tuple[Vote, ...] = ()
    flags: tuple[VotingFlag, ...] = ()


_CHOICES = (VoteOption.YES, VoteOption.NO, VoteOption.ABSTAIN)
_PRESENT_WITHOUT_CHOICE = (VoteOption.PRESENT, VoteOption.PRESIDING, VoteOption.OBSTRUCTION, VoteOption.OTHER)

FOREIGN_SHARE = 0.1
"""Share of the votes cast from which a difference in both Yes and No is no typing error or late vote: the votes belong
to another voting. Among 638 recorded votings, typing errors are of one number; the one foreign set differs by 280."""


def count_votes(votes: Sequence[Vote]) -> VoteCounts | None:
    """Counts the members' choices; None where no member's choice is published. Absent members count nowhere."""
    options = [vote.option for vote in votes]
    yes, no, abstain = (options.count(choice) for choice in _CHOICES)
    if not yes + no + abstain and VoteOption.SECRET in options:
        return None
    return (
        VoteCounts(yes=yes, no=no, abstain=abstain, other=sum(map(options.count, _PRESENT_WITHOUT_CHOICE)))
        if votes
        else None
    )


def compare_counts(published: VoteCounts | None, found: VoteCounts | None) -> tuple[VotingFlag, ...]:
    """Flags where members' votes and published totals differ. Obstruction and the chair are not compared: sources print
    them only sometimes.
    """
    if published is None or found is None:
        return ()
    yes, no = found.yes - published.yes, found.no - published.no
    if not (yes or no) and found.abstain == published.abstain:
        return ()
    detail = f"published {_shown(published)}, counted {_shown(found)}"
    codes = [VotingFlagCode.COUNTS_DIFFER]
    least = FOREIGN_SHARE * max(found.yes + found.no, published.yes + published.no)
    if max(yes, no) <= 0:
        codes += [VotingFlagCode.VOTES_MISSING] if -(yes + no) > least else []
    elif min(abs(yes), abs(no)) > least:
        codes.append(VotingFlagCode.VOTES_OF_ANOTHER)
    return tuple(VotingFlag(code=code, detail=detail) for code in codes)


def unreadable_flags(purpose: VotePurpose, result: VoteResult) -> tuple[VotingFlag, ...]:
    """Flags where purpose or result could not be read, or nothing was voted on."""
    if purpose is VotePurpose.NOT_A_VOTE:
        return (VotingFlag(code=VotingFlagCode.NOT_A_VOTE),)
    flags = []
    if result is VoteResult.UNKNOWN:
        flags.append(VotingFlag(code=VotingFlagCode.RESULT_UNKNOWN))
    if purpose is VotePurpose.UNKNOWN:
        flags.append(VotingFlag(code=VotingFlagCode.PURPOSE_UNKNOWN))
    return tuple(flags)


def _shown(counts: VoteCounts) -> str:
    return f"{counts.yes}:{counts.no}:{counts.abstain}"
