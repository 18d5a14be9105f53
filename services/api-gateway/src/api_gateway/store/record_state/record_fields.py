"""Properties of the fields of each kind of record: which are lists, which move, which are names."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from legis.domain.records.any_record import NAMED_LISTS, AnyRecord
from legis.domain.records.event_record import EventRecord
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.organization_record import OrganizationRecord
from legis.domain.records.record import RecordKind
from legis.domain.search_text import plain

from api_gateway.store.bill_state.list_entries import EntryKeys

VOLATILE = frozenset({"extras", "flags", "state_at", "kind", "id", "source", "upstream_id"})
"""Fields that never make a version: bookkeeping, warnings, and what a record is known by."""

MOVED_FIELDS: Mapping[RecordKind, frozenset[str]] = {
    RecordKind.EVENT: frozenset({"start", "end", "location", "status", "moved_to"})
}
"""A change of one of these fields is movement; of any other it is an edit."""

COUNTED_LISTS = frozenset({"votes", "memberships", "members"})
"""Lists whose changes are told in numbers: whole ones would make the log as large as the records."""


def _person(one: Any) -> Hashable:
    return one.legislator_id or folded(one.name)


def _place(one: Any) -> Hashable:
    body = one.organization
    code = (body.code or folded(body.acronym) or folded(body.name)) if body else None
    return one.kind, one.organization_id or one.party or code


ENTRY_KEYS: Mapping[str, EntryKeys] = {
    "votes": EntryKeys((_person,)),
    "orientations": EntryKeys((lambda one: folded(one.label),)),
    "agenda": EntryKeys((lambda one: one.key,)),
    "memberships": EntryKeys((lambda one: (_place(one), one.role, one.start_date), _place)),
    "members": EntryKeys((lambda one: (_person(one), one.role, one.start_date), _person)),
}
"""Lists of records that can be in doubt, each with what an entry is known by over several readings. An entry whose role
or dates were edited is not lost.
"""


def folded(text: str | None) -> str:
    """Text without case, marks and double blanks, as names are compared and sorted."""
    return " ".join(plain(text or "").split())


def claims(record: AnyRecord) -> Iterator[str]:
    """The claimed fields as the store keeps their order of reading: named lists one by one (`members.now`)."""
    for name in sorted(record.model_fields_set - {"kind", "id", "source", "upstream_id"}):
        if name in NAMED_LISTS:
            yield from (f"{name}.{key}" for key in sorted(getattr(record, name)))
        else:
            yield name


def restricted(record: AnyRecord, kept: frozenset[str]) -> AnyRecord:
    """The record with only these claims, as `claims` names them."""
    names = {name.partition(".")[0] for name in kept} | {"id", "source", "upstream_id"}
    values: dict[str, Any] = {name: getattr(record, name) for name in record.model_fields_set & names}
    for name in NAMED_LISTS & values.keys():
        values[name] = {key: entries for key, entries in values[name].items() if f"{name}.{key}" in kept}
    return type(record).model_construct(_fields_set=set(values), **values)


def title_of(record: AnyRecord) -> str:
    """The name under which an entry of the change log shows the record."""
    match record:
        case LegislatorRecord():
            return record.name or record.civil_name or record.id
        case OrganizationRecord():
            return record.acronym or record.name or record.id
        case EventRecord():
            return record.name or record.classification_text or record.id
        case _:
            return record.subject_identifier or record.id
