"""Members' votes of a voting, from the API and from the yearly file."""

from collections.abc import Iterable, Sequence
from datetime import date

from legis.domain.records.record import record_id
from legis.domain.records.vote_event_record import MemberVote
from legis.domain.vocabulary import Source
from legis.domain.voting import VoteOption

from ingest_camara.normalizer.votes.record_claims import RecordClaims
from ingest_camara.vocabulary.votes import vote_option
from ingest_camara.wire.voting_columns import VoteRow
from ingest_camara.wire.voting_records import MemberVote as ListedVote

_FIELD = "votes"


def rows_of(listed: Iterable[ListedVote]) -> tuple[VoteRow, ...]:
    """Votes of the API in the form of the file."""
    return tuple(_row(vote) for vote in listed)


def member_votes(claims: RecordClaims, rows: Sequence[VoteRow], day: date | None) -> tuple[MemberVote, ...]:
    """The votes by name. Without any choice among them the voting was secret; parties are as of its day."""
    hidden = bool(rows) and not any(row.option.strip() for row in rows)
    votes = [_vote(claims, row, day, hidden=hidden) for row in rows]
    return tuple(sorted(votes, key=lambda vote: (vote.name, vote.legislator_id or "")))


def _row(vote: ListedVote) -> VoteRow:
    member = vote.deputado_
    cells = (member.id, member.nome, member.siglaPartido, member.siglaUf) if member else (None,) * 4
    identifier, name, party, state = (cell or "" for cell in cells)
    return VoteRow("", vote.dataRegistroVoto or "", vote.tipoVoto or "", identifier, name, party, state)


def _vote(claims: RecordClaims, row: VoteRow, day: date | None, *, hidden: bool) -> MemberVote:
    party = claims.party(_FIELD, row.party, day)
    text = claims.text(_FIELD, row.option)
    at = claims.moment(_FIELD, row.at)
    member = row.member.lstrip("0")
    return MemberVote(
        legislator_id=record_id(Source.CAMARA, "deputy", member) if member.isascii() and member.isdigit() else None,
        name=claims.text(_FIELD, row.name) or "",
        party=party.party,
        party_text=party.text,
        state=claims.text(_FIELD, row.state),
        option=VoteOption.SECRET if hidden else vote_option(text),
        option_text=text,
        at=at.at if at else None,
    )
