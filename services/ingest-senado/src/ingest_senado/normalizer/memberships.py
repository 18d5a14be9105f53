"""A senator's mandates, parties, committees, offices, leaderships and leaves as memberships."""

from collections.abc import Iterable
from datetime import date

from legis.domain.organization import Organization
from legis.domain.parties.party_table import party_record_id
from legis.domain.records.membership import Condition, Membership, MembershipKind
from legis.domain.records.record import record_id
from legis.domain.vocabulary import Chamber, Source

from ingest_senado.normalizer.notes import Notes, folded
from ingest_senado.vocabulary.chambers import chamber
from ingest_senado.vocabulary.folding import upper
from ingest_senado.wire.people_records import (
    Affiliation,
    CommitteeName,
    CommitteeOffice,
    CommitteeSeat,
    Exercise,
    LeadershipRow,
    Leave,
    Mandate,
)

_TERMS, _PARTIES, _COMMITTEES, _OFFICES, _LEAVES, _LEADERSHIP = (
    f"memberships.{name}" for name in ("terms", "parties", "committees", "offices", "leaves", "leadership")
)
"""Fields that flags are about: one upstream list each."""

UNKNOWN_DAYS = frozenset({date(1900, 1, 1), date(1823, 1, 1)})
"""Days that the Senado writes for a day it does not know."""

SENATE = Organization(acronym="SF", name="Senado Federal", chamber=Chamber.SENADO)


def senator_id(code: int | None) -> str | None:
    """Our id of a senator."""
    return None if code is None else record_id(Source.SENADO, "senator", code)


def body_id(code: int | str | None) -> str | None:
    """Our id of a committee, board or plenary."""
    return None if code is None else record_id(Source.SENADO, "org", code)


def known_day(notes: Notes, text: str | None, field: str) -> date | None:
    """The day; None where it is one of those that stand for "unknown"."""
    found = notes.day(text, field)
    return None if found in UNKNOWN_DAYS else found


def condition(text: str | None) -> Condition | None:
    """`Titular`, `1º Suplente`; None for anything else."""
    word = upper(text or "")
    if "SUPLENTE" in word:
        return Condition.SUBSTITUTE
    return Condition.TITULAR if "TITULAR" in word else None


def terms(mandates: Iterable[Mandate], notes: Notes) -> tuple[Membership, ...]:
    """One membership for each exercise of each mandate; one without days for a mandate never exercised."""
    return tuple(
        _term(mandate, exercise, notes) for mandate in mandates for exercise in (mandate.Exercicios or (Exercise(),))
    )


def _term(mandate: Mandate, exercise: Exercise, notes: Notes) -> Membership:
    start = known_day(notes, exercise.DataInicio, _TERMS)
    held = condition(mandate.DescricaoParticipacao)
    titular = mandate.Titular.CodigoParlamentar if mandate.Titular else None
    return Membership(
        kind=MembershipKind.TERM,
        organization=SENATE,
        role=mandate.DescricaoParticipacao,
        start_date=start,
        end_date=known_day(notes, exercise.DataFim, _TERMS),
        legislature=_legislature(mandate, start),
        condition=held,
        substitute_for=senator_id(titular) if held is Condition.SUBSTITUTE else None,
        end_reason=exercise.DescricaoCausaAfastamento,
        state=mandate.UfParlamentar,
    )


def _legislature(mandate: Mandate, start: date | None) -> int | None:
    """The legislature in which an exercise began: the second one of the mandate from its first day on."""
    first, second = mandate.PrimeiraLegislaturaDoMandato, mandate.SegundaLegislaturaDoMandato
    if second and start and second.DataInicio and start.isoformat() >= second.DataInicio[:10]:
        return second.NumeroLegislatura
    span = first or second
    return span.NumeroLegislatura if span else None


def parties(rows: Iterable[Affiliation], notes: Notes) -> tuple[Membership, ...]:
    """The time in each party."""
    return tuple(_affiliation(row, notes) for row in rows)


