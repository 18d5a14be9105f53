"""Public shapes of an event (sessão, reunião) and of its agenda (pauta): in lists, and complete."""

from legis.domain.records.event_record import AgendaOutcome, EventClassification, EventStatus
from pydantic import AwareDatetime

from api_gateway.documents import common_fields as common
from api_gateway.documents.bill_parts import Organization
from api_gateway.documents.models import Provenance
from api_gateway.documents.records.common_record_fields import (
    CreatedAt,
    EventKey,
    RecordLinks,
    RecordSource,
    UpstreamId,
)
from api_gateway.documents.records.record_parts import Link, RecordFlag
from api_gateway.documents.shapes import Out, described

_STATUS = (
    "TENTATIVE, CONFIRMED, IN_PROGRESS, SUSPENDED, HELD, CANCELLED; MOVED: cancelled, and announced again as `moved_to`"
)
_MOVED_TO = "Id of the event that replaces this one"
_END = "End; only where the source publishes it"
_IDS = "Ids of the organizations that meet"


class AgendaItem(Out):
    """One item of an agenda."""

    key: str = described("Identifies the item within its event, whatever its place", "camara-2256735")
    order: int | None = described("Place on the agenda, from 1", 3)
    section: str | None = described("Part of the meeting, or kind of agenda, in the source's words", "Ordem do Dia")
    bill_ids: list[str] = described("Ids of the bills of the item", ["camara-2256735"])
    identifier: str | None = described("Bill or motion as the source names it", "PL 2630/2020")
    text: str | None = described("What the agenda says of the item, verbatim", "Discussão e votação do parecer")
    rapporteur: str | None = described("Name of the rapporteur (relator)", "Orlando Silva")
    rapporteur_id: str | None = described("Id of the rapporteur", "camara-deputy-178987")
    outcome: AgendaOutcome | None = described("What became of the item; null: nothing yet", "APPROVED")
    outcome_text: str | None = described("The same in the source's words", "Aprovado o Parecer")
    vote_event_id: str | None = described("Id of its voting", "camara-vote-2256735-87")


class EventSummary(Out):
    """An event as an item of a list."""

    id: EventKey
    source: RecordSource
    house: common.House
    classification: EventClassification = described("Session of a plenary, meeting, hearing or other", "MEETING")
    name: str | None = described("Name of the event", "Reunião Deliberativa")
    organizations: list[Organization] = described("Bodies that meet")
    organization_ids: list[str] = described(_IDS, ["camara-org-2003"])
    start: AwareDatetime | None = described("Start", "2026-03-03T13:00:00Z")
    end: AwareDatetime | None = described(_END, "2026-03-03T16:20:00Z")
    location: str | None = described("Place, in the source's words", "Anexo II, Plenário 01")
    status: EventStatus = described(_STATUS, "CONFIRMED")
    status_text: str | None = described("State in the source's words", "Convocada")
    moved_to: str | None = described(_MOVED_TO, "senado-meeting-13450")
    url: str | None = described("Address of the event at its source", "https://www.camara.leg.br/evento/70123")
    version: common.Version
    change_seq: common.ChangeSeq
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt
    agenda: list[AgendaItem] | None = described("Items of the agenda (pauta); only with `agenda=true`", default=None)


class EventDetail(Out):
    """One event, complete, with its agenda."""

    id: EventKey
    source: RecordSource
    upstream_id: UpstreamId
    house: common.House
    url: str | None = described("Address of the event at its source", "https://www.camara.leg.br/evento/70123")
    classification: EventClassification = described("Session of a plenary, meeting, hearing or other", "MEETING")
    classification_text: str | None = described("Kind in the source's words", "Reunião Deliberativa")
    name: str | None = described("Name of the event", "Reunião Deliberativa")
    description: str | None = described("What the source says of it, verbatim", "Discussão e votação de propostas")
    organizations: list[Organization] = described("Bodies that meet")
    organization_ids: list[str] = described(_IDS, ["camara-org-2003"])
    start: AwareDatetime | None = described("Start", "2026-03-03T13:00:00Z")
    end: AwareDatetime | None = described(_END, "2026-03-03T16:20:00Z")
    location: str | None = described("Place, in the source's words", "Anexo II, Plenário 01")
    status: EventStatus = described(_STATUS, "CONFIRMED")
    status_text: str | None = described("State in the source's words", "Convocada")
    moved_to: str | None = described(_MOVED_TO, "senado-meeting-13450")
    moved_from: str | None = described("Id of the event that this one replaces", "senado-meeting-13449")
    media: list[Link] = described("Recordings, broadcasts and minutes")
    agenda: list[AgendaItem] = described("Items of the agenda (pauta), in order")
    flags: list[RecordFlag] = described("Warnings about fields of this record")
    provenance: list[Provenance] = described("Upstream answers that the record was made from")
    links: RecordLinks = described("Its address")
    created_at: CreatedAt
    version: common.Version
    changed_at: common.ChangedAt
    removed_at: common.RemovedAt
    change_seq: common.ChangeSeq
