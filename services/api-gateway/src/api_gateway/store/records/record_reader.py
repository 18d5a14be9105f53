"""Reads single records, and lists of legislators and organizations by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from legis.domain.records.record import RecordKind

from api_gateway.store.database.reader import Database

Key = tuple[Any, ...]
"""Position in a list: sort value and id of a row."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it was rendered when it was written."""

    id: str
    kind: RecordKind
    document: bytes
    version: int
    change_seq: int
    created_at: datetime
    changed_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Rendered list items with the key of each; `more` where others follow."""

    items: list[bytes]
    keys: list[Key]
    more: bool


@dataclass(frozen=True, slots=True)
class LegislatorFilter:
    """Legislators that match all that is set. `name_words` are words without case and marks that the parliamentary or
    the civil name must all have, the last one perhaps as the beginning of a word. `organization_id` selects members on
    the day `member_on`.
    """

    house: str | None = None
    state: str | None = None
    party: str | None = None
    in_office: bool | None = None
    legislature: int | None = None
    name_words: tuple[str, ...] = ()
    organization_id: str | None = None
    member_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrganizationFilter:
    """Organizations that match all that is set; `name_words` as for legislators, or equal to the acronym."""

    house: str | None = None
    classifications: tuple[str, ...] = ()
    active: bool | None = None
    parent_id: str | None = None
    name_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Memberships that hold on the day `at`, and that hold (`active`) or do not hold today. None: any."""

    at: date | None = None
    active: bool | None = None
    today: date = date.max


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Another record of the same person, with the rule and evidence that link the two."""

    id: str
    rule: str
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class MembershipPage:
    """Memberships as JSON texts, and how many there are in all."""

    items: list[str]
    total: int


_RECORD = """
SELECT id, kind, document, version, change_seq, created_at, changed_at, removed_at FROM record WHERE id = $1
"""
_SUMMARIES = """
SELECT r.id, r.summary FROM unnest($1::text[]) WITH ORDINALITY AS n(id, place) JOIN record r ON r.id = n.id
ORDER BY n.place
"""
_SAME = "SELECT other_id, rule, evidence FROM legislator_link WHERE legislator_id = $1 ORDER BY other_id"


async def load_record(database: Database, record_id: str, kind: RecordKind | None = None) -> StoredRecord | None:
    """One record, or None; with `kind`, only of that kind."""
    row = await database.row(_RECORD, [record_id], fixed=True)
    if row is None or (kind is not None and row["kind"] != kind.value):
        return None
    values = {name: row[name] for name in row.keys() if name != "kind"}  # noqa: SIM118 (asyncpg's rows)
    return StoredRecord(kind=RecordKind(row["kind"]), **values)


async def load_summaries(database: Database, ids: Sequence[str]) -> dict[str, bytes]:
    """The list items of these records, by id; ids that are not stored are left out."""
    rows = await database.rows(_SUMMARIES, [list(ids)], fixed=True)
    return {row["id"]: row["summary"] for row in rows}


async def load_same_person(database: Database, legislator_id: str) -> list[SamePerson]:
    """The other records of this person."""
    rows = await database.rows(_SAME, [legislator_id], fixed=True)
    return [SamePerson(row["other_id"], row["rule"], row["evidence"]) for row in rows]


async def list_legislators(
    database: Database, wanted: LegislatorFilter, *, after: Key | None, limit: int
) -> RecordPage:
    """Legislators by name; `after` is the key of the last one of the page before."""
    raise NotImplementedError


async def list_organizations(
    database: Database, wanted: OrganizationFilter, *, after: Key | None, limit: int
) -> RecordPage:
    """Organizations by name; `after` is the key of the last one of the page before."""
    raise NotImplementedError


async def load_memberships(
    database: Database,
    *,
    legislator_id: str | None = None,
    organization_id: str | None = None,
    kinds: Sequence[str] = (),
    on: MemberFilter | None = None,
    offset: int = 0,
    limit: int = 100,
) -> MembershipPage:
    """Memberships of a legislator or of an organization, newest first, from the lists of both. One membership that both
    lists show is given once, as the record asked for shows it.
    """
    raise NotImplementedError


async def count_members(database: Database, organization_id: str, today: date) -> int:
    """Number of legislators who are members today."""
    raise NotImplementedError
