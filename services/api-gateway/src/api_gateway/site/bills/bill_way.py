"""A bill's way through both houses: the path with its steps, and the timeline of what happened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

MOST_STEPS = 8
"""Stretches of the path that are shown; the latest ones."""

_AHEAD = {
    "PL": ("OTHER_HOUSE", "SANCTION", "LAW"),
    "PLP": ("OTHER_HOUSE", "SANCTION", "LAW"),
    "PEC": ("OTHER_HOUSE", "LAW"),
}
"""What still lies ahead of a bill that has not come so far, by type: only where the Constitution says it for all."""

_ORDER = ("PRESENTED", "COMMITTEE", "PLENARY", "OTHER_HOUSE", "SANCTION", "VETO", "LAW", "ENDED")


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of the path. `house` is None for sanction, veto and law; `start` is None for what lies ahead."""

    text: str
    house: Label | None
    start: str | None
    span: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Path:
    """The path; `earlier` stretches are not shown."""

    steps: tuple[Step, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `vote` is the page of a voting, which tells how each member voted where `names_told`;
    `source` the address at the house.
    """

    at: str | None
    date: str | None
    house: Label
    what: str
    text: str | None
    body: str | None
    vote: str | None
    names_told: bool
    source: str | None


def path_of(visit: Visit, journey: Mapping[str, Any], bill: Mapping[str, Any]) -> Path | None:
    """The path of a reply of `/journey`; None where no action tells."""
    stages: Sequence[Mapping[str, Any]] = journey["stages"]
    if not stages:
        return None
    shown = stages[-MOST_STEPS:]
    last = len(shown) - 1
    steps = tuple(_step(visit, one, place == last and one["stage"] != "ENDED") for place, one in enumerate(shown))
    return Path((*steps, *_ahead(visit, stages, bill)), len(stages) - len(shown))


def entries_of(visit: Visit, entries: Sequence[Mapping[str, Any]], told: Collection[str]) -> tuple[Entry, ...]:
    """The entries of a reply of `/journey`, in its order. `told` are ids of votings whose page tells how each member
    voted.
    """
    return tuple(_entry(visit, one, told) for one in entries)


def _step(visit: Visit, stage: Mapping[str, Any], current: bool) -> Step:
    words = visit.words
    house = words.label("Chamber", stage["house"]) if stage.get("house") else None
    name = words.label("Stage", stage.get("step") or stage["stage"]).text
    text = words.t("bill.step_in", step=name, house=house.text) if house else name
    span = visit.formats.days(stage["days"]) if stage.get("days") else None
    return Step(text, house, stage["start"], span, current)


def _ahead(visit: Visit, stages: Sequence[Mapping[str, Any]], bill: Mapping[str, Any]) -> tuple[Step, ...]:
    if not bill.get("in_progress") or stages[-1]["stage"] in ("LAW", "ENDED", "VETO"):
        return ()
    reached = max(_ORDER.index(one["stage"]) for one in stages if one["stage"] in _ORDER)
    ahead = [stage for stage in _AHEAD.get(bill.get("type") or "", ()) if _ORDER.index(stage) > reached]
    return tuple(Step(visit.words.label("Stage", stage).text, None, None, None, False) for stage in ahead)


def _entry(visit: Visit, one: Mapping[str, Any], told: Collection[str]) -> Entry:
    body = one.get("organization") or {}
    is_vote = one["type"] == "VOTE_EVENT" and one.get("id")
    return Entry(
        one.get("at"),
        one.get("date"),
        visit.words.label("Chamber", one["house"]),
        _what(visit, one),
        one.get("text"),
        body.get("acronym") or body.get("name"),
        visit.url(f"/votes/{one['id']}") if is_vote else None,
        one.get("id") in told,
        outside(one.get("url")),
    )


def _what(visit: Visit, one: Mapping[str, Any]) -> str:
    """The plain words of an entry: of a step its kind, of the rest what it is and its kind."""
    vocabulary = {"ACTION": "ActionKind", "DOCUMENT": "DocumentKind", "VOTE_EVENT": "VotePurpose"}
    kind = one.get("kind")
    if one["type"] == "ACTION":
        return visit.words.label("ActionKind", kind or "OTHER").text
    name = visit.words.label("JourneyEntryType", one["type"]).text
    if kind is None:
        return name
    return f"{name}: {visit.words.label(vocabulary.get(one['type'], 'EventStatus'), kind).text}"
