"""Response models: the public shape of bills, actions, versions and votes. Not the tables, not the domain model.

OpenAPI is generated from them, and tests compare rendered bytes with them; replies are not built through them. An
absent single value is `null`, an absent list `[]`; no field is ever missing.
"""

from datetime import date
from typing import Any, Literal

from legis.domain.bill import (
    Action,
    Decision,
    Document,
    Enactment,
    Organization,
    OtherIdentifier,
    QualityFlag,
    Rapporteur,
    RelatedBill,
    Sponsorship,
    Subject,
    VoteEvent,
)
from legis.domain.change_kind import ChangeKind
from legis.domain.vocabulary import (
    BillStatus,
    BillType,
    Chamber,
    ChamberRole,
    CounterpartRule,
    Source,
    StatusBasis,
    StatusReason,
    UrnStatus,
)
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

_BASIS = (
    "Evidence that `status` rests on: the source's own situation, the code or the official text of the last decisive"
    " action, the norm that the bill became, a main bill that it goes with, or none. Open list"
)
_REASON = "Outcome of a bill that is ARCHIVED, where its last action tells it. Open list"


class Out(BaseModel):
    """Base of public shapes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SponsorOut(Out):
    """One sponsor, as an item of a list shows them."""

    name: str
    party: str | None = Field(description="Acronym of the party, the same for all its names")
    state: str | None
    legislator_id: str | None


class BillSummary(Out):
    """A bill as an item of a list: enough to show it without a second request."""

    id: str = Field(description="Stable key: source and upstream id", examples=["camara-2256735"])
    source: Source
    chamber: Chamber | None
    type: BillType = Field(description="Official type code, or OTHER. Open list")
    type_code: str = Field(description="The type code exactly as the source writes it")
    number: int | None
    year: int | None
    identifier: str = Field(
        description="As people write it; may change during a bill's life", examples=["PL 2630/2020"]
    )
    nickname: str | None
    title: str | None = Field(description="Ementa, official text")
    status: BillStatus
    status_text: str | None = Field(description="Official text behind `status`")
    status_basis: StatusBasis = Field(description=_BASIS)
    status_reason: StatusReason | None = Field(description=_REASON)
    in_progress: bool | None
    introduced_on: date | None
    last_action_at: AwareDatetime | None
    latest_action: Action | None
    organization: Organization | None = Field(description="Body that has the bill now")
    authors: list[str] = Field(description="Names of the sponsors in order of signature, at most ten")
    authors_count: int = Field(description="How many sponsors there are, of whom `authors` and `sponsors` show ten")
    sponsors: list[SponsorOut] = Field(description="The same sponsors, each with party and state")
    parties: list[str]
    states: list[str]
    subjects: list[str]
    urn_lex: str | None
    url: str | None = Field(description="The bill's page at its house")
    version: int
    change_seq: int
    changed_at: AwareDatetime = Field(description="When what the bill says last changed; replays do not move it")
    removed_at: AwareDatetime | None


class Counterpart(Out):
    """The other house's record of the same bill, with the rule and the evidence that link them."""

    id: str
    source: Source
    identifier: str
    title: str | None
    rule: CounterpartRule
    confidence: float = Field(ge=0, le=1)
    evidence: list[str]


class ProvenanceOut(Out):
    """One upstream answer that the record was made from."""

    part: str
    url: str
    fetched_at: AwareDatetime
    payload_sha256: str
    parser_version: str


class BillLinks(Out):
    """Addresses of the bill's sub-resources."""

    self: str
    actions: str
    versions: str
    votes: str


class BillDetail(Out):
    """One bill, complete but for its histories, which are sub-resources."""

    id: str = Field(examples=["camara-2256735"])
    source: Source
    upstream_id: str
    legacy_id: str | None
    chamber: Chamber | None
    type: BillType
    type_code: str
    type_text: str | None
    type_variant_code: str | None
    number: int | None
    number_text: str | None
    year: int | None
    identifier: str
    nickname: str | None
    title: str | None
    abstract: str | None
    introduced_on: date | None
    introduced_at: AwareDatetime | None
    status: BillStatus
    status_code: str | None
    status_text: str | None
    status_on: date | None
    status_basis: StatusBasis = Field(description=_BASIS)
    status_reason: StatusReason | None = Field(description=_REASON)
    in_progress: bool | None
    regime_text: str | None
    consideration_text: str | None
    scope_text: str | None
    conclusive: bool | None
    organization: Organization | None
    last_action_at: AwareDatetime | None
    latest_action: Action | None
    decision: Decision | None
    enactment: Enactment | None
    sponsorships: list[Sponsorship]
    sponsors_text: str | None
    rapporteurs: list[Rapporteur]
    subjects: list[Subject]
    keywords: list[str]
    originating_chamber: Chamber | None
    chamber_role: ChamberRole | None
    urn_lex: str | None = Field(examples=["urn:lex:br:camara.deputados:projeto.lei;pl:2020-07-03;2630"])
    urn_aliases: list[str]
    urn_status: UrnStatus
    other_identifiers: list[OtherIdentifier]
    related_bills: list[RelatedBill]
    documents: list[Document]
    quality_flags: list[QualityFlag]
    extras: dict[str, Any] = Field(description="Upstream fields without a name of ours, verbatim")
    url: str | None
    upstream_updated_at: AwareDatetime | None
    provenance: list[ProvenanceOut]
    links: BillLinks
    version: int
    change_seq: int
    created_at: AwareDatetime
    changed_at: AwareDatetime
    removed_at: AwareDatetime | None
    counterparts: list[Counterpart] = Field(description="Last in the document: it is joined on when read")


class FieldChange(Out):
    """One field before and after. For `actions` and `vote_events`, only the entries that went and came."""

    field: str
    old: Any
    new: Any
    kind: ChangeKind | None = Field(
        None, description="MOVED, CORRECTED, EDITED or READ; not there in entries of before kinds were told"
    )


class ChangeSubject(Out):
    """What an entry is about."""

    type: Literal["bill"] = Field(description="Open list")
    id: str = Field(examples=["camara-2256735"])


class Change(Out):
    """One entry of the change log. `seq` rises by exactly one from entry to entry, over all bills."""

    seq: int
    subject: ChangeSubject
    bill_id: str = Field(description="The same as `subject.id`")
    source: Source
    identifier: str
    kind: ChangeKind = Field(
        description="CREATED: met for the first time. READ: more of it was read for the first time. MOVED: its status, "
        "actions, rapporteur, body, votes or enactment changed. EDITED: its text, numbers, sponsors or documents did. "
        "CORRECTED: the source took something back, or has a removed bill again. REMOVED: its source has it no more. "
        "The strongest of its fields': MOVED > CORRECTED > EDITED > READ. Open list"
    )
    version: int
    changed_at: AwareDatetime
    changes: list[FieldChange]
    trace_id: str | None


ActionOut = Action
VoteEventOut = VoteEvent
