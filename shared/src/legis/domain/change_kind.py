"""Classifies the change of a bill: movement, edit, correction, or only a first reading of more of its record.

First readings are the commonest changes and no news; those who follow bills must be able to ignore them. So a change of
a field that no reading claimed before is READ, whatever value the field was assumed to have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from legis.domain.changed_fields import EDITED_FIELDS, HISTORIES, MOVED_FIELDS
from legis.domain.word_enum import Word


class ChangeKind(Word):
    """Kind of an entry of the change log. The first four are also kinds of one changed field."""

    MOVED = "MOVED"
    CORRECTED = "CORRECTED"
    EDITED = "EDITED"
    READ = "READ"
    CREATED = "CREATED"
    REMOVED = "REMOVED"


NEWS_DAYS = 30
"""A bill seen for the first time is news if it was introduced at most this many days ago: a backfill
meets old bills."""

_FUTURE = timedelta(days=7)  # a date further in the future is a typing error
_JOINED = frozenset({"JOINED_TO", "MAIN_BILL"})
_LATER = frozenset({"ended_on", "end_reason_text"})
"""Parts of a value that are empty until an event fills them, so that filling them is a change."""

_KEYS = ("upstream_id", "legislator_id", "code", "order", "identifier", "name", "url", "date")
"""Keys by which items of two readings of a list are matched; the first key that an item has is used."""


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """How a reading relates to earlier readings of the same part (list, file, detail)."""

    first: bool = False
    """There was none: it may show items that the other parts leave out. Does not apply to lists whose change is
    movement."""
    reread: bool = False
    """The same bytes, read by another version of our reader: only an added item may be movement, since it may come from
    another answer than the one whose bytes were compared."""


OTHER_BYTES = EarlierReading()
"""A reading whose bytes differ from the previous one's."""


def strongest(kinds: Iterable[ChangeKind]) -> ChangeKind | None:
    """The kind of an entry, by the kinds of its fields: MOVED > CORRECTED > EDITED > READ; None where
    there are none.
    """
    return min(kinds, key=list(ChangeKind).index, default=None)


def is_movement(kind: ChangeKind, introduced_on: date | None, today: date) -> bool:
    """Whether followers receive an entry by default. `today` is the entry's day in Brasília."""
    if kind is ChangeKind.CREATED:
        return introduced_on is not None and -timedelta(NEWS_DAYS) <= introduced_on - today <= _FUTURE
    return kind in (ChangeKind.MOVED, ChangeKind.REMOVED)


def field_kind(field: str, old: Any, new: Any, reading: EarlierReading = OTHER_BYTES) -> ChangeKind:
    """The kind of a change of a field that was claimed before. Values are JSON-like, as in documents; values of
    histories are the entries that disappeared and the new ones.
    """
    if field in HISTORIES:
        return _history_kind(old, new, reread=reading.reread)
    if _refined(old, new):
        return ChangeKind.READ
    if reading.first and field in EDITED_FIELDS and isinstance(old, list) and refines(old, new):
        return ChangeKind.READ
    if reading.reread and not (field == "rapporteurs" and len(new) > len(old)):
        return ChangeKind.READ
    if field == "related_bills" and _joins(old, new):
        return ChangeKind.MOVED
    if field not in MOVED_FIELDS:
        return ChangeKind.EDITED
    withdrawn = _says_nothing(new) or _refined(new, old) or _went_back(field, old, new)
    return ChangeKind.CORRECTED if withdrawn else ChangeKind.MOVED


def refines(old: Any, new: Any) -> bool:
    """Whether `new` contains everything in `old`, and perhaps more: `{code: 4, name: null}` → `{code: 4, name:
    "Mesa"}`.

    Nested lists may have gained items; none may have lost any.
    """
    if _says_nothing(old):
        return True
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return all(_member_refined(name, value, new.get(name)) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return not _unlike(old, new)[0]
    return bool(_blanks_folded(old) == _blanks_folded(new))


def _member_refined(name: str, old: Any, new: Any) -> bool:
    return refines(old, new) and not (name in _LATER and _says_nothing(old) and not _says_nothing(new))


def _refined(old: Any, new: Any) -> bool:
    """`refines` for the value of a field. An empty value is not refined by a first value, and a list not by one of
    another length.
    """
    if _says_nothing(old) or (isinstance(old, list) and len(old) != len(new)):
        return False
    return refines(old, new)


def _says_nothing(value: Any) -> bool:
    return value is None or value in ("", "UNKNOWN", [], {})


def _blanks_folded(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _history_kind(gone: Sequence[Any], came: Sequence[Any], *, reread: bool) -> ChangeKind:
    lost, added = _unlike(gone, came)
    if len(added) > len(lost):  # more new entries than lost ones: they are not all replacements
        return ChangeKind.MOVED
    return ChangeKind.CORRECTED if lost and not reread else ChangeKind.READ


def _unlike(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The old items that no new one refines, and the new ones that refine no old one."""
    alike: dict[str, dict[Any, list[int]]] = {}
    used: set[int] = set()
    lost = []
    for item in old:
        key = next((name for name in _KEYS if isinstance(item, Mapping) and item.get(name) is not None), None)
        if key is None:
            places: Iterable[int] = range(len(new))
        else:
            if key not in alike:
                alike[key] = _by_value(new, key)
            places = alike[key].get(item[key], ())
        found = next((place for place in places if place not in used and refines(item, new[place])), None)
        if found is None:
            lost.append(item)
        else:
            used.add(found)
    return lost, [item for place, item in enumerate(new) if place not in used]


def _by_value(items: Sequence[Any], key: str) -> dict[Any, list[int]]:
    places: dict[Any, list[int]] = {}
    for place, item in enumerate(items):
        if isinstance(item, Mapping):
            places.setdefault(item.get(key), []).append(place)
    return places


def _joins(old: Any, new: Any) -> bool:
    """Whether a bill was joined to another: a relation of that kind to a bill without one before."""
    before = {_related(item) for item in old or () if item.get("kind") in _JOINED}
    return any(item.get("kind") in _JOINED and _related(item) not in before for item in new or ())


def _related(item: Mapping[str, Any]) -> Any:
    return item.get("upstream_id") or item.get("identifier") or item.get("url")


def _went_back(field: str, old: Any, new: Any) -> bool:
    """Whether the source's newest date is now earlier than before."""
    if field == "status_on":
        return bool(old and new and new < old)
    if field != "latest_action" or not old or not new:
        return False
    before, now = old.get("date"), new.get("date")
    if before and now and before != now:
        return bool(now < before)
    first, second = old.get("at"), new.get("at")
    return bool(first and second) and datetime.fromisoformat(second) < datetime.fromisoformat(first)
