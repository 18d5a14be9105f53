"""A bill as one source shows it, with its sponsorships, actions, documents, relations and votings.

A `Bill` claims only the fields that were set when it was created (`model_fields_set`): a list row sets seven fields, a
detail forty. `legis.domain.merge` leaves all other fields as stored. So readers of upstream must *omit* what they did
not see, and set `None` or `()` only where upstream itself said that there is nothing.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from legis.domain.frozen import Frozen as Frozen
from legis.domain.organization import Organization as Organization
from legis.domain.vocabulary import (
    ActionKind,
    BillStatus,
    BillType,
    Chamber,
    ChamberRole,
    CounterpartRule,
    DocumentKind,
    QualityFlagCode,
    RelationKind,
    Source,
    SponsorKind,
    SponsorshipRole,
    StatusBasis,
    StatusReason,
)
from legis.domain.voting import Vote as Vote
from legis.domain.voting import VoteCounts as VoteCounts
from legis.domain.voting import VoteEvent as VoteEvent

Code = Annotated[str, StringConstraints(max_length=80)]


class Subject(Frozen):
    """A subject as the source classifies it; `code` is upstream's."""

    code: str | None = None
    name: str


class OtherIdentifier(Frozen):
    """Another number of the same bill: in the other house, or a former one. `identifier` is as people write it: `PL
    7769/2017`.
    """

    identifier: str
    type_code: str
    number: int | None = None
    year: int | None = None
    chamber: Chamber | None = None
    upstream_id: str | None = None
    note: str | None = None


class Sponsorship(Frozen):
    """One signatory. `order` counts from 1 as signed; `party` is a party key, `party_text` the label in the source."""

    name: str
    role: SponsorshipRole
    kind: SponsorKind
    order: int | None = None
    legislator_id: str | None = None
    organization_code: str | None = None
    party: str | None = None
    party_text: str | None = None
    state: str | None = None
    type_text: str | None = None
    primary: bool | None = None


class Rapporteur(Frozen):
    """A legislator who reports on the bill to a body, with the dates of designation and end."""

    name: str | None = None
    legislator_id: str | None = None
    party: str | None = None
    party_text: str | None = None
    state: str | None = None
    organization: Organization | None = None
    designated_on: date | None = None
    ended_on: date | None = None
    end_reason_text: str | None = None


class Document(Frozen):
    """A link to a text. `media_type` only where it is known, never guessed from the URL."""

    kind: DocumentKind
    url: str
    title: str | None = None
    kind_text: str | None = None
    media_type: str | None = None
    published_on: date | None = None
    upstream_id: str | None = None


class RelatedBill(Frozen):
    """Another bill of the same source."""

    kind: RelationKind
    upstream_id: str | None = None
    identifier: str | None = None
    url: str | None = None
    title: str | None = None


class CounterpartHint(Frozen):
    """A source's own statement about the other house's record of the same bill; the store resolves it to an id."""

    rule: CounterpartRule
    chamber: Chamber
    type_code: str
    number: int
    year: int
    evidence: str
    upstream_id: str | None = None


class Enactment(Frozen):
    """The legal norm that a bill became."""

    type_code: str | None = None
    number: str | None = None
    year: int | None = None
    signed_on: date | None = None
    title: str | None = None


class Decision(Frozen):
    """The final deliberation in this house."""

    decided_on: date | None = None
    code: str | None = None
    text: str | None = None
    destination_text: str | None = None


class Action(Frozen):
    """One entry of the proceedings. `order` is upstream's sequence (gaps are normal); `description` is official text.

    `date` is Brasília's calendar day. `at` is the instant in UTC, or None where only the day is known.
    """

    date: date | None
    at: AwareDatetime | None = None
    order: int | None = None
    kind: ActionKind
    kind_code: str | None = None
    kind_text: str | None = None
    description: str | None = None
    organization: Organization | None = None
    status_code: str | None = None
    status_text: str | None = None
    url: str | None = None
    documents: tuple[Document, ...] = ()
    upstream_id: str | None = None


class QualityFlag(Frozen):
    """A warning about one field of the record, e.g. `DATE_IN_FUTURE` on `latest_action`."""

    code: QualityFlagCode
    field: str
    detail: str | None = None


class Bill(Frozen):
    """A bill in one reading of one source. The observation claims only the fields in `model_fields_set`."""

    source: Source
    upstream_id: Code
    # identity: present in list, bulk and detail
    chamber: Chamber | None = None
    type: BillType = BillType.OTHER
    type_code: Code = ""
    type_text: str | None = None
    type_variant_code: Code | None = None
    number: int | None = None
    number_text: Code | None = None
    year: int | None = None
    identifier: str = ""
    nickname: str | None = None
    title: str | None = None
    abstract: str | None = None
    introduced_on: date | None = None
    introduced_at: AwareDatetime | None = None
    # status
    status: BillStatus = BillStatus.UNKNOWN
    status_code: Code | None = None
    status_text: str | None = None
    status_on: date | None = None
    status_basis: StatusBasis = StatusBasis.NONE
    status_reason: StatusReason | None = None
    in_progress: bool | None = None
    regime_text: str | None = None
    consideration_text: str | None = None
    scope_text: str | None = None
    conclusive: bool | None = None
    organization: Organization | None = None
    latest_action: Action | None = None
    decision: Decision | None = None
    enactment: Enactment | None = None
    # people and subjects
    sponsorships: tuple[Sponsorship, ...] = ()
    sponsors_text: str | None = None
    rapporteurs: tuple[Rapporteur, ...] = ()
    subjects: tuple[Subject, ...] = ()
    keywords: tuple[str, ...] = ()
    # relations
    originating_chamber: Chamber | None = None
    chamber_role: ChamberRole | None = None
    other_identifiers: tuple[OtherIdentifier, ...] = ()
    counterpart_hints: tuple[CounterpartHint, ...] = ()
    related_bills: tuple[RelatedBill, ...] = ()
    documents: tuple[Document, ...] = ()
    # histories, served as sub-resources
    actions: tuple[Action, ...] = ()
    vote_events: tuple[VoteEvent, ...] = ()
    # about the record itself
    url: str | None = None
    legacy_id: str | None = None
    upstream_updated_at: AwareDatetime | None = None
    quality_flags: tuple[QualityFlag, ...] = ()
    extras: dict[str, Any] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """The stable id: `camara-2256735`, `senado-7914763`."""
        return bill_id(self.source, self.upstream_id)


VOLATILE_FIELDS = frozenset({"extras", "upstream_updated_at", "quality_flags"})
"""Fields whose change is no change of the bill: bookkeeping of the source, upstream fields that are not mapped yet, and
our own warnings, which a new version of a reader may add to thousands of unchanged bills."""

HISTORY_FIELDS = frozenset({"actions", "vote_events"})
"""Fields stored beside the record and served as sub-resources, because they grow without bound."""


def bill_id(source: Source, upstream_id: str) -> str:
    """The id under which a source's record is stored and served."""
    return "-".join((source, upstream_id))  # a Source is a str; reading its `.value` would cost more than the join


class Provenance(Frozen):
    """Origin of an observation. `payload_sha256` is over the exact bytes that upstream sent for this record."""

    url: str
    fetched_at: AwareDatetime
    payload_sha256: str
    parser_version: str
