"""Rows of legislators, organizations and memberships. One statement per table and batch."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from legis.domain.organization import Organization
from legis.domain.parties.party_table import party_record_id
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Member, Membership, MembershipKind
from legis.domain.records.organization_record import OrganizationRecord

from api_gateway.store.database.connections import Connection
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.record_state.record_fields import folded
from api_gateway.store.records.record_rows import WrittenRecord
from api_gateway.store.records.row_values import execute_rows

_LEGISLATORS = """
INSERT INTO legislator (id, house, name, folded_name, folded_civil_name, birth_date, gender, state, party, in_office,
                        legislatures)
SELECT n.id, n.house, n.name, n.folded_name, n.folded_civil_name, n.birth_date, n.gender, n.state, n.party, n.in_office,
       string_to_array(n.legislatures, ',')::integer[]
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[],
            $10::boolean[], $11::text[])
     AS n(id, house, name, folded_name, folded_civil_name, birth_date, gender, state, party, in_office, legislatures)
ORDER BY n.id
ON CONFLICT (id) DO UPDATE SET house = excluded.house, name = excluded.name, folded_name = excluded.folded_name,
    folded_civil_name = excluded.folded_civil_name, birth_date = excluded.birth_date, gender = excluded.gender,
    state = excluded.state, party = excluded.party, in_office = excluded.in_office,
    legislatures = excluded.legislatures
"""
_ORGANIZATIONS = """
INSERT INTO organization (id, house, classification, acronym, name, folded_name, parent_id, active)
SELECT n.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::boolean[]) AS n(id, house, classification, acronym, name, folded_name, parent_id, active)
ORDER BY n.id
ON CONFLICT (id) DO UPDATE SET house = excluded.house, classification = excluded.classification,
    acronym = excluded.acronym, name = excluded.name, folded_name = excluded.folded_name,
    parent_id = excluded.parent_id, active = excluded.active
"""
_DROP_LISTS = """
DELETE FROM membership m USING unnest($1::text[], $2::text[]) AS n(given_by, list_name)
WHERE m.given_by = n.given_by AND m.list_name = n.list_name
"""
_MEMBERSHIPS = """
INSERT INTO membership (given_by, list_name, place, legislator_id, organization_id, kind, role, legislature, start_date,
                        end_date, document)
SELECT n.* FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::integer[], $9::date[], $10::date[], $11::text[])
    AS n(given_by, list_name, place, legislator_id, organization_id, kind, role, legislature, start_date, end_date,
         document)
"""


async def write_people(connection: Connection, written: Sequence[WrittenRecord]) -> None:
    """Writes the rows of the legislators and organizations of a batch, and the memberships of lists that changed."""
    people = [(w, w.shown) for w in written if isinstance(w.shown, LegislatorRecord)]
    bodies = [(w, w.shown) for w in written if isinstance(w.shown, OrganizationRecord)]
    await execute_rows(connection, _LEGISLATORS, [_legislator(record) for _, record in people])
    await execute_rows(connection, _ORGANIZATIONS, [_organization(record) for _, record in bodies])
    changed = [(w, name) for w, _ in (*people, *bodies) for name in _changed_lists(w.state)]
    await execute_rows(connection, _DROP_LISTS, [(w.state.bill_id, name) for w, name in changed])
    await execute_rows(connection, _MEMBERSHIPS, [row for w, name in changed for row in _memberships(w.shown, name)])


def named_lists(record: AnyRecord | None) -> dict[str, tuple[Any, ...]]:
    """The named lists of a legislator or organization."""
    if isinstance(record, LegislatorRecord):
        return record.memberships
    return record.members if isinstance(record, OrganizationRecord) else {}


def _changed_lists(state: RecordState) -> Iterator[str]:
    before = named_lists(state.before)
    for name, entries in sorted(named_lists(state.now.record).items()):
        if before.get(name, ()) != entries:
            yield name


def _legislator(record: LegislatorRecord) -> tuple[Any, ...]:
    name = record.name or record.civil_name or record.id
    terms = {one.legislature for one in _all(record) if one.kind is MembershipKind.TERM and one.legislature}
    return (
        record.id, record.house and record.house.value, name, folded(name), folded(record.civil_name) or None,
        record.birth_date, record.gender, record.state, record.party, record.in_office,
        ",".join(map(str, sorted(terms))),
    )  # fmt: skip


def _all(record: LegislatorRecord) -> Iterator[Membership]:
    for entries in record.memberships.values():
        yield from entries


def _organization(record: OrganizationRecord) -> tuple[Any, ...]:
    name = record.name or record.acronym or record.id
    return (
        record.id, record.house and record.house.value, record.classification.value, record.acronym, name,
        folded(name), record.parent_id, record.active,
    )  # fmt: skip


def _memberships(record: AnyRecord, name: str) -> Iterator[tuple[Any, ...]]:
    for place, one in enumerate(named_lists(record).get(name, ())):
        values = _of_member(record, one) if isinstance(one, Member) else _of_legislator(record, one)
        yield (
            record.id, name, place, values["legislator_id"], values["organization_id"], one.kind.value, one.role,
            one.legislature, one.start_date, one.end_date, orjson.dumps(values).decode(),
        )  # fmt: skip


def _of_legislator(record: AnyRecord, one: Membership) -> dict[str, Any]:
    """A membership from the legislator's own list, as it is served."""
    body = one.organization_id
    if body is None and one.kind is MembershipKind.PARTY and one.party:
        body = party_record_id(one.party)
    name = record.name if isinstance(record, LegislatorRecord) else None
    return {**one.model_dump(mode="json"), "organization_id": body, "legislator_id": record.id, "name": name}


def _of_member(record: AnyRecord, one: Member) -> dict[str, Any]:
    """A membership from the organization's list, in the same shape."""
    acronym, name = (record.acronym, record.name) if isinstance(record, OrganizationRecord) else (None, None)
    body = Organization(code=record.upstream_id, acronym=acronym, name=name, chamber=record.house)
    empty = {"substitute_for": None, "end_reason": None}
    return {
        **empty,
        **one.model_dump(mode="json"),
        "organization": body.model_dump(mode="json"),
        "organization_id": record.id,
    }
