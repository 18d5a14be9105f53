"""Seats of one deputy in bodies, from `/deputados/{id}/orgaos`: pure functions."""

from collections.abc import Iterable
from datetime import datetime

from legis.domain.organization import Organization
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Membership, MembershipKind
from legis.domain.records.record import record_id
from legis.domain.vocabulary import Source

from ingest_camara.normalizer.addresses import body_id
from ingest_camara.normalizer.legislators import legislator_claims
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.normalizer.people.register_claims import RegisterClaims, by_start
from ingest_camara.vocabulary.exercise import condition_of
from ingest_camara.wire.people_records import BodySeat


def seats_of(upstream_id: str, seats: Iterable[BodySeat], term: Legislature, fetched_at: datetime) -> LegislatorRecord:
    """The deputy with all seats in bodies of one legislature."""
    claims = legislator_claims(upstream_id, fetched_at)
    field = f"committees-{term.number}"
    found = [_seat(claims, f"memberships.{field}", seat, term.number) for seat in seats]
    claims.values["memberships"] = {field: by_start(found)}
    return claims.record(LegislatorRecord)


def _seat(claims: RegisterClaims, field: str, seat: BodySeat, number: int) -> Membership:
    code, role = claims.text(field, seat.idOrgao) or body_id(seat.uriOrgao), claims.text(field, seat.titulo)
    name = claims.text(field, seat.nomeOrgao or seat.nomePublicacao)
    return Membership(
        kind=MembershipKind.COMMITTEE,
        organization=Organization(code=code, acronym=claims.text(field, seat.siglaOrgao), name=name),
        organization_id=record_id(Source.CAMARA, "org", code) if code else None,
        role=role,
        start_date=claims.day(field, seat.dataInicio),
        end_date=claims.day(field, seat.dataFim),
        legislature=number,
        condition=condition_of(role),
    )
