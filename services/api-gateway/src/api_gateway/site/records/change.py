"""An entry of the change log in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.bills.bill_changes import field_change
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

MOST_FIELDS = 2
"""Fields of one entry that are shown; the bill's page has the rest."""

_FIRST = (
    "status",
    "latest_action",
    "organization",
    "agenda",
    "rapporteurs",
    "vote_events",
    "enactment",
    "decision",
    "title",
)
"""Fields that say most, in that order; the others follow as the API gives them."""

_SAME = {"last_action_at": "latest_action", "status_on": "status", "status_text": "status", "status_code": "status"}
"""Fields that only say again what another one says, if that one changed too."""


_IN_WORDS = frozenset({"status", "status_reason", "chamber", "originating_chamber", "type", "status_on", "in_progress"})
"""Fields whose values are said in the visit's language; those of all others are the house's Portuguese."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field that changed; `portuguese` where its values are the house's own words."""

    label: str
    old: str | None
    new: str | None
    portuguese: bool


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """What changed on a bill. `more` is how many fields are left out; `title` is None where it was not asked for."""

    seq: int
    at: str
    kind: Label
    house: Label | None
    identifier: str
    address: str
    title: str | None
    fields: tuple[ShownField, ...]
    more: int


def change_entry(visit: Visit, one: Mapping[str, Any], titles: Mapping[str, str]) -> ChangeEntry:
    """One item of `/changes` that is about a bill. `titles` are of bills, by id."""
    words, bill = visit.words, one.get("bill_id") or one["subject"]["id"]
    changed = {change["field"] for change in one["changes"]}
    told = [change for change in one["changes"] if _SAME.get(change["field"]) not in changed]
    told.sort(key=lambda change: _FIRST.index(change["field"]) if change["field"] in _FIRST else len(_FIRST))
    return ChangeEntry(
        one["seq"],
        one["changed_at"],
        words.label("ChangeKind", one["kind"]),
        words.label("Chamber", one["source"].upper()) if one.get("source") else None,
        one.get("identifier") or bill,
        visit.url(f"/bills/{bill}"),
        titles.get(bill),
        tuple(_field(visit, change) for change in told[:MOST_FIELDS]),
        max(0, len(told) - MOST_FIELDS),
    )


def _field(visit: Visit, change: Mapping[str, Any]) -> ShownField:
    said = field_change(visit, change)
    return ShownField(said.field, said.old, said.new, change["field"] not in _IN_WORDS)
