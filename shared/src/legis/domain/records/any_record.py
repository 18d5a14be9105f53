"""The union of all record types, and their common operations: JSON of the claims, and merging of two readings."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from legis.domain.records.event_record import AgendaItem, EventRecord, bills_of_item
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.organization_record import OrganizationRecord
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.vocabulary import QualityFlagCode

AnyRecord = LegislatorRecord | OrganizationRecord | VoteEventRecord | EventRecord
TaggedRecord = Annotated[AnyRecord, Field(discriminator="kind")]
_RECORD: TypeAdapter[AnyRecord] = TypeAdapter(TaggedRecord)

NAMED_LISTS = frozenset({"memberships", "members"})
"""Fields that hold several upstream lists by name; an observation replaces only the lists it claims."""

_UNION = "bills"


def dump_claims(record: AnyRecord) -> str:
    """JSON of the fields that the record claims, with its kind."""
    claims = record.model_dump_json(exclude_unset=True, exclude={"kind"})
    return f'{{"kind":"{record.kind}",{claims[1:]}'


def load_record(data: bytes | str) -> AnyRecord:
    """The record of such JSON, claiming the same fields. Raises pydantic's ValidationError."""
    return _RECORD.validate_json(data)


def merge_records(stored: AnyRecord | None, observed: AnyRecord) -> AnyRecord:
    """The record after the observation: claimed fields from `observed`, all others as stored.

    Named lists are replaced one by one, bills of a voting add up, extras are joined, and a flag is kept until its field
    is claimed again. Where the bills of an agenda item are flagged as in doubt, those that are stored stay. Merging the
    same observation again changes nothing.
    """
    if stored is None:
        return observed
    claimed: dict[str, Any] = {name: getattr(observed, name) for name in observed.model_fields_set}
    for name in (NAMED_LISTS | {"extras"}) & claimed.keys():
        claimed[name] = {**getattr(stored, name), **claimed[name]}
    if _UNION in claimed:
        claimed[_UNION] = _added(stored, observed)
    if isinstance(observed, EventRecord) and isinstance(stored, EventRecord) and "agenda" in claimed:
        claimed["agenda"] = _agenda(stored, observed)
    if "flags" in claimed:
        claimed["flags"] = _flags(stored, observed)
    return stored.model_copy(update=claimed)


def _added(stored: Any, observed: Any) -> tuple[Any, ...]:
    found = {(one.id, one.role): one for one in stored.bills}
    for one in observed.bills:
        known = found.get((one.id, one.role))
        found[one.id, one.role] = one if known is None or one.identifier else known
    return tuple(found[key] for key in sorted(found))


def _agenda(stored: EventRecord, observed: EventRecord) -> tuple[AgendaItem, ...]:
    """The items as observed, with the stored bills of those whose own are in doubt."""
    doubted = {flag.field for flag in observed.flags if flag.code is QualityFlagCode.LIST_IN_DOUBT}
    if not doubted:
        return observed.agenda
    bills = {item.key: item.bill_ids for item in stored.agenda if bills_of_item(item.key) in doubted}
    return tuple(item.model_copy(update={"bill_ids": bills.get(item.key, item.bill_ids)}) for item in observed.agenda)


def _flags(stored: Any, observed: Any) -> tuple[Any, ...]:
    """Flags with a field are replaced together with that field. Flags of a voting have none and are replaced."""
    if isinstance(observed, VoteEventRecord):
        return observed.flags
    kept = [flag for flag in stored.flags if not _claims(observed, flag.field)]
    return tuple(dict.fromkeys((*observed.flags, *kept)))


def _claims(observed: Any, field: str) -> bool:
    """Whether the observation claims the field of a flag; `memberships.terms-57` is one named list."""
    name, _, part = field.split("[")[0].partition(".")
    if name not in observed.model_fields_set:
        return False
    return name not in NAMED_LISTS or not part or part in getattr(observed, name)
