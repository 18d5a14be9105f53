"""A bill of the API's lists as a row of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

MOST_AUTHORS = 2
_ENACTED_AS = {"PEC": "amendment", "PDL": "norm", "PDC": "norm", "PDS": "norm", "PRC": "norm", "PRS": "norm"}
"""Types whose end is no law, with the phrase that says what it is."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with party and state as published, and the address of the page where there is one."""

    name: str
    party: str | None = None
    state: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill as lists show it. `title` may be HTML with the matches of a search marked."""

    id: str
    address: str
    chamber: Label
    identifier: str
    nickname: str | None
    title: str | Markup | None
    status: Label
    status_text: str | None
    authors: tuple[Person, ...]
    authors_more: int
    organization: str | None
    action: Label | None
    action_at: str | None
    action_on: str | None
    matched: tuple[str, ...]


def bill_row(visit: Visit, bill: Mapping[str, Any]) -> BillRow:
    """The row of one item of a list of bills."""
    action = bill.get("latest_action") or {}
    organization = bill.get("organization") or {}
    sponsors = tuple(person(visit, one) for one in (bill.get("sponsors") or ())[:MOST_AUTHORS])
    highlight = bill.get("highlight") or {}
    return BillRow(
        bill["id"],
        visit.url(f"/bills/{bill['id']}"),
        visit.words.label("Chamber", bill["chamber"]),
        bill["identifier"],
        bill.get("nickname"),
        Markup(highlight["title"]) if highlight.get("title") else bill.get("title"),
        status_label(visit, bill),
        bill.get("status_text"),
        sponsors,
        max(0, (bill.get("authors_count") or 0) - len(sponsors)) if sponsors else 0,
        organization.get("acronym") or organization.get("name"),
        visit.words.label("ActionKind", action["kind"]) if action.get("kind") else None,
        action.get("at"),
        action.get("date"),
        _matched(visit, highlight),
    )


def status_label(visit: Visit, bill: Mapping[str, Any]) -> Label:
    """The status in plain words; what a bill became is named by its type."""
    label = visit.words.label("BillStatus", bill["status"])
    became = _ENACTED_AS.get(bill.get("type") or "")
    if bill["status"] == "ENACTED" and became:
        return Label(label.code, visit.words.t(f"bill.enacted_{became}"), label.note, label.shape)
    return label


def person(visit: Visit, one: Mapping[str, Any]) -> Person:
    """A sponsor, or whoever else the API names."""
    found = one.get("legislator_id")
    address = visit.url(f"/legislators/{found}") if found else None
    return Person(one["name"], one.get("party"), one.get("state"), address)


def _matched(visit: Visit, highlight: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the search was found, each place once."""
    fields = [one["field"] for one in highlight.get("matches") or ()]
    return tuple(dict.fromkeys(visit.words.label("MatchedField", field).text for field in fields))
