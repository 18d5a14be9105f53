"""Votings and the votes of members."""

import re
from collections.abc import Iterable, Mapping, Sequence

from legis.domain.bill import Vote, VoteCounts, VoteEvent
from legis.domain.vocabulary import VoteOption, VoteResult

from ingest_camara.normalizer.claims import Claims
from ingest_camara.normalizer.references import organization
from ingest_camara.vocabulary.people import vote_option
from ingest_camara.wire.votings import MemberVote, Voting

_LABELLED = r"\b{word}\b\s*[:,]?\s*(\d{{1,3}})\b"
_QUOTED = r"\b(\d{{1,3}})\s+votos?\s+[\"“]?{word}\b"
_YES, _NO, _ABSTAIN, _OBSTRUCTION = (
    re.compile(f"(?:{_LABELLED.format(word=word)}|{_QUOTED.format(word=word)})", re.IGNORECASE)
    for word in ("sim", "não", r"absten(?:ção|ções)", r"obstruç(?:ão|ões)")
)
_REJECTED = re.compile(r"\brejeitad[oa]s?\b", re.IGNORECASE)
_PLENARY = "PLEN"


def published_counts(description: str | None) -> VoteCounts | None:
    """The totals that a description ends with, such as `Sim: 236; Não: 178; Total: 414.`; None where it has none."""
    text = description or ""
    yes, no = _YES.search(text), _NO.search(text)
    if yes is None or no is None:
        return None
    abstain, obstruction = _ABSTAIN.search(text), _OBSTRUCTION.search(text)
    return VoteCounts(yes=_figure(yes), no=_figure(no), abstain=_figure(abstain), other=_figure(obstruction))


def is_nominal(voting: Voting) -> bool:
    """Whether members' votes may be published: the description has totals, or the plenary voted."""
    return (voting.siglaOrgao or "").strip() == _PLENARY or published_counts(voting.descricao) is not None


def newest_first(votings: Iterable[Voting]) -> list[Voting]:
    """The votings by day, the newest first; upstream's own order among those of one day is not kept."""
    return sorted(
        votings, key=lambda voting: (voting.data or "", voting.dataHoraRegistro or "", voting.id), reverse=True
    )


def decide(claims: Claims, votings: Sequence[Voting], votes: Mapping[str, Sequence[MemberVote]]) -> None:
    """Claims the votings, newest first, with the members' votes of those that were asked for and answered."""
    events = (_event(claims, voting, votes.get(voting.id)) for voting in newest_first(votings))
    claims.values["vote_events"] = tuple(events)


def _event(claims: Claims, voting: Voting, votes: Sequence[MemberVote] | None) -> VoteEvent:
    field = "vote_events"
    day = claims.moment(field, voting.data)
    registered = claims.moment(field, voting.dataHoraRegistro)
    description = claims.text(field, voting.descricao)
    read = (_vote(claims, vote) for vote in votes or ())
    members = tuple(sorted(read, key=lambda v: (v.name, v.legislator_id or "")))
    event = VoteEvent(
        upstream_id=voting.id,
        date=day.date if day else (registered.date if registered else None),
        at=registered.at if registered else None,
        description=description,
        result=_result(voting.aprovacao, description),
        organization=organization(claims, field, voting.siglaOrgao, voting.uriOrgao),
        counts=published_counts(description) or _counted(members),
        subject_identifier=claims.text(field, voting.proposicaoObjeto),
    )
    return event if votes is None else event.model_copy(update={"votes": members})


def _result(approval: str | None, description: str | None) -> VoteResult:
    if approval == "1":
        return VoteResult.PASSED
    # 0 also stands beside "Concedida a vista" and other things that no one rejected.
    if approval == "0" and _REJECTED.search(description or ""):
        return VoteResult.FAILED
    return VoteResult.UNKNOWN


def _vote(claims: Claims, vote: MemberVote) -> Vote:
    field, member = "vote_events", vote.deputado_
    return Vote(
        legislator_id=member.id if member else None,
        name=(claims.text(field, member.nome) if member else None) or "",
        party=claims.text(field, member.siglaPartido) if member else None,
        state=claims.text(field, member.siglaUf) if member else None,
        option=vote_option(claims.text(field, vote.tipoVoto)),
        option_text=claims.text(field, vote.tipoVoto),
    )


def _counted(votes: Sequence[Vote]) -> VoteCounts | None:
    if not votes:
        return None
    options = [vote.option for vote in votes]
    yes, no, abstain = (options.count(o) for o in (VoteOption.YES, VoteOption.NO, VoteOption.ABSTAIN))
    return VoteCounts(yes=yes, no=no, abstain=abstain, other=len(options) - yes - no - abstain)


def _figure(match: re.Match[str] | None) -> int:
    return int(next(group for group in match.groups() if group is not None)) if match else 0
