"""Senators from lists and details."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from legis.domain.brasilia_time import local_day
from legis.domain.records.legislator import BirthPlace, LegislatorRecord
from legis.domain.records.membership import Condition, Membership
from legis.domain.records.record import ExternalId, Link, RecordFlag, record_id
from legis.domain.vocabulary import Chamber, Source

from ingest_senado.normalizer import memberships
from ingest_senado.normalizer.addresses import secure
from ingest_senado.normalizer.notes import Notes, Sighting, folded
from ingest_senado.vocabulary.folding import count_unknown, upper
from ingest_senado.wire.people_records import (
    Affiliation,
    CommitteeOffice,
    CommitteeSeat,
    LeadershipRow,
    Leave,
    Mandate,
    SenatorDetail,
    SenatorIdentity,
    SenatorRow,
)
from ingest_senado.wire.wire_model import leftovers

CAMARA_ID = "camara-id"
"""Scheme of the Câmara's id of the same person, as the Senado names it. Some of these ids are of an older numbering."""

_GENDERS = {"M": "M", "F": "F", "MASCULINO": "M", "FEMININO": "F"}


@dataclass(frozen=True, slots=True)
class SenatorLists:
    """What the services of one senator answered; None where a service was not asked or had no answer."""

    mandates: Sequence[Mandate] | None = None
    affiliations: Sequence[Affiliation] | None = None
    seats: Sequence[CommitteeSeat] | None = None
    offices: Sequence[CommitteeOffice] | None = None
    leaves: Sequence[Leave] | None = None
    leaderships: Sequence[LeadershipRow] | None = None


def from_row(row: SenatorRow, sighting: Sighting, *, in_office: bool | None) -> LegislatorRecord:
    """A row of a list. `in_office` is None for a list of a legislature, which does not tell the state of today."""
    notes = Notes(sighting)
    person = row.IdentificacaoParlamentar
    claims = _identity(person, notes, sighting, now=in_office is not None)
    mandates = row.Mandato or row.Mandatos
    if in_office is not None:
        claims["in_office"] = in_office
        if mandates:
            claims["condition_text"] = mandates[0].DescricaoParticipacao
            claims["condition"] = memberships.condition(mandates[0].DescricaoParticipacao)
            claims["state"] = mandates[0].UfParlamentar or person.UfParlamentar
    return _record(person.CodigoParlamentar, claims, notes, leftovers(row))


def from_detail(
    detail: SenatorDetail,
    lists: SenatorLists,
    sighting: Sighting,
    *,
    camara_id: int | None = None,
    listed: bool = False,
) -> LegislatorRecord:
    """The detail with the lists that were answered. `in_office` follows from the mandates, unless a list of today,
    which may be ahead of them, tells it (`listed`).
    """
    notes = Notes(sighting)
    person, basics = detail.IdentificacaoParlamentar, detail.DadosBasicosParlamentar
    claims = _identity(person, notes, sighting, now=True)
    if basics is not None:
        claims["birth_date"] = notes.day(basics.DataNascimento, "birth_date")
        claims["birth_place"] = _birth_place(basics.Naturalidade, basics.UfNaturalidade)
        if basics.DataFalecimento:
            claims["death_date"] = notes.day(basics.DataFalecimento, "death_date")
    if camara_id is not None:
        claims["identifiers"] = (ExternalId(scheme=CAMARA_ID, identifier=str(camara_id)),)
    claims["memberships"] = _memberships(lists, notes)
    if lists.mandates is not None and not listed:
        claims |= _state(lists.mandates)
    return _record(person.CodigoParlamentar, claims, notes, leftovers(detail))


def _identity(person: SenatorIdentity, notes: Notes, sighting: Sighting, *, now: bool) -> dict[str, Any]:
    """Fields of the person; with `now` the party and state of today too, where they are told."""
    claims: dict[str, Any] = {
        "name": folded(person.NomeParlamentar),
        "civil_name": folded(person.NomeCompletoParlamentar),
        "gender": _gender(person.SexoParlamentar),
        "image": secure(person.UrlFotoParlamentar),
        "url": secure(person.UrlPaginaParlamentar),
        "links": tuple(Link(url=url, note="page") for url in (secure(person.UrlPaginaParlamentar),) if url),
    }
    if now:
        party = notes.party("party", person.SiglaPartidoParlamentar, local_day(sighting.fetched_at))
        claims["state_at"] = sighting.fetched_at
        if person.SiglaPartidoParlamentar:
            claims |= {"party": party.party, "party_text": party.text}
        if person.UfParlamentar:
            claims["state"] = person.UfParlamentar
    return {name: value for name, value in claims.items() if value is not None or name == "party_text"}


def _state(mandates: Sequence[Mandate]) -> dict[str, Any]:
    """Whether the senator holds a seat now: an exercise of a mandate is open."""
    held = [mandate for mandate in mandates if any(not one.DataFim for one in mandate.Exercicios)]
    claims: dict[str, Any] = {"in_office": bool(held)}
    if held:
        text = held[0].DescricaoParticipacao
        found: Condition | None = memberships.condition(text)
        claims |= {"condition": found, "condition_text": text}
        if held[0].UfParlamentar:
            claims["state"] = held[0].UfParlamentar
    return claims


def _memberships(lists: SenatorLists, notes: Notes) -> dict[str, tuple[Membership, ...]]:
    found: dict[str, tuple[Membership, ...]] = {}
    if lists.mandates is not None:
        found["terms"] = memberships.terms(lists.mandates, notes)
    if lists.affiliations is not None:
        found["parties"] = memberships.parties(lists.affiliations, notes)
    if lists.seats is not None:
        found["committees"] = memberships.committees(lists.seats, notes)
    if lists.offices is not None:
        found["offices"] = memberships.offices(lists.offices, notes)
    if lists.leaves is not None:
        found["leaves"] = memberships.leaves(lists.leaves, notes)
    if lists.leaderships is not None:
        found["leadership"] = memberships.leaderships(lists.leaderships, notes)
    return found


def _record(code: int, claims: dict[str, Any], notes: Notes, extras: dict[str, Any]) -> LegislatorRecord:
    if extras:
        claims["extras"] = extras
    return LegislatorRecord(
        id=record_id(Source.SENADO, "senator", code),
        source=Source.SENADO,
        upstream_id=str(code),
        house=Chamber.SENADO,
        flags=record_flags(notes),
        **claims,
    )


def record_flags(notes: Notes) -> tuple[RecordFlag, ...]:
    """The flags that were collected while a record was read."""
    return tuple(RecordFlag(code=flag.code, field=flag.field, detail=flag.detail) for flag in notes.flags)


def _gender(text: str | None) -> str | None:
    if not text:
        return None
    found = _GENDERS.get(upper(text))
    if found is None:
        count_unknown("gender")
    return found


def _birth_place(place: str | None, state: str | None) -> BirthPlace | None:
    return BirthPlace(municipality=place, state=state) if place or state else None
