"""Totals of a voting as the Câmara publishes them: in the yearly file as figures, in the description as text."""

from collections.abc import Sequence

from legis.domain.records.vote_event_record import MemberVote
from legis.domain.vote_totals import published_counts
from legis.domain.voting import VoteCounts, count_votes

from ingest_camara.normalizer.claims import whole
from ingest_camara.wire.voting_columns import VotingRow


def totals_of_file(row: VotingRow, votes: Sequence[MemberVote]) -> VoteCounts | None:
    """The file's figures, which are right where the typed text is not; the text's where the file has only zeros.

    `votosOutros` is abstention, obstruction and the chair in one figure. It is divided as members' votes are, where
    their sum agrees, else as the text tells.
    """
    text = published_counts(row.descricao)
    yes, no, other = (whole(cell) or 0 for cell in (row.votosSim, row.votosNao, row.votosOutros))
    if not yes + no + other:
        return text
    found = count_votes(votes)
    if found is not None and found.abstain + found.other == other:
        return VoteCounts(yes=yes, no=no, abstain=found.abstain, other=found.other)
    abstain = min(text.abstain, other) if text is not None else 0
    return VoteCounts(yes=yes, no=no, abstain=abstain, other=other - abstain)
