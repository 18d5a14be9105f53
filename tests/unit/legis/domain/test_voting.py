"""Members' votes counted, and compared with what is published."""

import pytest
from legis.domain.voting import (
    Vote,
    VoteCounts,
    VoteOption,
    VotePurpose,
    VoteResult,
    VotingFlagCode,
    compare_counts,
    count_votes,
    unreadable_flags,
)


def votes(**options: int) -> list[Vote]:
    return [Vote(name="x", option=VoteOption(name)) for name, many in options.items() for _ in range(many)]


def totals(yes: int, no: int, abstain: int = 0, other: int = 0) -> VoteCounts:
    return VoteCounts(yes=yes, no=no, abstain=abstain, other=other)


def test_choices_are_counted_and_the_absent_are_not() -> None:
    assert count_votes(votes(YES=3, NO=2, ABSTAIN=1, OBSTRUCTION=4, PRESIDING=1, ABSENT=7)) == totals(3, 2, 1, 5)
    assert count_votes(votes(SECRET=53, PRESENT=27)) is None
    assert count_votes([]) is None


@pytest.mark.parametrize(
    ("published", "found", "codes"),
    [
        (totals(3, 2), totals(3, 2), []),
        (totals(3, 2, 1), totals(3, 2, 1, 9), []),  # obstruction and the chair are printed now and then
        (totals(337, 94), totals(327, 94), ["COUNTS_DIFFER"]),  # a slip of the pen
        (totals(337, 94), totals(336, 95), ["COUNTS_DIFFER"]),  # a member who changed the vote
        (totals(300, 90, 2), totals(300, 90, 1), ["COUNTS_DIFFER"]),
        (totals(35, 375), totals(315, 87, 1), ["COUNTS_DIFFER", "VOTES_OF_ANOTHER"]),
        (totals(200, 200), totals(400, 0), ["COUNTS_DIFFER", "VOTES_OF_ANOTHER"]),
        (totals(100, 50), totals(300, 120), ["COUNTS_DIFFER", "VOTES_OF_ANOTHER"]),
        (totals(34, 21, 1), totals(2, 1), ["COUNTS_DIFFER", "VOTES_MISSING"]),  # a list cut short
        (totals(72, 0), totals(3, 0), ["COUNTS_DIFFER", "VOTES_MISSING"]),
        (totals(337, 94), totals(336, 94), ["COUNTS_DIFFER"]),
        (None, totals(3, 2), []),
        (totals(3, 2), None, []),
    ],
)
def test_totals_against_votes(published: VoteCounts | None, found: VoteCounts | None, codes: list[str]) -> None:
    flags = compare_counts(published, found)
    assert [flag.code for flag in flags] == codes
    assert all(str(published.yes) in (flag.detail or "") for flag in flags if published)


def test_what_could_not_be_read_is_said() -> None:
    assert unreadable_flags(VotePurpose.PASSAGE, VoteResult.PASSED) == ()
    unread = unreadable_flags(VotePurpose.UNKNOWN, VoteResult.UNKNOWN)
    assert [flag.code for flag in unread] == [VotingFlagCode.RESULT_UNKNOWN, VotingFlagCode.PURPOSE_UNKNOWN]
    assert [flag.code for flag in unreadable_flags(VotePurpose.NOT_A_VOTE, VoteResult.NO_VOTE)] == [
        VotingFlagCode.NOT_A_VOTE
    ]
