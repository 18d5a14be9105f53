"""Memberships: who belongs to which organization, in which role, from when to when."""

from datetime import date

from legis.domain.frozen import Frozen
from legis.domain.organization import Organization
from legis.domain.word_enum import Word


class MembershipKind(Word):
    """Kind of a membership."""

    TERM = "TERM"
    """Mandate or exercise of a mandate in a house."""
    PARTY = "PARTY"
    COMMITTEE = "COMMITTEE"
    LEADERSHIP = "LEADERSHIP"
    """Leader or deputy leader of a party, bloc, the government or the opposition."""
    BOARD = "BOARD"
    """Office in a house's board (Mesa)."""
    LEAVE = "LEAVE"
    """Absence with leave (licença); the mandate goes on."""


class Condition(Word):
    """Whether a mandate or a seat is held in one's own right or for another."""

    TITULAR = "TITULAR"
    SUBSTITUTE = "SUBSTITUTE"


class Membership(Frozen):
    """One membership. Days are Brasília's; `end_date` None: still open, or the source does not say.

    `organization` is the house (TERM, LEAVE), party, committee or board; `organization_id` our id of it where the
    source gives a code that identifies it. `party` is a party key, `party_text` the label in the source where it
    differs. `substitute_for` is the legislator whose seat a substitute fills, where the source says so.
    """

    kind: MembershipKind
    organization: Organization | None = None
    organization_id: str | None = None
    role: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    legislature: int | None = None
    condition: Condition | None = None
    substitute_for: str | None = None
    end_reason: str | None = None
    party: str | None = None
    party_text: str | None = None
    state: str | None = None


class Member(Frozen):
    """One member of an organization as the organization's own list shows it. Fields as in `Membership`."""

    legislator_id: str | None = None
    name: str
    kind: MembershipKind = MembershipKind.COMMITTEE
    role: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    legislature: int | None = None
    condition: Condition | None = None
    party: str | None = None
    party_text: str | None = None
    state: str | None = None
