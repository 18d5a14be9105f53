"""Public shapes of a legislator (parlamentar): in lists, and complete."""

from datetime import date

from legis.domain.records.membership import Condition
from pydantic import AwareDatetime

from api_gateway.documents import common_fields as common
from api_gateway.documents.evidence_shape import EvidencePart
from api_gateway.documents.models import Provenance
from api_gateway.documents.records.common_record_fields import (
    CreatedAt,
    LegislatorKey,
    PartyNow,
    RecordLinks,
    RecordSource,
    UpstreamId,
)
from api_gateway.documents.records.membership_shapes import Membership
from api_gateway.documents.records.record_parts import DatedName, ExternalId, Link, RecordFlag
from api_gateway.documents.shapes import Out, described

_NAME = "Parliamentary name (nome parlamentar), as the source writes it"
_CIVIL = "Name in the civil register (nome civil)"
_IN_OFFICE = "Whether the legislator holds a seat now (em exercício); null: the source does not say"
_LEGISLATURES = "Legislatures with a term in this house, in order"
_PAGE = "Address of the legislator's page at the house"
_IMAGE = "Address of a photo at the house"


class BirthPlace(Out):
    """Place of birth (naturalidade)."""

    municipality: str | None = described("Municipality", "São Paulo")
    state: str | None = described("Federal unit (UF), two letters", "SP")


class LegislatorSummary(Out):
    """A legislator as an item of a list."""

    id: LegislatorKey
    source: RecordSource
    house: common.House
    name: str | None = described(_NAME, "Tabata Amaral")
    civil_name: str | None = described(_CIVIL, "Tabata Claudia Amaral de Pontes")
    state: common.State
    party: PartyNow
    party_text: common.PartyText
    in_office: bool | None = described(_IN_OFFICE)
    condition: Condition | None = described("Whether the seat is held in one's own right or for another", "TITULAR")
    legislatures: list[int] = described(_LEGISLATURES, [56, 57])
    image: str | None = described(_IMAGE, "https://www.camara.leg.br/internet/deputado/bandep/204534.jpg")
    url: str | None = described(_PAGE, "https://www.camara.leg.br/deputados/204534")
    version: common.Version
    change_seq: common.ChangeSeq
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt


class LegislatorLinks(RecordLinks):
    """Addresses of a legislator and of the sub-resources, relative to the server."""

    bills: str = described("Bills with this sponsor or rapporteur", "/api/v1/legislators/camara-deputy-204534/bills")
    votes: str = described("Votes cast", "/api/v1/legislators/camara-deputy-204534/votes")


class SamePerson(Out):
    """The other house's record of the same person, with the evidence. Names alone never link."""

    id: str = described("Id of the other record", "senado-senator-5936")
    rule: str = described(
        "Rule that linked the two: HOUSE_REGISTER, BIRTH_AND_CIVIL_NAME, or REVIEWED by hand; open list",
        "BIRTH_AND_CIVIL_NAME",
    )
    evidence: list[str] = described("What the rule found, for people", ["birth date 1970-01-01"])
    evidence_parts: list[EvidencePart] = described("The same sentences in parts, in their order")


class LegislatorCounts(Out):
    """How much there is in the sub-resources; null while the search index is not ready."""

    authored: int | None = described("Bills as author", 41)
    coauthored: int | None = described("Bills as co-author", 112)
    rapporteur: int | None = described("Bills as rapporteur (relator)", 9)
    votes: int = described("Votes cast", 2214)


class LegislatorDetail(Out):
    """One legislator, complete but for bills and votes, which are sub-resources."""

    id: LegislatorKey
    source: RecordSource
    upstream_id: UpstreamId
    house: common.House
    url: str | None = described(_PAGE, "https://www.camara.leg.br/deputados/204534")
    name: str | None = described(_NAME, "Tabata Amaral")
    civil_name: str | None = described(_CIVIL, "Tabata Claudia Amaral de Pontes")
    other_names: list[DatedName] = described("Other parliamentary names")
    gender: str | None = described("Gender as the source writes it", "F")
    birth_date: date | None = described("Day of birth", "1993-11-14")
    death_date: date | None = described("Day of death", "2020-05-04")
    birth_place: BirthPlace | None = described("Place of birth (naturalidade)")
    image: str | None = described(_IMAGE, "https://www.camara.leg.br/internet/deputado/bandep/204534.jpg")
    pages: list[Link] = described("Public pages of the legislator outside of the house")
    identifiers: list[ExternalId] = described("Keys in other registers")
    state: common.State
    party: PartyNow
    party_text: common.PartyText
    in_office: bool | None = described(_IN_OFFICE)
    condition: Condition | None = described("Whether the seat is held in one's own right or for another", "TITULAR")
    condition_text: str | None = described("The same in the source's words", "Titular")
    state_at: AwareDatetime | None = described(
        "When `state`, `party`, `in_office` and `condition` were read", "2026-03-02T14:00:00Z"
    )
    flags: list[RecordFlag] = described("Warnings about fields of this record")
    legislatures: list[int] = described(_LEGISLATURES, [56, 57])
    provenance: list[Provenance] = described("Upstream answers that the record was made from")
    links: LegislatorLinks = described("Addresses of its sub-resources")
    created_at: CreatedAt
    version: common.Version
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt
    change_seq: common.ChangeSeq
    memberships: list[Membership] = described(
        "Terms, parties, committees, leadership and board offices, leaves; newest first"
    )
    same_person: list[SamePerson] = described("Records of the same person in the other house")
    counts: LegislatorCounts = described("How much there is in the sub-resources")
