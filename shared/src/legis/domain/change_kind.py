"""What kind of news a change of a bill is: movement, an edit, a correction, or only more of it read than before.

A first reading is the commonest change of all, and no news: whoever watches bills must be able to pass it over. So a
change of a field that no reading ever claimed is READ, whatever its value was taken for until then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from legis.domain.bill import VOLATILE_FIELDS
from legis.domain.word_enum import Word


class ChangeKind(Word):
    """What an entry of the change log tells; the first four also what one changed field tells."""

    MOVED = "MOVED"
    CORRECTED = "CORRECTED"
    EDITED = "EDITED"
    READ = "READ"
    CREATED = "CREATED"
    REMOVED = "REMOVED"


HISTORIES = frozenset({"actions", "vote_events"})
"""Lists that only grow at the source; their changes tell the entries that went and came."""

MOVED_FIELDS = HISTORIES | {
    "status", "status_code", "status_reason", "status_text", "status_on", "in_progress", "regime_text",
    "consideration_text", "conclusive", "organization", "latest_action", "decision", "enactment", "rapporteurs",
}  # fmt: skip
"""A change of these is movement. Of `related_bills` a new joining is, too."""

EDITED_FIELDS = frozenset({
    "title", "abstract", "nickname", "type", "type_code", "type_text", "type_variant_code", "number", "number_text",
    "year", "identifier", "other_identifiers", "introduced_on", "introduced_at", "scope_text", "sponsorships",
    "sponsors_text", "subjects", "keywords", "documents", "related_bills", "originating_chamber", "chamber",
    "chamber_role", "url", "legacy_id",
})  # fmt: skip
"""A change of these is an edit of the record; so is one of any field that is in neither list."""

UNLOGGED_FIELDS = VOLATILE_FIELDS | {
    "counterpart_hints", "last_action_at", "status_basis", "urn_lex", "urn_aliases", "urn_status",
}  # fmt: skip
"""Fields that never stand in an entry: bookkeeping, what only links records, and what follows from other fields."""

NEWS_DAYS = 30
"""A bill that is met for the first time is news if it was introduced within so many days: a backfill meets old ones."""

_FUTURE = timedelta(days=7)  # a date further ahead is mistyped
_JOINED = frozenset({"JOINED_TO", "MAIN_BILL"})
_LATER = frozenset({"ended_on", "end_reason_text"})
"""Parts of a value that are empty until something happens: when they are filled, it has."""

_KEYS = ("upstream_id", "legislator_id", "code", "order", "identifier", "name", "url", "date")
"""By what two readings of one item of a list are known to speak of the same; the first that it has."""


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """How a reading relates to those of the same part (list, file, detail) before it."""

    first: bool = False
    """There was none: of lists that are no movement, it may show items that the other parts leave out."""
    reread: bool = False
    """It is of the same bytes, read by another version of our reader: only what came may be movement, since it may be
    of another answer than the one whose bytes were compared."""


OTHER_BYTES = EarlierReading()
"""One that is of other bytes than the one before it."""


def strongest(kinds: Iterable[ChangeKind]) -> ChangeKind | None:
    """The kind of an entry whose fields are of these kinds: MOVED > CORRECTED > EDITED > READ; None of none."""
    return min(kinds, key=list(ChangeKind).index, default=None)


def is_movement(kind: ChangeKind, introduced_on: date | None, today: date) -> bool:
    """Whether an entry is what followers are told of unless they ask for more. `today` is Brasília's day of it."""
    if kind is ChangeKind.CREATED:
        return introduced_on is not None and -timedelta(NEWS_DAYS) <= introduced_on - today <= _FUTURE
    return kind in (ChangeKind.MOVED, ChangeKind.REMOVED)


def field_kind(field: str, old: Any, new: Any, reading: EarlierReading = OTHER_BYTES) -> ChangeKind:
    """The kind of a change of a field that was claimed before. Values are JSON-like, as documents show them; of
    histories they are the entries that went and came.
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
    taken_back = _says_nothing(new) or _refined(new, old) or _went_back(field, old, new)
    return ChangeKind.CORRECTED if taken_back else ChangeKind.MOVED


def refines(old: Any, new: Any) -> bool:
    """Whether `new` says all that `old` says, and perhaps more: `{code: 4, name: null}` → `{code: 4, name: "Mesa"}`.

    Items may have come to lists inside; none may have gone.
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
    """The same for the value of a field: one that said nothing is no beginning of what it says now, and neither is a
    list of fewer items."""
    if _says_nothing(old) or (isinstance(old, list) and len(old) != len(new)):
        return False
    return refines(old, new)


def _says_nothing(value: Any) -> bool:
    return value is None or value in ("", "UNKNOWN", [], {})


def _blanks_folded(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _history_kind(gone: Sequence[Any], came: Sequence[Any], *, reread: bool) -> ChangeKind:
    lost, added = _unlike(gone, came)
    if len(added) > len(lost):  # more came than stands for what went
        return ChangeKind.MOVED
    return ChangeKind.CORRECTED if lost and not reread else ChangeKind.READ


def _unlike(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The old items that no new one refines, and the new ones that refine none."""
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
    """Whether a bill was joined to another: a relation of that kind to a bill to which it had none."""
    before = {_related(item) for item in old or () if item.get("kind") in _JOINED}
    return any(item.get("kind") in _JOINED and _related(item) not in before for item in new or ())


def _related(item: Mapping[str, Any]) -> Any:
    return item.get("upstream_id") or item.get("identifier") or item.get("url")


def _went_back(field: str, old: Any, new: Any) -> bool:
    """Whether the source took its newest date back."""
    if field == "status_on":
        return bool(old and new and new < old)
    if field != "latest_action" or not old or not new:
        return False
    before, now = old.get("date"), new.get("date")
    if before and now and before != now:
        return bool(now < before)
    first, second = old.get("at"), new.get("at")
    return bool(first and second) and datetime.fromisoformat(second) < datetime.fromisoformat(first)
