"""Votings of the plenary, their orientations, and votings of committees as records of their own."""

from datetime import date
from typing import Any

from legis.domain.organization import Organization
from legis.domain.records.record import record_id
from legis.domain.records.vote_completion import READING_FLAGS
from legis.domain.records.vote_event_record import (
    MemberVote,
    Orientation,
    OrientationKind,
    VotedBill,
    VoteEventRecord,
)
from legis.domain.vocabulary import Chamber, Source
from legis.domain.voting import Vote, VoteCounts, VotingFlag, VotingFlagCode

from ingest_senado.normalizer.memberships import body_id, senator_id
from ingest_senado.normalizer.notes import Notes, Sighting
from ingest_senado.normalizer.votings import vote_events
from ingest_senado.vocabulary.benches import bench, orientation_option
from ingest_senado.vocabulary.chambers import chamber
from ingest_senado.vocabulary.folding import upper
from ingest_senado.vocabulary.legislatures import legislature_of
from ingest_senado.vocabulary.purposes import TURNS, purpose_of
from ingest_senado.vocabulary.votes import committee_option
from ingest_senado.wire.vote_event_records import CommitteeVote, CommitteeVotingRow, OrientationRow
from ingest_senado.wire.voting_records import VotingRow
from ingest_senado.wire.wire_model import leftovers

VOTE = record_id(Source.SENADO, "vote", "")
PLENARY = Organization(code="1998", acronym="PLEN", name="Plenário do Senado Federal", chamber=Chamber.SENADO)
"""The plenary of the Senado, for votings whose report is missing."""

MOST_DAYS_APART = 30
"""Largest distance of a report's day from the voting's; votings of 2015 and 2016 hold older ones under wrong days."""


def from_voting(row: VotingRow, sighting: Sighting) -> VoteEventRecord:
    """A voting of the plenary with its votes, nominal or secret."""
    notes = Notes(sighting)
    (event,) = vote_events((row,), notes)
    where = event.organization or (PLENARY if row.casaSessao in (None, "SF") else None)
    claims: dict[str, Any] = {
        "house": chamber(row.casaSessao),
        "organization": where,
        "organization_id": body_id(where.code) if where else None,
        "legislature": legislature_of(event.date) if event.date else None,
        "date": event.date,
        "at": event.at,
        "description": event.description,
        "result_text": event.result_text,
        "nominal": event.nominal,
        "secret": event.secret,
        "turn": turn_of(event.description),
        "counts_published": event.counts_published,
        "subject_identifier": event.subject_identifier,
        "event_id": _session_id(row),
    }
    return VoteEventRecord(
        id=f"{VOTE}{row.codigoSessaoVotacao}",
        source=Source.SENADO,
        upstream_id=event.upstream_id,
        plenary=True,
        purpose=event.purpose,
        result=event.result,
        bills=_bills(row),
        votes=tuple(_member_vote(vote) for vote in event.votes),
        flags=_reading_flags(row, event.flags, event.date, notes),
        extras=leftovers(row),
        **{name: value for name, value in claims.items() if value is not None},
    )


def from_orientations(row: OrientationRow, voting: VotingRow, sighting: Sighting) -> VoteEventRecord:
    """The orientations of a voting, and the moment when it began, which `/votacao` does not have."""
    notes = Notes(sighting)
    began = notes.time(row.dataInicioVotacao, "at")
    day = began.date if began else None
    claims = {"at": began.at} if began and began.at else {}
    return VoteEventRecord(
        id=f"{VOTE}{voting.codigoSessaoVotacao}",
        source=Source.SENADO,
        upstream_id=str(voting.codigoSessaoVotacao),
        orientations=tuple(_orientation(one.partido, one.voto, day) for one in row.orientacoesLideranca),
        extras={"orientacaoBancada": leftovers(row)},
        **claims,
    )


