"""Difference between two readings of a record, as the change log shows it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from legis.domain.change_kind import ChangeKind
from legis.domain.records.any_record import NAMED_LISTS, AnyRecord
from legis.domain.records.record import RecordKind

from api_gateway.store.bill_state.diff import Diff
from api_gateway.store.record_state.record_fields import COUNTED_LISTS, ENTRY_KEYS, MOVED_FIELDS, VOLATILE

_EMPTY: tuple[Any, ...] = (None, (), "", {})


def record_diff(old: AnyRecord, new: AnyRecord) -> Diff:
    """The changed fields, each with old and new value and its kind: READ where no reading had claimed the field, MOVED
    for time, place and status of an event, CORRECTED where a value is gone, else EDITED.

    Lists are told as the entries that went and came; long ones (`COUNTED_LISTS`) in numbers. A version of a record is
    never restored, so no old values are kept beside.
    """
    return Diff(tuple(_changes(old, new)), {})


def _changes(old: AnyRecord, new: AnyRecord) -> Iterator[dict[str, Any]]:
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name in VOLATILE or before == after:
            continue
        if name in NAMED_LISTS:
            yield from _named(name, before, after)
            continue
        kind = _kind(RecordKind(new.kind), name, before, after, known=name in old.model_fields_set)
        if name in ENTRY_KEYS:
            if (change := _entries(name, before, after)) is not None:
                yield {"field": name, **change, "kind": kind.value}
        else:
            yield {"field": name, "old": _json(old, name), "new": _json(new, name), "kind": kind.value}


def _kind(kind: RecordKind, name: str, before: Any, after: Any, *, known: bool) -> ChangeKind:
    if not known:
        return ChangeKind.READ
    if name in MOVED_FIELDS.get(kind, ()) and after not in _EMPTY:
        return ChangeKind.MOVED
    return ChangeKind.CORRECTED if after in _EMPTY and before not in _EMPTY else ChangeKind.EDITED


def _named(field: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in sorted(after):
        if before.get(name) == after[name]:
            continue
        change = _entries(field, before.get(name, ()), after[name])
        if change is not None:
            kind = ChangeKind.EDITED if name in before else ChangeKind.READ
            yield {"field": f"{field}.{name}", **change, "kind": kind.value}


def _entries(field: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> dict[str, Any] | None:
    """The entries that went and came; None where only the order differs."""
    old, new = ([one.model_dump_json() for one in entries] for entries in (before, after))
    went, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
    if not went and not came:
        return None
    if field in COUNTED_LISTS:
        added, removed = came.total(), went.total()
        return {"old": {"entries": len(old)}, "new": {"entries": len(new), "added": added, "removed": removed}}
    gone = [one.model_dump(mode="json") for one, text in zip(before, old, strict=True) if text in went]
    return {"old": gone, "new": [one.model_dump(mode="json") for one, t in zip(after, new, strict=True) if t in came]}


def _json(record: AnyRecord, name: str) -> Any:
    return record.model_dump(mode="json", include={name})[name]
