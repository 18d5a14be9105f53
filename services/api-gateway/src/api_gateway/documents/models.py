"""Response models: the public shape of bills, actions, versions and votes. Not the tables, not the domain model.

OpenAPI is generated from them, and tests compare rendered bytes with them; replies are not built through them. An
absent single value is `null`, an absent list `[]`; no field is ever missing.
"""

from datetime import date
from typing import Any

from legis.domain.change_kind import ChangeKind
from legis.domain.records.event_record import EventStatus
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule, ReadingPart, Source, UrnStatus
from legis.domain.word_enum import Word
from pydantic import AwareDatetime

from api_gateway.documents import common_fields as common
from api_gateway.documents.bill_parts import (
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
)
from api_gateway.documents.evidence_shape import EvidencePart
from api_gateway.documents.shapes import Out, described


class Sponsor(Out):
    """One sponsor, as an item of a list shows them."""

    name: common.PersonName
    party: common.Party
    state: common.State
    legislator_id: common.LegislatorId


class NextEvent(Out):
    """The next session or meeting (sessão, reunião) that has the bill on its agenda (pauta)."""

    id: str = described("Id of the event", "camara-event-78123")
    start: AwareDatetime = described("Announced start", "2026-03-04T13:00:00Z")
    status: EventStatus = described("State of the event (situação), in our words", "CONFIRMED")
    location: str | None = described("Place, as the source writes it", "Anexo II, Plenário 01")
    organization_id: str | None = described("Id of the body that meets", "camara-org-2003")
    organization_name: str | None = described("Name of that body", "Comissão de Constituição e Justiça e de Cidadania")
    outcome: str | None = described("What became of the bill there; null before the event", "APPROVED", default=None)


class BillSummary(Out):
    """A bill as an item of a list: enough to show it without a second request."""

    id: common.BillKey
    source: common.SourceName
    chamber: common.House
    type: common.Type
    type_code: common.TypeCode
    number: common.Number
    year: common.Year
    identifier: common.Identifier
    nickname: common.Nickname
    title: common.Title
    status: common.Status
    status_text: common.StatusText
    status_basis: common.Basis
    status_reason: common.Reason
    in_progress: common.InProgress
    introduced_on: common.IntroducedOn
    last_action_at: common.LastActionAt
    latest_action: Action | None = described("Newest entry of the proceedings")
    organization: Organization | None = described("Body that has the bill now")
    next_event: NextEvent | None = described("Next event with the bill on its agenda; null where none is announced")
    authors: list[str] = described("Names of the sponsors in order of signature, at most ten", ["Alessandro Vieira"])
    authors_count: int = described("How many sponsors there are, of whom `authors` and `sponsors` show ten", 1)
    sponsors: list[Sponsor] = described("The same sponsors, each with party and state")
    parties: list[str] = described("Parties of the sponsors, each once", ["CIDADANIA"])
    states: list[str] = described("Federal units of the sponsors, each once", ["SE"])
    subjects: list[str] = described("Official names of the subjects (temas)", ["Comunicações"])
    urn_lex: common.UrnLex
    url: common.BillPage
    version: common.Version
    change_seq: common.ChangeSeq
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt


class Counterpart(Out):
    """The other house's record of the same bill, with the rule and the evidence that link them."""

    id: str = described("Id of the other house's record", "senado-141944")
    source: common.SourceName
    identifier: common.Identifier
    title: common.Title
    rule: CounterpartRule = described("Rule by which the two are one bill, strongest first", "EXPLICIT_URI")
    confidence: float = described("How sure the link is, from 0 to 1", 1.0, ge=0, le=1)
    evidence: list[str] = described("What the rule found, for people", ["both are PL 2630/2020"])
    evidence_parts: list[EvidencePart] = described("The same sentences in parts, in their order")