def from_committee_voting(row: CommitteeVotingRow, sighting: Sighting) -> VoteEventRecord:
    """A voting of a committee. Its result is unknown: the agenda item of the meeting may tell it."""
    notes = Notes(sighting)
    when = notes.time(row.DataHoraInicioReuniao, "at")
    figures = (row.TotalVotosSim, row.TotalVotosNao, row.TotalVotosAbstencao)
    claims: dict[str, Any] = {
        "house": chamber(row.SiglaCasaColegiado),
        "organization_id": body_id(row.CodigoColegiado),
        "legislature": legislature_of(when.date) if when else None,
        "date": when.date if when else None,
        "at": when.at if when else None,
        "description": row.DescricaoVotacao,
        "subject_identifier": row.IdentificacaoMateria,
        "event_id": record_id(Source.SENADO, "meeting", row.CodigoReuniao) if row.CodigoReuniao else None,
    }
    if any(figure is not None for figure in figures):
        yes, no, abstain = (figure or 0 for figure in figures)
        claims["counts_published"] = VoteCounts(yes=yes, no=no, abstain=abstain)
    return VoteEventRecord(
        id=record_id(Source.SENADO, "committee-vote", row.CodigoVotacao),
        source=Source.SENADO,
        upstream_id=str(row.CodigoVotacao),
        plenary=False,
        organization=Organization(
            code=None if row.CodigoColegiado is None else str(row.CodigoColegiado),
            acronym=row.SiglaColegiado,
            name=row.NomeColegiado,
            chamber=chamber(row.SiglaCasaColegiado),
        ),
        purpose=purpose_of(row.DescricaoVotacao, row.IdentificacaoMateria),
        votes=tuple(_committee_vote(vote, notes, when.date if when else None) for vote in row.Votos),
        flags=(),
        extras=leftovers(row),
        **{name: value for name, value in claims.items() if value is not None},
    )


def turn_of(description: str | None) -> int | None:
    """1 or 2, where the description names a turn."""
    text = upper(description or "")
    return next((number for number, pattern in enumerate(TURNS, 1) if pattern.search(text)), None)


def sequence_of(row: VotingRow) -> int | None:
    """`sequencialVotacao`, which orientations have too."""
    found = (row.model_extra or {}).get("sequencialVotacao")
    return int(found) if isinstance(found, int | str) and str(found).isdecimal() else None


def _session_id(row: VotingRow) -> str | None:
    code = (row.model_extra or {}).get("codigoSessao")
    return None if code is None else record_id(Source.SENADO, "session", code)


def _bills(row: VotingRow) -> tuple[VotedBill, ...]:
    """The process voted on, by the same role as the process's own reading of its votings gives it."""
    if row.idProcesso is None:
        return ()
    return (VotedBill(id=f"{Source.SENADO.value}-{row.idProcesso}", identifier=row.identificacao),)


def _member_vote(vote: Vote) -> MemberVote:
    code = vote.legislator_id
    whole_id = None if code is None else senator_id(int(code))
    return MemberVote(**vote.model_dump(exclude={"legislator_id"}), legislator_id=whole_id)


def _reading_flags(
    row: VotingRow, flags: tuple[VotingFlag, ...], day: date | None, notes: Notes
) -> tuple[VotingFlag, ...]:
    """Flags that this reading justifies; all others follow from the whole voting."""
    found = [flag for flag in flags if flag.code in READING_FLAGS]
    report = row.informeLegislativo.model_extra if row.informeLegislativo else None
    told = notes.day(str(report["data"]), "date") if report and report.get("data") else None
    if told and day and abs((told - day).days) > MOST_DAYS_APART:
        found.append(VotingFlag(code=VotingFlagCode.DATE_SUSPECT, detail=f"report of {told}, voting of {day}"))
    return tuple(found)


def _orientation(label: str, vote: str | None, day: date | None) -> Orientation:
    kind, parties = bench(label, day)
    if kind is OrientationKind.PARTY and not parties:
        kind = OrientationKind.LEADERSHIP
    return Orientation(label=label, kind=kind, party_ids=parties, option=orientation_option(vote), option_text=vote)


def _committee_vote(vote: CommitteeVote, notes: Notes, day: date | None) -> MemberVote:
    """The vote; only members from the Senado have an id that is surely a senator's."""
    party = notes.party("votes", vote.SiglaPartidoParlamentar, day)
    return MemberVote(
        legislator_id=senator_id(vote.CodigoParlamentar) if vote.SiglaCasaParlamentar == "SF" else None,
        name=vote.NomeParlamentar,
        party=party.party,
        party_text=party.text,
        state=vote.SiglaUfParlamentar,
        option=committee_option(vote.QualidadeVoto),
        option_text=vote.QualidadeVoto,
    )
