"""A session or meeting of the API, with the items of its agenda."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from api_gateway.site.records.vote_facts import body_name
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

SHOWN_ITEMS = 4
"""Items of one meeting in a list; the meeting's own page has all."""

_AS_PLANNED = frozenset({"CONFIRMED", "HELD"})
_OFF = frozenset({"CANCELLED", "MOVED"})


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an agenda. `label` is its bill or what the source calls it; `address` is None where it is no bill."""

    order: int | None
    label: str
    address: str | None
    text: str | None
    rapporteur: str | None
    rapporteur_address: str | None
    outcome: Label | None
    outcome_text: str | None
    vote: str | None
    section: str | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session or meeting. `status` is None where all goes as planned: only the exception is said. `items` is None
    where the API was not asked for the agenda.
    """

    id: str
    address: str
    start: str | None
    end: str | None
    house: Label
    body: str
    bodies: tuple[tuple[str, str | None], ...]
    name: str | None
    kind: Label
    location: str | None
    status: Label | None
    off: bool
    moved_to: str | None
    items: tuple[Item, ...] | None
    more: int


def meeting(visit: Visit, event: Mapping[str, Any]) -> Meeting:
    """An item of `/events`, or the one of `/events/{id}`."""
    words = visit.words
    bodies = tuple(_body(visit, one) for one in event.get("organizations") or ())
    kind = words.label("EventClassification", event["classification"])
    agenda = event.get("agenda")
    status = event["status"]
    return Meeting(
        event["id"],
        visit.url(f"/agenda/{event['id']}"),
        event.get("start"),
        event.get("end"),
        words.label("Chamber", event["house"]),
        ", ".join(name for name, _ in bodies) or event.get("name") or kind.text,
        bodies,
        event.get("name") if bodies else None,
        kind,
        event.get("location"),
        None if status in _AS_PLANNED else _status(visit, status),
        status in _OFF,
        visit.url(f"/agenda/{event['moved_to']}") if event.get("moved_to") else None,
        None if agenda is None else tuple(_item(visit, one) for one in agenda),
        0,
    )


def shortened(one: Meeting, items: int = SHOWN_ITEMS) -> Meeting:
    """The meeting with its first items only; `more` is how many are left out. One left over is shown rather."""
    if one.items is None or len(one.items) <= items + 1:
        return one
    return replace(one, items=one.items[:items], more=len(one.items) - items)


def _status(visit: Visit, status: str) -> Label:
    label = visit.words.label("EventStatus", status)
    return Label(label.code, label.text, label.note, "bad") if status == "CANCELLED" else label


def _body(visit: Visit, one: Mapping[str, Any]) -> tuple[str, str | None]:
    name = body_name(one) or visit.words.t("bodies.no_name")
    return name, visit.url(f"/committees/{one['id']}") if one.get("id") else None


def _item(visit: Visit, one: Mapping[str, Any]) -> Item:
    label = one.get("identifier") or one.get("text") or visit.words.t("agenda.item_unnamed")
    bill = next(iter(one["bill_ids"]), None)
    rapporteur = one.get("rapporteur_id")
    return Item(
        one.get("order"),
        label,
        visit.url(f"/bills/{bill}") if bill else None,
        one["text"] if one.get("text") and one["text"] != label else None,
        one.get("rapporteur"),
        visit.url(f"/legislators/{rapporteur}") if rapporteur else None,
        visit.words.label("AgendaOutcome", one["outcome"]) if one.get("outcome") else None,
        one.get("outcome_text"),
        visit.url(f"/votes/{one['vote_event_id']}") if one.get("vote_event_id") else None,
        one.get("section"),
    )