class Provenance(Out):
    """One upstream answer that the record was made from."""

    part: str = described("Kind of answer: " + ", ".join(ReadingPart), "DETAIL")
    url: str = described("Address that was read", "https://dadosabertos.camara.leg.br/api/v2/proposicoes/2256735")
    fetched_at: AwareDatetime = described("When it was read", "2026-03-02T14:00:00Z")
    payload_sha256: str = described("SHA-256 over the bytes that the source sent, 64 hexadecimal digits", "5f" * 32)
    parser_version: str = described("Version of our reader of that answer", "camara-12")


class BillLinks(Out):
    """Addresses of the bill's sub-resources, relative to the server."""

    self: str = described("The bill itself", "/api/v1/bills/camara-2256735")
    actions: str = described("Its proceedings", "/api/v1/bills/camara-2256735/actions")
    events: str = described("Sessions and meetings with it on the agenda", "/api/v1/bills/camara-2256735/events")
    journey: str = described("Its way through both houses", "/api/v1/bills/camara-2256735/journey")
    versions: str = described("Versions of the record", "/api/v1/bills/camara-2256735/versions")
    votes: str = described("Votings on it", "/api/v1/bills/camara-2256735/votes")


class BillDetail(Out):
    """One bill, complete but for its histories, which are sub-resources."""

    id: common.BillKey
    source: common.SourceName
    upstream_id: str = described("Key of the record at its source", "2256735")
    legacy_id: str | None = described("Key of the record in the source's former service", "142090")
    chamber: common.House
    type: common.Type
    type_code: common.TypeCode
    type_text: str | None = described("Type in the source's words", "Projeto de Lei")
    type_variant_code: str | None = described("The source's code of a variant of the type", "PL-NORMAL")
    number: common.Number
    number_text: str | None = described("Number as the source writes it, where it is no plain number", "2630-A")
    year: common.Year
    identifier: common.Identifier
    nickname: common.Nickname
    title: common.Title
    abstract: str | None = described(
        "Longer summary (ementa detalhada, explicação da ementa), verbatim", "Estabelece normas de transparência."
    )
    introduced_on: common.IntroducedOn
    introduced_at: AwareDatetime | None = described(
        "Instant of introduction; null where only the day is known", "2020-07-03T14:20:00Z"
    )
    status: common.Status
    status_code: str | None = described("The source's code of the situation", "915")
    status_text: common.StatusText
    status_on: date | None = described("Day since which the source's situation holds", "2026-03-02")
    status_basis: common.Basis
    status_reason: common.Reason
    in_progress: common.InProgress
    regime_text: str | None = described("Regime of proceedings (regime de tramitação), verbatim", "Urgência (Art. 155)")
    consideration_text: str | None = described(
        "How the bill is considered (forma de apreciação), verbatim", "Proposição Sujeita à Apreciação do Plenário"
    )
    scope_text: str | None = described("Scope (âmbito, tipo de conteúdo), verbatim", "Norma Geral")
    conclusive: bool | None = described(
        "Whether committees decide without the plenary (apreciação conclusiva, terminativa); null: not known"
    )
    organization: Organization | None = described("Body that has the bill now")
    last_action_at: common.LastActionAt
    latest_action: Action | None = described("Newest entry of the proceedings")
    decision: Decision | None = described("Final deliberation in this house")
    enactment: Enactment | None = described("Legal norm that the bill became")
    sponsorships: list[Sponsorship] = described("Signatories, in order of signature")
    sponsors_text: str | None = described("Authorship in the source's words", "Senador Alessandro Vieira")
    rapporteurs: list[Rapporteur] = described("Rapporteurs (relatores), present and former")
    subjects: list[Subject] = described("Subjects (temas) as the source classifies the bill")
    keywords: list[str] = described("Keywords (indexação, palavras-chave)", ["Internet", "Desinformação"])
    originating_chamber: Chamber | None = described("House where the bill began (Casa iniciadora)", "SENADO")
    chamber_role: ChamberRole | None = described(
        "Whether this record's house began the bill or reviews it (Casa revisora)", "REVIEWING"
    )
    urn_lex: common.UrnLex
    urn_aliases: list[str] = described(
        "Other LexML URNs of the bill", ["urn:lex:br:senado.federal:projeto.lei;pl:2020;2630"]
    )
    urn_status: UrnStatus = described("How sure `urn_lex` is", "VOCABULARY")
    other_identifiers: list[OtherIdentifier] = described("Other numbers of the same bill")
    related_bills: list[RelatedBill] = described("Other bills of the same house that it is joined to or follows")
    documents: list[Document] = described("Texts of the bill")
    quality_flags: list[QualityFlag] = described("Warnings about fields of this record")
    extras: dict[str, Any] = described(
        "Fields of the source without a name of ours, verbatim; their names may change", {"urnFinal": "…"}
    )
    url: common.BillPage
    upstream_updated_at: AwareDatetime | None = described(
        "When the source says that it last updated the record", "2026-03-02T13:50:00Z"
    )
    next_event: NextEvent | None = described("Next event with the bill on its agenda; null where none is announced")
    provenance: list[Provenance] = described("Upstream answers that the record was made from")
    links: BillLinks = described("Addresses of its sub-resources")
    version: common.Version
    change_seq: common.ChangeSeq
    created_at: AwareDatetime = described("When the bill was first met here", "2026-01-05T09:12:44Z")
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt
    counterparts: list[Counterpart] = described("The other house's records of the same bill")


