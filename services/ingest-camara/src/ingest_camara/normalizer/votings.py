"""Votings and the votes of members."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from legis.domain.bill import Vote, VoteCounts, VoteEvent
from legis.domain.vote_totals import published_counts
from legis.domain.voting import VoteOption, VotingFlag, VotingFlagCode, compare_counts, count_votes, unreadable_flags

from ingest_camara.normalizer.addresses import organization
from ingest_camara.normalizer.claims import Claims
from ingest_camara.vocabulary.purposes import fold, purpose_of
from ingest_camara.vocabulary.votes import result_of, vote_option
from ingest_camara.wire.voting_records import MemberVote, Voting

_PLENARY = "PLEN"
_SECRET = re.compile(r"\b(?:escrutinio|votacao|voto) secret")
_SYMBOLIC = re.compile(r"\bsimbolic")
_ROLL_CALL = re.compile(r"\b(?:votacao|processo) nominal\b")
_FEW = 20
"""Largest number of votes that a symbolic voting may list, recorded on request; more of them are a roll call."""


def is_nominal(voting: Voting) -> bool:
    """Whether members' votes may be published: the description has totals, or the plenary voted."""
    return (voting.siglaOrgao or "").strip() == _PLENARY or published_counts(voting.descricao) is not None


def said_secret(folded: str) -> bool | None:
    """True where the text is of a secret voting; None: it does not say."""
    return True if _SECRET.search(folded) else None


def said_nominal(folded: str) -> bool | None:
    """False where the text calls a voting symbolic, True where it calls it nominal; None: it does not say."""
    if _SYMBOLIC.search(folded):
        return False
    return True if _ROLL_CALL.search(folded) else None


def newest_first(votings: Iterable[Voting]) -> list[Voting]:
    """The votings by day, the newest first; upstream's order within a day is not preserved."""
    return sorted(
        votings, key=lambda voting: (voting.data or "", voting.dataHoraRegistro or "", voting.id), reverse=True
    )


def claim_votes(claims: Claims, votings: Sequence[Voting], votes: Mapping[str, Sequence[MemberVote]]) -> None:
    """Claims the votings, newest first, each with its members' votes where they were requested and received."""
    events = tuple(_event(claims, voting, votes.get(voting.id)) for voting in newest_first(votings))
    claims.values["vote_events"] = _without_borrowed_trust(events, votes)


def _event(claims: Claims, voting: Voting, votes: Sequence[MemberVote] | None) -> VoteEvent:
    field = "vote_events"
    day = claims.moment(field, voting.data)
    registered = claims.moment(field, voting.dataHoraRegistro)
    held = day.date if day else (registered.date if registered else None)
    description = claims.text(field, voting.descricao)
    folded = fold(description)
    purpose = purpose_of(folded, voting.proposicaoObjeto)
    result, contradicted = result_of(folded, purpose, voting.aprovacao)
    hidden = bool(votes) and not any(vote.tipoVoto for vote in votes or ())
    members = tuple(_vote(claims, vote, held, hidden=hidden) for vote in votes or ())
    published, found = published_counts(description), count_votes(members)
    secret = _secret(folded, members, hidden=hidden)
    flags = [*unreadable_flags(purpose, result), *compare_counts(published, found)]
    if contradicted:
        flags.append(VotingFlag(code=VotingFlagCode.RESULT_CONTRADICTS, detail=f"aprovacao is {voting.aprovacao}"))
    if votes is not None and not votes and published is not None and not secret:
        flags.append(VotingFlag(code=VotingFlagCode.VOTES_MISSING, detail="totals are published, members' votes not"))
    event = VoteEvent(
        upstream_id=claims.text(field, voting.id) or "",
        date=held,
        at=registered.at if registered else None,
        description=description,
        purpose=purpose,
        result=result,
        nominal=_nominal(folded, members, published, secret=secret),
        secret=secret,
        organization=organization(claims, field, voting.siglaOrgao, voting.uriOrgao),
        counts=found or published,
        counts_published=published,
        subject_identifier=claims.text(field, voting.proposicaoObjeto),
        flags=tuple(flags),
    )
    if votes is None:
        return event
    return event.model_copy(
        update={"votes": tuple(sorted(members, key=lambda vote: (vote.name, vote.legislator_id or "")))}
    )


def _vote(claims: Claims, vote: MemberVote, day: date | None, *, hidden: bool) -> Vote:
    field, member = "vote_events", vote.deputado_
    party = claims.party(field, member.siglaPartido if member else None, day)
    text = claims.text(field, vote.tipoVoto)
    return Vote(
        legislator_id=claims.text(field, member.id) if member else None,
        name=(claims.text(field, member.nome) if member else None) or "",
        party=party.party,
        party_text=party.text,
        state=claims.text(field, member.siglaUf) if member else None,
        option=VoteOption.SECRET if hidden else vote_option(text),
        option_text=text,
    )


def _secret(folded: str, members: Sequence[Vote], *, hidden: bool) -> bool | None:
    """True where votes have no choice or the text is of a secret voting, else False; None without any vote listed."""
    if hidden or said_secret(folded):
        return True
    return False if members else None


def _nominal(folded: str, members: Sequence[Vote], published: VoteCounts | None, *, secret: bool | None) -> bool | None:
    """Whether members voted by name; None where nothing decides. Forms: symbolic, nominal, secret (RICD art. 184)."""
    if secret:
        return False
    said = said_nominal(folded)
    return True if said is None and (published is not None or len(members) > _FEW) else said


def _without_borrowed_trust(
    events: tuple[VoteEvent, ...], votes: Mapping[str, Sequence[MemberVote]]
) -> tuple[VoteEvent, ...]:
    """The events, flagged where members' votes contradict the totals and equal those of another voting.

    Equal means: the same members, choices and times of vote, to the second.
    """
    holders: defaultdict[frozenset[tuple[str | None, ...]], list[str]] = defaultdict(list)
    for upstream_id, rows in votes.items():
        if len(rows) > _FEW:
            holders[_print_of(rows)].append(upstream_id)
    others = {one: other for same in holders.values() for one in same for other in same if one != other}
    return tuple(_flagged(event, others.get(event.upstream_id)) for event in events)


def _flagged(event: VoteEvent, other: str | None) -> VoteEvent:
    codes = {flag.code for flag in event.flags}
    if other is None or VotingFlagCode.COUNTS_DIFFER not in codes or VotingFlagCode.VOTES_OF_ANOTHER in codes:
        return event
    flag = VotingFlag(code=VotingFlagCode.VOTES_OF_ANOTHER, detail=f"the members' votes of {other}, to the second")
    return event.model_copy(update={"flags": (*event.flags, flag)})


def _print_of(rows: Iterable[MemberVote]) -> frozenset[tuple[str | None, ...]]:
    return frozenset((row.deputado_.id if row.deputado_ else None, row.tipoVoto, row.dataRegistroVoto) for row in rows)
