"""Boards and leaders: the members of the board, and the benches that each deputy leads. Pure functions."""

from collections.abc import Iterable
from datetime import datetime

from legis.domain.organization import Organization
from legis.domain.parties.party_names import party_of
from legis.domain.parties.party_table import party_record_id
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Member, Membership, MembershipKind
from legis.domain.records.organization_record import OrganizationRecord
from legis.domain.records.record import record_id
from legis.domain.vocabulary import Chamber, Source

from ingest_camara.normalizer.addresses import trailing_id
from ingest_camara.normalizer.legislators import Parties, legislator_claims
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.normalizer.people.register_claims import RegisterClaims, by_start
from ingest_camara.wire.people_records import Bench, BoardSeat, Leadership

BOARD = "4"
"""The id of the board (Mesa Diretora) among the bodies."""


def board_of(seats: Iterable[BoardSeat], term: Legislature, fetched_at: datetime) -> OrganizationRecord:
    """The board with everybody who sat on it in one legislature."""
    claims = RegisterClaims("org", BOARD, fetched_at)
    field = f"members.board-{term.number}"
    members = [_member(claims, field, seat, term) for seat in seats]
    ordered = sorted(members, key=lambda one: (str(one.start_date or ""), one.role or "", one.name))
    claims.values["members"] = {f"board-{term.number}": tuple(ordered)}
    return claims.record(OrganizationRecord)


def _member(claims: RegisterClaims, field: str, seat: BoardSeat, term: Legislature) -> Member:
    start = claims.day(field, seat.dataInicio)
    party = claims.party(field, seat.siglaPartido, start or term.middle)
    return Member(
        legislator_id=record_id(Source.CAMARA, "deputy", seat.id),
        name=claims.text(field, seat.nome) or "",
        kind=MembershipKind.BOARD,
        role=claims.text(field, seat.titulo),
        start_date=start,
        end_date=claims.day(field, seat.dataFim),
        legislature=term.number,
        party=party.party,
        party_text=party.text,
        state=claims.text(field, seat.siglaUf),
    )


def leader_of(
    upstream_id: str, led: Iterable[Leadership], term: Legislature, fetched_at: datetime, parties: Parties
) -> LegislatorRecord:
    """The deputy with all leaderships of one legislature; with none, claims that there are none."""
    claims = legislator_claims(upstream_id, fetched_at)
    field = f"leadership-{term.number}"
    found = [_leadership(claims, f"memberships.{field}", one, term, parties) for one in led]
    claims.values["memberships"] = {field: by_start(found)}
    return claims.record(LegislatorRecord)


def _leadership(claims: RegisterClaims, field: str, one: Leadership, term: Legislature, parties: Parties) -> Membership:
    start = claims.day(field, one.dataInicio)
    party = claims.party(field, one.parlamentar.siglaPartido, start or term.middle)
    body, body_id = _bench(claims, field, one.bancada, term, parties)
    return Membership(
        kind=MembershipKind.LEADERSHIP,
        organization=body,
        organization_id=body_id,
        role=claims.text(field, one.titulo),
        start_date=start,
        end_date=claims.day(field, one.dataFim),
        legislature=term.number,
        party=party.party,
        party_text=party.text,
        state=claims.text(field, one.parlamentar.siglaUf),
    )


def _bench(
    claims: RegisterClaims, field: str, bench: Bench | None, term: Legislature, parties: Parties
) -> tuple[Organization | None, str | None]:
    """The bench, and our id of it: of a bloc by its address, of a party by its address or its name on that day."""
    if bench is None:
        return None, None
    name = claims.text(field, bench.nome)
    body = Organization(name=name, chamber=Chamber.CAMARA) if name else None
    code = trailing_id(bench.uri)
    if code and "/blocos/" in (bench.uri or ""):
        return body, record_id(Source.CAMARA, "org", f"bloc-{code}")
    key = parties.get(bench.uri or "")
    if key is None:
        named = party_of(name, term.middle)
        key = named.party if named.known else None
    return body, party_record_id(key) if key else None