class FieldChange(Out):
    """One field before and after. For `actions` and `vote_events`, only the entries that went and came."""

    field: str = described("Name of the field, as in the complete bill; or `actions`, `vote_events`", "status")
    old: Any = described("Value before; null where there was none", "READY_FOR_AGENDA")
    new: Any = described("Value after; null where there is none any more", "APPROVED")
    kind: ChangeKind | None = described(
        "MOVED, CORRECTED, EDITED or READ; left out of entries that were written before kinds were told",
        "MOVED",
        default=None,
    )


class SubjectType(Word):
    """What an entry of the change log is about."""

    BILL = "bill"
    LEGISLATOR = "legislator"
    ORGANIZATION = "organization"
    VOTE_EVENT = "vote_event"
    EVENT = "event"


class ChangeSubject(Out):
    """What an entry of the change log is about."""

    type: SubjectType = described("Type of the thing that changed", "bill")
    id: str = described("Its id", "camara-2256735")


class Change(Out):
    """One entry of the change log. `seq` rises by exactly one from entry to entry, over all subjects."""

    seq: int = described("Number of the entry, without gaps over all subjects: the place to go on from", 48213)
    subject: ChangeSubject = described("What changed")
    bill_id: str | None = described("The same as `subject.id` where the subject is a bill, else null", "camara-2256735")
    source: Source | None = described("House whose API the record is from; null for parties", "camara")
    identifier: str | None = described(
        "Of a bill: type, number and year as people write them. Of another record: its name", "PL 2630/2020"
    )
    kind: ChangeKind = described(
        "CREATED: met for the first time. READ: more of it was read for the first time. MOVED: its status, actions, "
        "rapporteur, body, votes or enactment changed. EDITED: its text, numbers, sponsors or documents did. "
        "CORRECTED: the source took something back, or has a removed bill again. REMOVED: its source has it no more. "
        "The strongest of its fields': MOVED > CORRECTED > EDITED > READ",
        "MOVED",
    )
    version: common.Version
    changed_at: AwareDatetime = described("When the change was stored here", "2026-03-02T14:00:05Z")
    changes: list[FieldChange] = described(
        "The fields that changed; may be empty, as where the bill was met for the first time"
    )
    trace_id: str | None = described(
        "W3C trace id of the reading that brought it, 32 hexadecimal digits", "4bf92f3577b34da6a3ce929d0e0e4736"
    )
