"""Votings as records of their own, from the list, the detail and the yearly files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from legis.domain.brasilia_time import LocalTime
from legis.domain.organization import Organization
from legis.domain.records.record import record_id
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.storable_text import clean
from legis.domain.vocabulary import Source
from legis.domain.vote_totals import published_counts
from legis.domain.voting import VotePurpose, VotingFlag, VotingFlagCode

from ingest_camara.normalizer.addresses import body_id, trailing_id
from ingest_camara.normalizer.extras import keep_unknown, keep_unknown_rows
from ingest_camara.normalizer.votes.member_votes import member_votes, rows_of
from ingest_camara.normalizer.votes.orientations import filed_orientations, listed_orientations
from ingest_camara.normalizer.votes.published_totals import totals_of_file
from ingest_camara.normalizer.votes.record_claims import RecordClaims
from ingest_camara.normalizer.votes.voted_bills import Named, affected, filed, object_of, voted_bills
from ingest_camara.normalizer.votings import said_nominal, said_secret
from ingest_camara.vocabulary.purposes import fold, is_bare_request, purpose_with_opening
from ingest_camara.vocabulary.votes import result_of
from ingest_camara.wire.vote_event_records import OrientationRow, VotingDetail
from ingest_camara.wire.voting_columns import BenchRow, VotedBillRow, VoteRow, VotingRow
from ingest_camara.wire.voting_records import MemberVote, Voting

PLENARY = "PLEN"
LATEST_REGISTRATION_DAYS = 7
"""Days after a voting in which it is registered without a doubt; of 686 recorded ones 20 were one day late, 12 five."""

_TOLD_BY_DETAIL = frozenset(
    {"id", "source", "upstream_id", "house", "bills", "purpose", "result", "turn", "subject_identifier", "flags"}
)
_TURN = re.compile(r"\b(?:(1|2)[ºoª°]?\.?|(primeiro|segundo)) turno\b")
_FIRST_TERM = 48
_FIRST_TERM_BEGAN = 1987
_TERM_YEARS = 4


@dataclass(frozen=True, slots=True)
class FileParts:
    """Rows of the other yearly files that belong to a voting; None where there is no such file for the year."""

    votes: Sequence[VoteRow] | None = None
    benches: Sequence[BenchRow] | None = None
    bills: Sequence[VotedBillRow] | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What every form of a voting tells."""

    id: str
    day: str | None
    registered: str | None
    acronym: str | None
    body: str | None
    event: str | None
    description: str | None
    approval: str | None
    object_label: str | None = None
    opening: str | None = None


def voting_record_id(upstream_id: str) -> str:
    """Our id of a voting."""
    return record_id(Source.CAMARA, "vote", upstream_id)


def from_list_row(voting: Voting, *, fetched_at: datetime | None = None) -> VoteEventRecord:
    """A row of `/votacoes`. The purpose of a bare request is not claimed: only the detail has it."""
    claims, _ = _claims(_listed(voting), fetched_at)
    if claims.values["purpose"] is VotePurpose.REQUEST and is_bare_request(fold(voting.descricao)):
        del claims.values["purpose"]
    _claim_listed(claims, voting)
    return VoteEventRecord(**claims.values)


def from_detail(
    detail: VotingDetail,
    votes: Sequence[MemberVote] | None,
    orientations: Sequence[OrientationRow] | None,
    *,
    fetched_at: datetime | None = None,
) -> VoteEventRecord:
    """`/votacoes/{id}` with its lists; None: the list was not read, or upstream did not answer it."""
    claims, day = _claims(_listed(detail, opening=detail.descUltimaAberturaVotacao), fetched_at)
    _claim_listed(claims, detail, affected(detail.proposicoesAfetadas))
    if votes is not None:
        claims.claim(votes=member_votes(claims, rows_of(votes), day))
        keep_unknown_rows(claims, "votos", votes)
    if orientations is not None:
        claims.claim(orientations=listed_orientations(claims, orientations, day))
        keep_unknown_rows(claims, "orientacoes", orientations)
    keep_unknown_rows(claims, "proposicoesAfetadas", detail.proposicoesAfetadas)
    return VoteEventRecord(**claims.values)


def from_file(
    row: VotingRow, parts: FileParts, unknown: Mapping[str, str], *, fetched_at: datetime | None = None
) -> VoteEventRecord:
    """A row of `votacoes-{ano}.csv` joined with the rows of the other three files. The purpose of a bare request is not
    claimed: only the detail has it.
    """
    claims, day = _claims(_filed(row), fetched_at)
    if needs_opening(row):
        del claims.values["purpose"]
    votes = member_votes(claims, parts.votes or (), day)
    if parts.votes is not None:
        claims.claim(votes=votes)
    if parts.benches is not None:
        claims.claim(orientations=filed_orientations(claims, parts.benches, day))
    claims.claim(bills=voted_bills(row.id, filed(parts.bills or ())))
    claims.claim(counts_published=totals_of_file(row, votes))
    claims.keep("votacoes", unknown)
    return VoteEventRecord(**claims.values)


