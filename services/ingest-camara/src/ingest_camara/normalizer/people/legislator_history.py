"""Terms, parties and leaves of a deputy, from the rows of `/deputados/{id}/historico`: pure functions.

Each row tells name, party, state and situation from its time on. The first row of a legislature has no situation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise

from legis.domain.brasilia_time import local_day
from legis.domain.parties.party_names import PartyName, last_day_of
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Condition, Membership, MembershipKind
from legis.domain.records.record import DatedName

from ingest_camara.normalizer.claims import one_line
from ingest_camara.normalizer.extras import keep_unknown_rows
from ingest_camara.normalizer.legislators import HOUSE, Parties, claim_status, legislator_claims
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.normalizer.people.register_claims import RegisterClaims, by_start
from ingest_camara.vocabulary.exercise import Exercise, condition_of, exercise_of
from ingest_camara.wire.people_records import DeputyStatus


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row: from `day` on."""

    day: date | None
    row: DeputyStatus
    exercise: Exercise | None
    condition: Condition | None


def from_history(
    upstream_id: str, rows: Sequence[DeputyStatus], legislatures: Mapping[int, Legislature], fetched_at: datetime,
    parties: Parties, *, former: bool,
) -> LegislatorRecord:  # fmt: skip
    """The deputy's terms, parties and leaves of each legislature, and former names.

    Of a former deputy, whose detail is not read, the newest row also gives party and exercise.
    """
    claims = legislator_claims(upstream_id, fetched_at)
    ordered = sorted(rows, key=lambda row: row.data or "")
    lists: dict[str, tuple[Membership, ...]] = {}
    for number, group in groupby(sorted(ordered, key=_number), key=_number):
        entries = [_entry(claims, row, number) for row in group]
        ended = legislatures[number].last if number in legislatures else date.max
        last = ended if ended < local_day(fetched_at) else None
        lists |= _lists(claims, entries, number, last, parties)
    claims.values["memberships"] = lists
    claims.values["other_names"] = _names(claims, ordered)
    keep_unknown_rows(claims, "historico", ordered)
    if former and ordered:
        # the label is meant in that legislature, as in its list: today it may be another party's, or nobody's
        term = legislatures.get(_number(ordered[-1]))
        claim_status(claims, ordered[-1], fetched_at, parties, term.middle if term else local_day(fetched_at))
    return claims.record(LegislatorRecord)


def _number(row: DeputyStatus) -> int:
    text = row.idLegislatura or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _entry(claims: RegisterClaims, row: DeputyStatus, number: int) -> _Entry:
    day = claims.day(f"memberships.terms-{number}", row.data)
    return _Entry(day, row, exercise_of(row.situacao), condition_of(row.condicaoEleitoral))


def _lists(
    claims: RegisterClaims, entries: Sequence[_Entry], number: int, last: date | None, parties: Parties
) -> dict[str, tuple[Membership, ...]]:
    """The lists of one legislature, by name. `last` is its last day, where that is over."""
    told = [entry for entry in entries if entry.exercise is not None]
    found = {
        f"terms-{number}": by_start(_spans(told, number, last, MembershipKind.TERM)),
        f"parties-{number}": by_start(_parties(claims, entries, number, last, parties)),
        f"leaves-{number}": by_start(_spans(told, number, last, MembershipKind.LEAVE)),
    }
    return {name: rows for name, rows in found.items() if rows or name.startswith("leaves")}


def _spans(entries: Sequence[_Entry], number: int, last: date | None, kind: MembershipKind) -> list[Membership]:
    """Uninterrupted stretches of the term, or of leave; `last` is the last day of one that no row ends."""
    found: list[Membership] = []
    first: _Entry | None = None
    for entry in entries:
        belongs = _belongs(entry, kind)
        if first is None and belongs:
            first = entry
        elif first is not None and not belongs:
            found.append(_span(first, entry, number, entry.day, kind))
            first = None
    return found if first is None else [*found, _span(first, None, number, last, kind)]


def _belongs(entry: _Entry, kind: MembershipKind) -> bool:
    """Whether the entry is part of a term (of a substitute: of an exercise), or of a leave."""
    if kind is MembershipKind.LEAVE:
        return entry.exercise is Exercise.ON_LEAVE
    if entry.condition is Condition.SUBSTITUTE:
        return entry.exercise is Exercise.IN_OFFICE
    return entry.exercise in (Exercise.IN_OFFICE, Exercise.ON_LEAVE, Exercise.UNKNOWN)


def _span(first: _Entry, after: _Entry | None, number: int, last: date | None, kind: MembershipKind) -> Membership:
    ended = (after.row.descricaoStatus or after.row.situacao) if after else None
    return Membership(
        kind=kind,
        organization=HOUSE,
        role=one_line(first.row.situacao) if kind is MembershipKind.LEAVE else None,
        start_date=first.day,
        end_date=last,
        legislature=number,
        condition=first.condition,
        end_reason=one_line(ended),
        state=one_line(first.row.siglaUf),
    )


def _parties(
    claims: RegisterClaims, entries: Iterable[_Entry], number: int, last: date | None, parties: Parties
) -> list[Membership]:
    """One membership for each stretch of rows with the same party; it ends where the next party begins, the last one
    with the legislature (`last`) or before, with the party itself.
    """
    stretches: list[tuple[date | None, PartyName]] = []
    for entry in entries:
        if not entry.row.siglaPartido:
            continue
        field = f"memberships.parties-{number}"
        party = claims.party(field, entry.row.siglaPartido, entry.day)
        claims.stale_party(field, party.party, entry.row.uriPartido, parties)
        if not stretches or stretches[-1][1] != party:
            stretches.append((entry.day, party))
    ends = [next_day for _, (next_day, _) in pairwise(stretches)]
    ends += [_last_day(day, party, last) for day, party in stretches[-1:]]
    return [
        Membership(
            kind=MembershipKind.PARTY, start_date=day, end_date=end, legislature=number,
            party=party.party, party_text=party.text,
        )
        for (day, party), end in zip(stretches, ends, strict=True)
    ]  # fmt: skip


def _last_day(first: date | None, party: PartyName, last: date | None) -> date | None:
    """The last day of a party membership that no row ends; never before its first day. A house goes on with a party's
    name for weeks: such a row ends with the legislature.
    """
    begun = first or date.min
    ended = last_day_of(party.party)
    days = [day for day in (last, ended if ended and begun <= ended else None) if day is not None]
    return max(begun, min(days)) if days else None


def _names(claims: RegisterClaims, rows: Sequence[DeputyStatus]) -> tuple[DatedName, ...]:
    """The names before the present one, each from the day of its first row to that of the next name."""
    starts: dict[str, date | None] = {}
    newest = None
    for row in rows:
        if name := claims.text("other_names", row.nome):
            starts.setdefault(name, claims.day("other_names", row.data))
            newest = name
    if not starts:
        return ()
    days = list(starts.values())
    return tuple(
        DatedName(name=name, start_date=start, end_date=end)
        for (name, start), end in zip(starts.items(), [*days[1:], None], strict=True)
        if name != newest
    )
