"""Makes an `OrganizationRecord` of a body (órgão) or a bloc of the Câmara, and lists its members: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from legis.domain.brasilia_time import local_day
from legis.domain.parties.party_names import party_of
from legis.domain.records.membership import Member, MembershipKind
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.records.record import DatedName, record_id
from legis.domain.vocabulary import Chamber, QualityFlagCode, Source

from ingest_camara.normalizer.addresses import deputy_id
from ingest_camara.normalizer.extras import keep_unknown
from ingest_camara.normalizer.people.register_claims import RegisterClaims
from ingest_camara.vocabulary.exercise import condition_of
from ingest_camara.vocabulary.organization_types import classification_of
from ingest_camara.wire.organization_records import Bloc, BodyDetail, BodyRow
from ingest_camara.wire.people_files import FileSeat
from ingest_camara.wire.people_records import PartyRow

_LONGEST_NAME = 120
_HOUSES = {"congresso nacional": Chamber.CONGRESSO, "senado federal": Chamber.SENADO}
_WORKING = frozenset({"3", "4"})
"""Situations of a body that works: constituted, installed."""


def from_list(row: BodyRow, fetched_at: datetime) -> OrganizationRecord:
    """The body of a row of the list of those that are active now."""
    claims = _named(row, fetched_at)
    claims.values["active"] = True
    return claims.record(OrganizationRecord)


def from_body(body: BodyDetail, fetched_at: datetime) -> OrganizationRecord:
    """The body of a detail or of a row of `orgaos.csv`. One without a house is the Câmara's, whose register this is.

    A body without a last day and situation may be open or not.
    """
    claims = _named(body, fetched_at)
    house = claims.text("house", body.casa)
    claims.values["house"] = _HOUSES.get((house or "").lower(), Chamber.CAMARA)
    first = claims.day("founding_date", body.dataInicio) or claims.day("founding_date", body.dataInstalacao)
    last = claims.day("dissolution_date", body.dataFim)
    claims.claim(founding_date=first, dissolution_date=last)
    if last is not None:
        claims.values["active"] = last >= local_day(fetched_at)
    elif body.codSituacao in _WORKING:
        claims.values["active"] = True
    claims.keep(
        dataInstalacao=body.dataInstalacao, dataFimOriginal=body.dataFimOriginal, urlWebsite=body.urlWebsite,
        descricaoSituacao=body.descricaoSituacao,
    )  # fmt: skip
    return claims.record(OrganizationRecord)


def _named(row: BodyRow, fetched_at: datetime) -> RegisterClaims:
    claims = RegisterClaims("org", row.id, fetched_at)
    names = [claims.text("name", text) for text in (row.nome, row.nomePublicacao, row.apelido)]
    whole, published = names[:2]
    name = published if published and (not whole or len(published) < len(whole) > _LONGEST_NAME) else whole
    others = [text for text in dict.fromkeys(names) if text and text != name]
    claims.claim(name=name, acronym=claims.text("acronym", row.sigla))
    if {"nome", "nomePublicacao", "apelido"} <= row.model_fields_set:  # one that lacks a name would shorten the list
        claims.claim(other_names=tuple(DatedName(name=text) for text in others))
    claims.keep(nomeResumido=row.nomeResumido)  # an abbreviation, which the file lacks
    if row.codTipoOrgao or row.tipoOrgao:
        text = claims.text("classification", row.tipoOrgao)
        claims.values |= {
            "classification": classification_of(row.codTipoOrgao, text), "classification_text": text,
        }  # fmt: skip
    keep_unknown(claims, row)
    return claims


def from_bloc(
    bloc: Bloc, parties: Sequence[PartyRow] | None, fetched_at: datetime, *, active: bool | None
) -> OrganizationRecord:
    """The bloc or federation. An empty list of parties claims none: no bloc is without them."""
    claims = RegisterClaims("org", f"bloc-{bloc.id}", fetched_at)
    federation = (bloc.federacao or "").lower() in ("1", "true", "s", "sim")
    kind = Classification.FEDERATION if federation else Classification.BLOC
    claims.values |= {"house": Chamber.CAMARA, "classification": kind}
    claims.claim(name=claims.text("name", bloc.nome), active=active)
    today = local_day(fetched_at)
    found = {party_of(row.sigla or row.nome, today) for row in parties or ()}
    claims.claim(party_ids=tuple(sorted(one.party for one in found if one.party)))
    for one in found:
        claims.party("party_ids", one.party, today)
    claims.keep(idLegislatura=bloc.idLegislatura)
    keep_unknown(claims, bloc)
    return claims.record(OrganizationRecord)


def members_of(
    body: str, seats: Iterable[FileSeat], names: Mapping[str, str], number: int, fetched_at: datetime
) -> OrganizationRecord:
    """The body with everybody who had a seat in it in one legislature. `names` are those of deputies, by id."""
    claims = RegisterClaims("org", body, fetched_at)
    field = f"members.legislature-{number}"
    members = [_member(claims, field, seat, names, number) for seat in seats]
    ordered = sorted(members, key=lambda one: (one.name, one.legislator_id or "", str(one.start_date), one.role or ""))
    claims.values["members"] = {f"legislature-{number}": tuple(dict.fromkeys(ordered))}
    return claims.record(OrganizationRecord)


def _member(claims: RegisterClaims, field: str, seat: FileSeat, names: Mapping[str, str], number: int) -> Member:
    code = deputy_id(seat.uriDeputado)
    start = claims.day(field, seat.dataInicio)
    party = claims.party(field, seat.siglaPartido, start)
    role = claims.text(field, seat.cargo)
    if code is None:
        claims.flag(QualityFlagCode.MEMBER_UNKNOWN, field)
    return Member(
        legislator_id=record_id(Source.CAMARA, "deputy", code) if code else None,
        name=claims.text(field, seat.nomeDeputado) or names.get(code or "", ""),
        kind=MembershipKind.COMMITTEE,
        role=role,
        start_date=start,
        end_date=claims.day(field, seat.dataFim),
        legislature=number,
        condition=condition_of(role),
        party=party.party,
        party_text=party.text,
        state=claims.text(field, seat.siglaUF),
    )
