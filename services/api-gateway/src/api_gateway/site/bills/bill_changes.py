"""What changed in a bill's record, old and new, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from legis.domain.changed_fields import EDITED_FIELDS, MOVED_FIELDS

from api_gateway.site.api_filters import in_words
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Words

LONGEST_VALUE = 160
MOST_CHANGES = 3
_NEWS = frozenset({"MOVED", "EDITED", "CORRECTED"})
_FIRST = ("status", "organization", "rapporteurs", "agenda", "latest_action", "enactment", "decision", "title")
"""Fields that say most, in that order; the others follow as the API gives them."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, and what it said before and says now; None where nothing can be shown in a few words."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest version that tells news."""

    changed_at: str
    kind: str
    version: int
    changes: tuple[FieldChange, ...]


def last_change(visit: Visit, versions: Sequence[Mapping[str, Any]]) -> LastChange | None:
    """The newest news among versions that are given newest first; None where there is none among them."""
    found = next((one for one in versions if one["kind"] in _NEWS and one.get("changes")), None)
    if found is None:
        return None
    shown = sorted(found["changes"], key=lambda one: _FIRST.index(one["field"]) if one["field"] in _FIRST else 99)
    return LastChange(
        found["changed_at"],
        visit.words.label("ChangeKind", found["kind"]).text,
        found["version"],
        tuple(field_change(visit, one) for one in shown[:MOST_CHANGES]),
    )


def field_label(words: Words, name: str) -> str:
    """Name of a changed field in words: the pages' own, else the domain's."""
    portuguese = MOVED_FIELDS.get(name) or EDITED_FIELDS.get(name)
    if words.has_label("ChangedField", name) or portuguese is None:
        return words.label("ChangedField", name).text
    return in_words(name, portuguese, words.language)


def field_change(visit: Visit, change: Mapping[str, Any]) -> FieldChange:
    """A changed field in words."""
    name = change["field"]
    return FieldChange(
        field_label(visit.words, name), _said(visit, name, change.get("old")), _said(visit, name, change.get("new"))
    )


def _said(visit: Visit, field: str, value: Any) -> str | None:
    if value is None or value in ([], ""):
        return None
    if isinstance(value, bool):
        return visit.words.t("frame.yes" if value else "frame.no")
    if isinstance(value, list):
        return _list_said(visit, field, value)
    if isinstance(value, Mapping):
        return _cut(_item_said(visit, value))
    vocabulary = {
        "status": "BillStatus",
        "status_reason": "StatusReason",
        "chamber": "Chamber",
        "originating_chamber": "Chamber",
        "type": "BillType",
    }
    if field in vocabulary:
        return visit.words.label(vocabulary[field], value).text
    if field in ("status_on", "introduced_on"):
        return visit.formats.day(str(value))
    return _cut(str(value))


def _list_said(visit: Visit, field: str, items: list[Any]) -> str:
    if len(items) == 1 or field == "rapporteurs":
        said = "; ".join(_item_said(visit, one) if isinstance(one, Mapping) else str(one) for one in items)
        return _cut(said)
    return visit.words.t("bill.items", n=len(items))


def _item_said(visit: Visit, item: Mapping[str, Any]) -> str:
    """The parts of an item that say most: when, who, what, and until when, which may be all that changed."""
    parts = [visit.formats.moment(item["start"])] if item.get("start") else []
    for name in ("organization_name", "name", "description", "title", "kind_text", "identifier", "acronym"):
        if item.get(name):
            parts.append(str(item[name]))
            break
    if item.get("party") or item.get("state"):
        parts.append(visit.formats.side(item.get("party"), item.get("state")))
    if item.get("ended_on"):
        parts.append(f"{visit.words.t('people.up_to')} {visit.formats.day(str(item['ended_on']))}")
    return ", ".join(parts) or visit.words.t("bill.items", n=1)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE].rstrip()} […]"
