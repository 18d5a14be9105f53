"""Public shapes of an organization (órgão, comissão, partido, bloco): in lists, and complete."""

import datetime

from legis.domain.records.organization_record import Classification, SuccessionKind

from api_gateway.documents import common_fields as common
from api_gateway.documents.models import Provenance
from api_gateway.documents.records.common_record_fields import (
    CreatedAt,
    OrganizationKey,
    RecordLinks,
    RecordSource,
    UpstreamId,
)
from api_gateway.documents.records.record_parts import DatedName, ExternalId, RecordFlag
from api_gateway.documents.shapes import Out, described

_KIND = "Kind: plenary, permanent or special committee, inquiry (CPI), joint, board (Mesa), party, bloc and others"
_ACTIVE = "Whether it exists now; null: the source does not say"
_PARENT = "Id of the organization that it is part of"


class Successor(Out):
    """The organization that followed."""

    id: str = described("Id of the successor", "party-mdb")
    kind: SuccessionKind = described("How the one became the other", "MERGED")
    date: datetime.date | None = described("Day of the change", "2022-02-08")


class OrganizationSummary(Out):
    """An organization as an item of a list."""

    id: OrganizationKey
    source: RecordSource
    house: common.House
    classification: Classification = described(_KIND, "PERMANENT")
    classification_text: str | None = described("Kind in the source's words", "Comissão Permanente")
    acronym: str | None = described("Usual short name (sigla)", "CCJC")
    name: str | None = described("Full name", "Comissão de Constituição e Justiça e de Cidadania")
    active: bool | None = described(_ACTIVE)
    parent_id: str | None = described(_PARENT, "camara-org-2003")
    url: str | None = described("Address of its page at the house", "https://www.camara.leg.br/ccjc")
    version: common.Version
    change_seq: common.ChangeSeq
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt


class OrganizationLinks(RecordLinks):
    """Addresses of an organization and of what belongs to it, relative to the server."""

    members: str = described("Its members", "/api/v1/organizations/camara-org-2003/members")
    bills: str | None = described(
        "Bills that it has now, of a party: bills with a sponsor of it", "/api/v1/bills?organization=CCJC"
    )
    vote_events: str | None = described(
        "Its votings; null for a party", "/api/v1/vote-events?organization=camara-org-2003"
    )


class OrganizationDetail(Out):
    """One organization, complete but for its members, which are a sub-resource."""

    id: OrganizationKey
    source: RecordSource
    upstream_id: UpstreamId
    house: common.House
    url: str | None = described("Address of its page at the house", "https://www.camara.leg.br/ccjc")
    classification: Classification = described(_KIND, "PERMANENT")
    classification_text: str | None = described("Kind in the source's words", "Comissão Permanente")
    acronym: str | None = described("Usual short name (sigla)", "CCJC")
    name: str | None = described("Full name", "Comissão de Constituição e Justiça e de Cidadania")
    other_names: list[DatedName] = described("All names that it had, with their days")
    identifiers: list[ExternalId] = described("Keys in other registers")
    founding_date: datetime.date | None = described("First day", "1980-01-15")
    dissolution_date: datetime.date | None = described("Last day; null while it exists", "2022-02-08")
    active: bool | None = described(_ACTIVE)
    parent_id: str | None = described(_PARENT, "camara-org-2003")
    party_ids: list[str] = described("Ids of the parties of a bloc or federation", ["party-pt", "party-pv"])
    successors: list[Successor] = described("Organizations that followed")
    flags: list[RecordFlag] = described("Warnings about fields of this record")
    provenance: list[Provenance] = described("Upstream answers that the record was made from")
    links: OrganizationLinks = described("Addresses of what belongs to it")
    created_at: CreatedAt
    version: common.Version
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt
    change_seq: common.ChangeSeq
    members_now: int = described("Legislators who are members today, each counted once", 66)
