"""Votings of a bill from `/votacao`."""

from collections.abc import Iterable

from legis.domain.bill import Organization, Vote, VoteCounts, VoteEvent
from legis.domain.vocabulary import VoteOption

from ingest_senado.normalizer.notes import Notes
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.votes import vote_option, vote_result
from ingest_senado.wire.voting import VoteRow, VotingRow


def vote_events(rows: Iterable[VotingRow], notes: Notes) -> tuple[VoteEvent, ...]:
    """Every voting once, oldest first; upstream repeats a row now and then."""
    unique = {row.codigoSessaoVotacao: row for row in rows}
    ordered = sorted(unique.values(), key=lambda row: (row.dataSessao or "", row.codigoSessaoVotacao))
    return tuple(_event(row, notes) for row in ordered)


def _event(row: VotingRow, notes: Notes) -> VoteEvent:
    secret = yes_no(row.votacaoSecreta)
    votes = tuple(_vote(item, secret=bool(secret)) for item in row.votos)
    when = notes.time(row.dataSessao, "vote_events")
    report = row.informeLegislativo
    return VoteEvent(
        upstream_id=str(row.codigoSessaoVotacao),
        date=when.date if when else None,
        at=when.at if when else None,
        description=row.descricaoVotacao,
        result=vote_result(row.resultadoVotacao),
        result_text=row.resultadoVotacao,
        secret=secret,
        organization=Organization(
            code=str(report.codigoColegiado) if report.codigoColegiado is not None else None,
            acronym=report.siglaColegiado,
            name=report.nomeColegiado,
            chamber=chamber(report.casaColegiado or row.casaSessao),
        )
        if report and (report.siglaColegiado or report.nomeColegiado)
        else None,
        counts=_counts(row, votes),
        subject_identifier=row.identificacao,
        votes=votes,
    )


def _vote(item: VoteRow, *, secret: bool) -> Vote:
    return Vote(
        legislator_id=None if item.codigoParlamentar is None else str(item.codigoParlamentar),
        name=item.nomeParlamentar,
        party=item.siglaPartidoParlamentar,
        state=item.siglaUFParlamentar,
        option=vote_option(item.siglaVotoParlamentar, item.descricaoVotoParlamentar, secret=secret),
        option_text=item.siglaVotoParlamentar or item.descricaoVotoParlamentar,
    )


def _counts(row: VotingRow, votes: tuple[Vote, ...]) -> VoteCounts | None:
    """Totals as published; where they are null the votes are counted. None where there is nothing to count.

    `other` holds those who were there and did not vote yes, no or abstain; the absent are counted nowhere.
    """
    options = [vote.option for vote in votes]
    there = (VoteOption.PRESENT, VoteOption.PRESIDING, VoteOption.OBSTRUCTION, VoteOption.OTHER)
    other = sum(options.count(option) for option in there)
    published = (row.totalVotosSim, row.totalVotosNao, row.totalVotosAbstencao)
    if any(total is not None for total in published):
        yes, no, abstain = (total or 0 for total in published)
        return VoteCounts(yes=yes, no=no, abstain=abstain, other=other)
    if not votes:
        return None
    yes, no, abstain = (options.count(o) for o in (VoteOption.YES, VoteOption.NO, VoteOption.ABSTAIN))
    return VoteCounts(yes=yes, no=no, abstain=abstain, other=other)
