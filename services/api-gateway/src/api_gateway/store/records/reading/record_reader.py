"""Reads single records, and lists of legislators and organizations by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from legis.domain.identity.evidence import EvidencePart, evidence_part
from legis.domain.records.record import RecordKind

from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.list_conditions import Conditions

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
    evidence_parts: list[EvidencePart]


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
_LIST = """
SELECT x.id, x.folded_name, r.summary FROM {table} x JOIN record r ON r.id = x.id
WHERE r.removed_at IS NULL AND {conditions} ORDER BY x.folded_name, x.id LIMIT $1
"""
# Rows of an upstream list have no days: they count for nothing where the same list is known with its days.
_DATED = """NOT (m.list_name LIKE 'listed-%' AND EXISTS (
    SELECT FROM membership d WHERE d.given_by = m.given_by AND d.list_name = substr(m.list_name, 8)))"""
# Of equal memberships in several lists one is given: the one in a list of the record asked for.
_MEMBERSHIPS = """
SELECT o.document, count(*) OVER () AS total FROM (
    SELECT DISTINCT ON (coalesce(m.{other}, m.given_by || m.list_name || m.place), m.kind, m.start_date, twin)
           m.document, m.start_date, m.end_date, m.given_by, m.list_name, m.place
    FROM (SELECT *, CASE WHEN given_by = $1 THEN role END AS twin FROM membership WHERE {own} = $1) AS m
    WHERE {dated} AND (m.given_by = $1 OR NOT EXISTS (
        SELECT FROM membership k WHERE k.given_by = $1 AND k.{other} = m.{other} AND k.kind = m.kind
                                   AND k.start_date IS NOT DISTINCT FROM m.start_date)) AND {conditions}
    ORDER BY coalesce(m.{other}, m.given_by || m.list_name || m.place), m.kind, m.start_date, twin, m.given_by,
             m.list_name, m.place
) AS o ORDER BY o.start_date DESC NULLS LAST, o.end_date DESC NULLS FIRST, o.given_by, o.list_name, o.place
OFFSET $2 LIMIT $3
"""
_HELD = "coalesce(m.start_date <= {0}, true) AND coalesce(m.end_date >= {0}, true)"
_MEMBERS = f"""
SELECT count(DISTINCT m.legislator_id) AS n FROM membership m
WHERE m.organization_id = $1 AND {_HELD.format("$2")} AND {_DATED}
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
    return [
        SamePerson(row["other_id"], row["rule"], row["evidence"], [evidence_part(text) for text in row["evidence"]])
        for row in rows
    ]


async def list_legislators(
    database: Database, wanted: LegislatorFilter, *, after: Key | None, limit: int
) -> RecordPage:
    """Legislators by name; `after` is the key of the last one of the page before."""
    where = Conditions(limit + 1)
    where.add_known("x.house = {}", wanted.house)
    where.add_known("x.state = {}", wanted.state)
    where.add_known("x.party = {}", wanted.party)
    where.add_known("x.in_office = {}", wanted.in_office)
    where.add_known("{} = ANY(x.legislatures)", wanted.legislature)
    where.add_words("x.folded_name || ' ' || coalesce(x.folded_civil_name, '')", wanted.name_words)
    if wanted.organization_id is not None:
        on = wanted.member_on
        where.add(
            "x.id IN (SELECT m.legislator_id FROM membership m WHERE m.organization_id = {}"
            " AND ({}::date IS NULL OR (coalesce(m.start_date <= {}, true) AND coalesce(m.end_date >= {}, true)))"
            f" AND {_DATED})",
            wanted.organization_id, on, on, on,
        )  # fmt: skip
    return await _page(database, "legislator", where, after, limit)


async def list_organizations(
    database: Database, wanted: OrganizationFilter, *, after: Key | None, limit: int
) -> RecordPage:
    """Organizations by name; `after` is the key of the last one of the page before."""
    where = Conditions(limit + 1)
    where.add_known("x.house = {}", wanted.house)
    where.add_known("x.classification = ANY({}::text[])", wanted.classifications)
    where.add_known("x.active = {}", wanted.active)
    where.add_known("x.parent_id = {}", wanted.parent_id)
    where.add_words("x.folded_name || ' ' || lower(coalesce(x.acronym, ''))", wanted.name_words)
    return await _page(database, "organization", where, after, limit)


async def _page(database: Database, table: str, where: Conditions, after: Key | None, limit: int) -> RecordPage:
    if after is not None:
        where.add("(x.folded_name, x.id) > ({}, {})", *after)
    rows = await database.rows(_LIST.format(table=table, conditions=where.sql), where.values)
    kept = rows[:limit]
    return RecordPage([r["summary"] for r in kept], [(r["folded_name"], r["id"]) for r in kept], len(rows) > limit)


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
    own, other = ("legislator_id", "organization_id") if legislator_id else ("organization_id", "legislator_id")
    where = Conditions(legislator_id or organization_id, offset, limit)
    where.add_known("m.kind = ANY({}::text[])", tuple(kinds))
    if on is not None and on.at is not None:
        where.add(_HELD.format("{0}"), on.at)
    if on is not None and on.active is not None:
        where.add(f"({_HELD.format('{0}')}) = {{1}}", on.today, on.active)
    sql = _MEMBERSHIPS.format(own=own, other=other, dated=_DATED, conditions=where.sql)
    rows = await database.rows(sql, where.values)
    if not rows and offset:  # behind the last one: the total is asked for alone
        return MembershipPage([], (await _first_total(database, sql, where.values)))
    return MembershipPage([row["document"] for row in rows], rows[0]["total"] if rows else 0)


async def _first_total(database: Database, sql: str, values: Sequence[Any]) -> int:
    row = await database.row(sql, [values[0], 0, 1, *values[3:]])
    return int(row["total"]) if row else 0


async def count_members(database: Database, organization_id: str, today: date) -> int:
    """Number of legislators who are members today."""
    row = await database.row(_MEMBERS, [organization_id, today], fixed=True)
    return int(row["n"]) if row else 0
