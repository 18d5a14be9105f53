"""A bill's way through both houses as one timeline: actions, votings, events and documents, with the stages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from legis.domain.brasilia_time import day_start, local_day
from legis.domain.identity.source_registry import row_of
from legis.domain.proceedings.journey_stages import JourneyAction, Stretch, stage_of, stretches
from legis.domain.vocabulary import ActionKind, BillStatus, Chamber, ChamberRole

from api_gateway.documents.reference_ids import with_id
from api_gateway.store.records.reading.journey_reader import JourneyRows

_PLENARIES = frozenset({"PLEN", "PLENARIO", "PLENÁRIO", "PLENARY", "CN", "CONGRESSO"})
_ORDER = {"ACTION": 0, "DOCUMENT": 1, "EVENT": 2, "VOTE_EVENT": 3}
"""Order within one instant: what happened is told before what was decided in it."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The timeline, oldest first, and the stretches of time in one stage."""

    timeline: list[dict[str, Any]]
    stages: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry with its place in time: the instant, or the beginning of the day where only that is known."""

    instant: datetime
    place: tuple[int, int, int]
    entry: dict[str, Any]
    action: JourneyAction | None = None


def journey_of(rows: JourneyRows, today: date) -> Journey:
    """The journey. An action of a day without a time is put after the one that its own house lists before it."""
    placed = [one for place, bill in enumerate(rows.bills) for one in _of_bill(place, bill)]
    placed += _summaries(rows.votings, "VOTE_EVENT", rows.bills)
    placed += _summaries(rows.events, "EVENT", rows.bills)
    placed.sort(key=lambda one: (one.instant, one.place))
    statuses = [BillStatus(bill["status"]) for bill in rows.bills]
    actions = [one.action for one in placed if one.action is not None]
    return Journey([one.entry for one in placed], stretches(actions, statuses, today))


def _of_bill(place: int, bill: Any) -> Iterator[_Placed]:
    document = orjson.loads(bill["document"])
    reviewing = document.get("chamber_role") == ChamberRole.REVIEWING
    row = row_of(bill["source"])
    house = row.chamber if row else None
    last = datetime(1000, 1, 1, tzinfo=UTC)
    for number, text in enumerate(bill["actions"] or ()):
        action = orjson.loads(text)
        instant = _instant(action["at"], action["date"])
        if instant is None:
            continue
        if action["at"] is None and last.date() == instant.date():
            instant = max(instant, last)
        last = instant
        known = JourneyAction(
            day=local_day(instant),
            kind=ActionKind(action["kind"]),
            house=house,
            plenary=_is_plenary(action["organization"]),
            reviewing=reviewing,
        )
        yield _Placed(instant, (_ORDER["ACTION"], place, number), _action(bill, house, action, known), known)
    yield from _documents(place, bill, house, document["documents"])


def _action(bill: Any, house: Chamber | None, action: dict[str, Any], known: JourneyAction) -> dict[str, Any]:
    stage = stage_of(known)
    return {
        "type": "ACTION",
        "date": action["date"],
        "at": action["at"],
        "bill_id": bill["id"],
        "house": house,
        "kind": action["kind"],
        "text": action["description"] or action["kind_text"],
        "organization": with_id(bill["source"], action["organization"]),
        "stage": stage[0] if stage else None,
        "id": None,
        "url": action["url"],
    }


def _documents(place: int, bill: Any, house: Chamber | None, documents: Iterable[Any]) -> Iterator[_Placed]:
    for number, document in enumerate(documents):
        instant = _instant(None, document["published_on"])
        if instant is None:
            continue
        entry = {
            "type": "DOCUMENT",
            "date": document["published_on"],
            "at": None,
            "bill_id": bill["id"],
            "house": house,
            "kind": document["kind"],
            "text": document["title"] or document["kind_text"],
            "organization": None,
            "stage": None,
            "id": None,
            "url": document["url"],
        }
        yield _Placed(instant, (_ORDER["DOCUMENT"], place, number), entry)


def _summaries(rows: Iterable[Any], kind: str, bills: list[Any]) -> Iterator[_Placed]:
    """Entries of votings or events, from their rendered summaries."""
    places = {bill["id"]: place for place, bill in enumerate(bills)}
    for number, row in enumerate(rows):
        one = orjson.loads(row["summary"])
        at = one.get("at") or one.get("start")
        instant = _instant(at, one.get("date"))
        if instant is None:
            continue
        entry = {
            "type": kind,
            "date": one.get("date") or local_day(instant).isoformat(),
            "at": at,
            "bill_id": row["bill_id"],
            "house": one["house"],
            "kind": one.get("purpose") or one.get("status"),
            "text": one.get("description") or one.get("name"),
            "organization": one.get("organization") or next(iter(one.get("organizations") or ()), None),
            "stage": None,
            "id": row["id"],
            "url": one["url"],
        }
        yield _Placed(instant, (_ORDER[kind], places[row["bill_id"]], number), entry)


def _instant(at: str | None, day: str | None) -> datetime | None:
    if at is not None:
        return datetime.fromisoformat(at)
    return None if day is None else day_start(date.fromisoformat(day))


def _is_plenary(organization: Any) -> bool:
    return bool(organization) and (organization["acronym"] or "").strip().upper() in _PLENARIES
