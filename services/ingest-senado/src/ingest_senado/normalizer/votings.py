"""Votings of a bill from `/votacao`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from legis.domain.bill import Organization, Vote, VoteCounts, VoteEvent
from legis.domain.brasilia_time import LocalTime
from legis.domain.vote_totals import Totals, totals_in
from legis.domain.voting import VoteOption, VotingFlag, VotingFlagCode, compare_counts, count_votes, unreadable_flags

from ingest_senado.normalizer.notes import Notes
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.folding import upper
from ingest_senado.vocabulary.purposes import TURNS, purpose_of
from ingest_senado.vocabulary.votes import vote_option, vote_result
from ingest_senado.wire.voting_records import VoteRow, VotingReport, VotingRow

_THERE = (VoteOption.PRESENT, VoteOption.PRESIDING, VoteOption.OBSTRUCTION, VoteOption.OTHER)


def vote_events(rows: Iterable[VotingRow], notes: Notes) -> tuple[VoteEvent, ...]:
    """Every voting once, oldest first; upstream sometimes repeats a row."""
    unique = {row.codigoSessaoVotacao: row for row in rows}
    ordered = sorted(unique.values(), key=lambda row: (row.dataSessao or "", row.codigoSessaoVotacao))
    return tuple(_event(row, notes) for row in ordered)


def _event(row: VotingRow, notes: Notes) -> VoteEvent:
    secret = yes_no(row.votacaoSecreta)
    when = notes.time(row.dataSessao, "vote_events")
    day = when.date if when else None
    votes = tuple(_vote(item, notes, day, secret=bool(secret)) for item in row.votos)
    report = row.informeLegislativo
    published = totals((row.totalVotosSim, row.totalVotosNao, row.totalVotosAbstencao), votes)
    if published is None and report is not None and report.texto:
        published = _reported(report.texto, row.descricaoVotacao)
    return VoteEvent(
        upstream_id=str(row.codigoSessaoVotacao),
        date=day,
        description=row.descricaoVotacao,
        result_text=row.resultadoVotacao,
        organization=_organization(report, row.casaSessao),
        subject_identifier=row.identificacao,
        **_moment(when),
        **judged(row.descricaoVotacao, row.identificacao, row.resultadoVotacao, published, votes, secret=secret),
    )


def _moment(when: LocalTime | None) -> dict[str, Any]:
    """`at`, where a time is told. Without one it stays unset: the list of orientations has the moment."""
    return {"at": when.at} if when is not None and when.at is not None else {}


def judged(
    description: str | None,
    identifier: str | None,
    result_text: str | None,
    published: VoteCounts | None,
    votes: tuple[Vote, ...],
    *,
    secret: bool | None,
) -> dict[str, Any]:
    """The values read from a voting's texts, totals and votes, with flags on the doubtful ones."""
    purpose, result = purpose_of(description, identifier), vote_result(result_text)
    found = count_votes(votes)
    flags = [*unreadable_flags(purpose, result), *compare_counts(published, found)]
    if not votes and not secret:
        flags.append(
            VotingFlag(code=VotingFlagCode.VOTES_MISSING, detail="no senators' votes, and not said to be secret")
        )
    return {
        "purpose": purpose,
        "result": result,
        "nominal": _nominal(description, votes, secret=secret),
        "secret": secret,
        "counts": found or published,
        "counts_published": published,
        "votes": votes,
        "flags": tuple(flags),
    }


def totals(figures: tuple[int | None, int | None, int | None], votes: tuple[Vote, ...]) -> VoteCounts | None:
    """Yes, no and abstain from upstream's own fields, which secret votings fill; None where all three are null.

    `other` counts the members who were present and did not vote yes, no or abstain: upstream has no field for it.
    """
    if all(figure is None for figure in figures):
        return None
    options = [vote.option for vote in votes]
    yes, no, abstain = (figure or 0 for figure in figures)
    return VoteCounts(yes=yes, no=no, abstain=abstain, other=sum(map(options.count, _THERE)))


def _organization(report: VotingReport | None, house: str | None) -> Organization | None:
    if report is None or not (report.siglaColegiado or report.nomeColegiado):
        return None
    return Organization(
        code=str(report.codigoColegiado) if report.codigoColegiado is not None else None,
        acronym=report.siglaColegiado,
        name=report.nomeColegiado,
        chamber=chamber(report.casaColegiado or house),
    )


def _vote(item: VoteRow, notes: Notes, day: date | None, *, secret: bool) -> Vote:
    party = notes.party("vote_events", item.siglaPartidoParlamentar, day)
    return Vote(
        legislator_id=None if item.codigoParlamentar is None else str(item.codigoParlamentar),
        name=item.nomeParlamentar,
        party=party.party,
        party_text=party.text,
        state=item.siglaUFParlamentar,
        option=vote_option(item.siglaVotoParlamentar, item.descricaoVotoParlamentar, secret=secret),
        option_text=item.siglaVotoParlamentar or item.descricaoVotoParlamentar,
    )


def _nominal(description: str | None, votes: tuple[Vote, ...], *, secret: bool | None) -> bool | None:
    """Whether senators voted by name; None if undecided. Forms: symbolic, nominal, secret (RISF art. 289 to 296)."""
    text = upper(description or "")
    if secret or "SIMBOLICA" in text:
        return False
    return True if votes or "VOTACAO NOMINAL" in text else None


def _reported(text: str, description: str | None) -> VoteCounts | None:
    """The totals of this voting printed in a report; None where it prints several and their voting is not clear.

    One report may cover both turns of an amendment to the Constitution: then the totals after the turn's name are
    taken.
    """
    found = list(totals_in(text))
    turn = next((pattern for pattern in TURNS if pattern.search(upper(description or ""))), None)
    if turn is not None:
        passages = [upper(text[before : totals.start]) for before, totals in zip(_ends(found), found, strict=True)]
        found = [totals for passage, totals in zip(passages, found, strict=True) if turn.search(passage)]
    return found[0].counts if len(found) == 1 else None


def _ends(found: list[Totals]) -> list[int]:
    """The beginning of the passage of each set of totals, as an index: the end of the totals before it."""
    return [0, *(totals.end for totals in found)][: len(found)]