def purpose_only(detail: VoteEventRecord) -> VoteEventRecord:
    """The claims of a detail that no file makes: its votes and totals stay those of the file."""
    return VoteEventRecord(**{name: getattr(detail, name) for name in _TOLD_BY_DETAIL & detail.model_fields_set})


def needs_opening(row: VotingRow) -> bool:
    """Whether only the detail of a voting can tell its purpose: the file has no opening of a bare request."""
    return row.siglaOrgao.strip() == PLENARY and not row.abertura.strip() and is_bare_request(fold(row.descricao))


def _listed(voting: Voting, opening: str | None = None) -> _Facts:
    return _Facts(
        id=voting.id,
        day=voting.data,
        registered=voting.dataHoraRegistro,
        acronym=voting.siglaOrgao,
        body=body_id(voting.uriOrgao),
        event=trailing_id(voting.uriEvento),
        description=voting.descricao,
        approval=voting.aprovacao,
        object_label=voting.proposicaoObjeto,
        opening=opening,
    )


def _filed(row: VotingRow) -> _Facts:
    return _Facts(
        id=row.id,
        day=row.data,
        registered=row.dataHoraRegistro,
        acronym=row.siglaOrgao,
        body=row.idOrgao.strip("0") and row.idOrgao,
        event=row.idEvento.strip("0") and row.idEvento,
        description=row.descricao,
        approval=row.aprovacao,
        opening=row.abertura,
    )


def _claims(facts: _Facts, fetched_at: datetime | None) -> tuple[RecordClaims, date | None]:
    """The claims that all forms make, and the day of the voting."""
    claims = RecordClaims("vote", facts.id, fetched_at)
    day, registered = claims.moment("date", facts.day), claims.moment("at", facts.registered)
    held = day.date if day else (registered.date if registered else None)
    description = claims.text("description", facts.description)
    folded = fold(description)
    purpose = purpose_with_opening(folded, facts.object_label, facts.opening)
    result, contradicted = result_of(folded, purpose, facts.approval)
    flags = [_contradiction(facts)] if contradicted else []
    acronym, body = claims.text("organization", facts.acronym), claims.text("organization", facts.body)
    event = claims.text("event_id", facts.event)
    claims.claim(
        date=held,
        at=registered.at if registered else None,
        description=description,
        purpose=purpose,
        result=result,
        nominal=said_nominal(folded),
        secret=said_secret(folded),
        turn=_turn(folded) or _turn(fold(facts.opening)),
        legislature=legislature_of(held),
        plenary=acronym == PLENARY if acronym else None,
        organization=Organization(code=body, acronym=acronym) if body or acronym else None,
        organization_id=record_id(Source.CAMARA, "org", body) if body else None,
        event_id=record_id(Source.CAMARA, "event", event) if event else None,
        flags=(*flags, *_suspect(day, registered)),
    )
    return claims, held


def _claim_listed(claims: RecordClaims, voting: Voting, named: Sequence[Named] = ()) -> None:
    claims.claim(
        bills=voted_bills(voting.id, named, object_of(voting)),
        counts_published=published_counts(voting.descricao),
    )
    if voting.has("proposicaoObjeto"):
        claims.claim(subject_identifier=claims.text("subject_identifier", voting.proposicaoObjeto))
    keep_unknown(claims, voting)


def _contradiction(facts: _Facts) -> VotingFlag:
    return VotingFlag(code=VotingFlagCode.RESULT_CONTRADICTS, detail=f"aprovacao is {clean(facts.approval or '')[0]}")


def _suspect(day: LocalTime | None, registered: LocalTime | None) -> tuple[VotingFlag, ...]:
    """A flag where a voting was registered before its day, or much later."""
    if day is None or registered is None or 0 <= (registered.date - day.date).days <= LATEST_REGISTRATION_DAYS:
        return ()
    detail = f"of {day.date}, registered on {registered.date}"
    return (VotingFlag(code=VotingFlagCode.DATE_SUSPECT, detail=detail),)


def _turn(folded: str) -> int | None:
    match = _TURN.search(folded)
    if match is None:
        return None
    return int(match[1]) if match[1] else {"primeiro": 1, "segundo": 2}[match[2]]


def legislature_of(day: date | None) -> int | None:
    """The number of the legislature; they begin on 1 February, every four years since 1987; None before."""
    if day is None:
        return None
    year = day.year if (day.month, day.day) >= (2, 1) else day.year - 1
    return _FIRST_TERM + (year - _FIRST_TERM_BEGAN) // _TERM_YEARS if year >= _FIRST_TERM_BEGAN else None
