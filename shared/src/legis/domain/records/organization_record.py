"""Committees, plenaries, boards, parties, blocs and other organizations as records with members.

`legis.domain.organization.Organization` is a reference to one of them inside another record.
"""

import datetime
from typing import Literal

from pydantic import Field

from legis.domain.frozen import Frozen
from legis.domain.records.membership import Member
from legis.domain.records.record import DatedName, ExternalId, Record, RecordFlag, RecordKind
from legis.domain.word_enum import Word


class Classification(Word):
    """Kind of an organization."""

    PLENARY = "PLENARY"
    PERMANENT = "PERMANENT"
    SPECIAL = "SPECIAL"
    INQUIRY = "INQUIRY"
    JOINT = "JOINT"
    SUBCOMMITTEE = "SUBCOMMITTEE"
    BOARD = "BOARD"
    COUNCIL = "COUNCIL"
    PARTY = "PARTY"
    BLOC = "BLOC"
    FEDERATION = "FEDERATION"
    OTHER = "OTHER"


class SuccessionKind(Word):
    """How an organization became another one."""

    RENAMED = "RENAMED"
    MERGED = "MERGED"
    INCORPORATED = "INCORPORATED"


class Successor(Frozen):
    """The organization that followed, with the day."""

    id: str
    kind: SuccessionKind
    date: datetime.date | None = None


class OrganizationRecord(Record):
    """One organization (órgão, comissão, partido, bloco).

    `members` has one list for each upstream list that was read, by a name of that list: `now`, `legislature-57`. An
    observation replaces only the lists that it claims. `active` is None where the source does not say.
    """

    kind: Literal[RecordKind.ORGANIZATION] = RecordKind.ORGANIZATION
    classification: Classification = Classification.OTHER
    classification_text: str | None = None
    acronym: str | None = None
    name: str | None = None
    other_names: tuple[DatedName, ...] = ()
    identifiers: tuple[ExternalId, ...] = ()
    founding_date: datetime.date | None = None
    dissolution_date: datetime.date | None = None
    active: bool | None = None
    parent_id: str | None = None
    party_ids: tuple[str, ...] = ()
    """Parties of a bloc or federation, as party keys."""
    successors: tuple[Successor, ...] = ()
    members: dict[str, tuple[Member, ...]] = Field(default_factory=dict)
    flags: tuple[RecordFlag, ...] = ()
