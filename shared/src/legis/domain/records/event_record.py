"""A session or meeting with its agenda."""

from typing import Literal

from pydantic import AwareDatetime

from legis.domain.frozen import Frozen
from legis.domain.organization import Organization
from legis.domain.records.record import Link, Record, RecordFlag, RecordKind
from legis.domain.word_enum import Word


class EventClassification(Word):
    """Kind of an event."""

    SESSION = "SESSION"
    """Sitting of a plenary."""
    MEETING = "MEETING"
    """Meeting of a committee or another body, with or without votes."""
    HEARING = "HEARING"
    OTHER = "OTHER"


class EventStatus(Word):
    """State of an event."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    IN_PROGRESS = "IN_PROGRESS"
    SUSPENDED = "SUSPENDED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"
    MOVED = "MOVED"
    """Cancelled here and announced again under another id, `moved_to`."""
    UNKNOWN = "UNKNOWN"


class AgendaOutcome(Word):
    """What became of an agenda item."""

    REPORTED = "REPORTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    DISCUSSED = "DISCUSSED"
    WITHDRAWN = "WITHDRAWN"
    NOT_REACHED = "NOT_REACHED"
    VIEW_GRANTED = "VIEW_GRANTED"
    POSTPONED = "POSTPONED"
    OTHER = "OTHER"
    """The source's text is in `outcome_text` and has no word of ours."""


class AgendaItem(Frozen):
    """One item of an agenda (pauta). `key` identifies it within its event over several readings.

    `section` is the part of the meeting or the kind of agenda. `bill_ids` are our ids of the bills on it.
    """

    key: str
    order: int | None = None
    section: str | None = None
    bill_ids: tuple[str, ...] = ()
    identifier: str | None = None
    text: str | None = None
    rapporteur: str | None = None
    rapporteur_id: str | None = None
    outcome: AgendaOutcome | None = None
    outcome_text: str | None = None
    vote_event_id: str | None = None


def bills_of_item(key: str) -> str:
    """The name in a flag of the bills of an agenda item. With `LIST_IN_DOUBT` it says that the item is about a bill of
    which the source did not say which one it is.
    """
    return f"agenda[{key}].bill_ids"


class EventRecord(Record):
    """One session or meeting. `start` and `end` are instants in UTC; `end` only where the source publishes it.

    `moved_to` is our id of the event that replaces one with status MOVED. `agenda` claimed as `()` says that the source
    shows no items.
    """

    kind: Literal[RecordKind.EVENT] = RecordKind.EVENT
    classification: EventClassification = EventClassification.OTHER
    classification_text: str | None = None
    name: str | None = None
    description: str | None = None
    organizations: tuple[Organization, ...] = ()
    organization_ids: tuple[str, ...] = ()
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    location: str | None = None
    status: EventStatus = EventStatus.UNKNOWN
    status_text: str | None = None
    moved_to: str | None = None
    moved_from: str | None = None
    media: tuple[Link, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    flags: tuple[RecordFlag, ...] = ()
