"""A legislator as one house's register shows the person. The same person in both houses is two linked records."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from legis.domain.frozen import Frozen
from legis.domain.records.membership import Condition, Membership
from legis.domain.records.record import DatedName, ExternalId, Link, Record, RecordFlag, RecordKind


class BirthPlace(Frozen):
    """Place of birth; `state` has two letters."""

    municipality: str | None = None
    state: str | None = None


class LegislatorRecord(Record):
    """One legislator (parlamentar). `name` is the parliamentary name, `civil_name` the name in the civil register.

    `memberships` has one list for each upstream list that was read, by a name of that list: `terms`, `parties`,
    `committees`, `leadership`, `leaves`, or with the legislature: `terms-57`. A list `listed-terms-57` is shown only
    while there is no `terms-57`. An observation replaces only the lists that it claims. `state`, `party`, `in_office`
    and `condition` are as of the newest reading, which was at `state_at`.
    No CPF, e-mail address, telephone or room is ever part of it.
    """

    kind: Literal[RecordKind.LEGISLATOR] = RecordKind.LEGISLATOR
    name: str | None = None
    civil_name: str | None = None
    other_names: tuple[DatedName, ...] = ()
    gender: str | None = None
    birth_date: date | None = None
    death_date: date | None = None
    birth_place: BirthPlace | None = None
    image: str | None = None
    links: tuple[Link, ...] = ()
    identifiers: tuple[ExternalId, ...] = ()
    state: str | None = None
    party: str | None = None
    party_text: str | None = None
    in_office: bool | None = None
    condition: Condition | None = None
    condition_text: str | None = None
    state_at: AwareDatetime | None = None
    memberships: dict[str, tuple[Membership, ...]] = Field(default_factory=dict)
    flags: tuple[RecordFlag, ...] = ()