def _affiliation(row: Affiliation, notes: Notes) -> Membership:
    start = known_day(notes, row.DataFiliacao, _PARTIES)
    party = notes.party(_PARTIES, row.Partido.SiglaPartido, start)
    return Membership(
        kind=MembershipKind.PARTY,
        organization=Organization(acronym=party.party, name=row.Partido.NomePartido) if party.party else None,
        organization_id=party_record_id(party.party) if party.party and party.known else None,
        start_date=start,
        end_date=known_day(notes, row.DataDesfiliacao, _PARTIES),
        party=party.party,
        party_text=party.text,
    )


def committees(rows: Iterable[CommitteeSeat], notes: Notes) -> tuple[Membership, ...]:
    """Seats in committees, closed ones included."""
    return tuple(
        _in_committee(
            row.IdentificacaoComissao, row.DescricaoParticipacao, row.DataInicio, row.DataFim, notes, _COMMITTEES
        )
        for row in rows
    )


def offices(rows: Iterable[CommitteeOffice], notes: Notes) -> tuple[Membership, ...]:
    """Offices in committees and boards."""
    return tuple(
        _in_committee(row.IdentificacaoComissao, row.DescricaoCargo, row.DataInicio, row.DataFim, notes, _OFFICES)
        for row in rows
    )


def _in_committee(
    body: CommitteeName, role: str | None, start: str | None, end: str | None, notes: Notes, field: str
) -> Membership:
    board = upper(body.NomeComissao or "").startswith(("MESA", "COMISSAO DIRETORA"))
    return Membership(
        kind=MembershipKind.BOARD if board else MembershipKind.COMMITTEE,
        organization=committee(body),
        organization_id=body_id(body.CodigoComissao),
        role=role,
        start_date=known_day(notes, start, field),
        end_date=known_day(notes, end, field),
        condition=condition(role),
    )


def committee(body: CommitteeName) -> Organization:
    """The committee as an organization."""
    return Organization(
        code=None if body.CodigoComissao is None else str(body.CodigoComissao),
        acronym=body.SiglaComissao,
        name=folded(body.NomeComissao),
        chamber=chamber(body.SiglaCasaComissao),
    )


def leaves(rows: Iterable[Leave], notes: Notes) -> tuple[Membership, ...]:
    """Leaves with their real days; the planned first day where the real one is missing."""
    return tuple(
        Membership(
            kind=MembershipKind.LEAVE,
            organization=SENATE,
            role=row.DescricaoTipoAfastamento,
            start_date=known_day(notes, row.DataInicio or row.DataInicioPrevista, _LEAVES),
            end_date=known_day(notes, row.DataFim, _LEAVES),
        )
        for row in rows
    )


def leaderships(rows: Iterable[LeadershipRow], notes: Notes) -> tuple[Membership, ...]:
    """Leaderships of parties, blocs, the government and the opposition, in the Senado and the Congress."""
    return tuple(_leadership(row, notes) for row in rows)


def _leadership(row: LeadershipRow, notes: Notes) -> Membership:
    start = known_day(notes, row.dataDesignacao, _LEADERSHIP)
    led = notes.party(_LEADERSHIP, row.siglaPartido, start)
    own = notes.party(_LEADERSHIP, row.siglaPartidoFiliacao, start)
    led_id = party_record_id(led.party) if led.party and led.known else None
    return Membership(
        kind=MembershipKind.LEADERSHIP,
        organization=Organization(
            acronym=row.siglaBloco or led.party,
            name=row.nomeBloco or row.nomePartido or row.descricaoTipoUnidadeLideranca,
            chamber=chamber(row.casa),
        ),
        organization_id=bloc_id(row.codigoBloco) or led_id,
        role=row.descricaoTipoLideranca,
        start_date=start,
        end_date=known_day(notes, row.dataTermino, _LEADERSHIP),
        party=own.party,
        party_text=own.text,
    )


def bloc_id(code: int | None) -> str | None:
    """Our id of a bloc."""
    return None if code is None else record_id(Source.SENADO, "org", f"bloc-{code}")
