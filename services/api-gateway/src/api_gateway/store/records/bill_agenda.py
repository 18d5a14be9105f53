"""What happens to bills when events change: put on or taken off an agenda, another time, place or status.

One change per bill and batch. A meeting that was moved to another day is two events, linked by `moved_to`, and one
change of the bill.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from legis.domain.records.event_record import EventRecord, EventStatus

from api_gateway.documents import render
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.records.event_rows import bills_of

RECENT = timedelta(days=2)
"""How long after its start a change of an event is news for its bills: it is held, or was cancelled late."""

_OFF = frozenset({EventStatus.CANCELLED, EventStatus.MOVED})


@dataclass(slots=True)
class AgendaChange:
    """The events of one bill that went and came in a batch, as the change log shows them. `trace_id` and `published_at`
    are those of the first reading that brought one.
    """

    old: list[dict[str, Any]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    published_at: datetime | None = None
    trace_id: str | None = None

    def take_origin(self, state: RecordState) -> None:
        """Takes over the trace of the event's reading, where there is none yet."""
        draft = next((draft for draft in state.drafts if draft.trace_id), None)
        if draft is not None and self.trace_id is None:
            self.published_at, self.trace_id = draft.published_at, draft.trace_id


@dataclass(frozen=True, slots=True)
class Transfers:
    """Events that others were moved to or from, as they are now: `sources` by the id of the event that replaces them,
    `targets` by their own id.
    """

    sources: Mapping[str, EventRecord] = field(default_factory=dict)
    targets: Mapping[str, EventRecord] = field(default_factory=dict)


def changed_events(states: Iterable[RecordState]) -> list[tuple[RecordState, EventRecord | None, EventRecord]]:
    """The events of a batch that are written, before (None where there was none) and after."""
    found = []
    for state in states:
        now = state.now.record if state.stored and state.rewritten else None
        if isinstance(now, EventRecord):
            before = state.before if isinstance(state.before, EventRecord) and not state.removed_before else None
            found.append((state, before, now))
    return found


def touched_bills(states: Iterable[RecordState], now: datetime) -> list[str]:
    """Bills whose documents or log may differ after the batch: those on an event that is to come or has just begun."""
    found: set[str] = set()
    for _, before, after in changed_events(states):
        if any(_starts_after(one, now - RECENT) for one in (before, after)):
            found |= bills_of(before) | bills_of(after)
    return sorted(found)


def agenda_changes(states: Sequence[RecordState], transfers: Transfers, now: datetime) -> dict[str, AgendaChange]:
    """The changes of the bills on the events of a batch."""
    found: defaultdict[str, AgendaChange] = defaultdict(AgendaChange)
    for state, before, after in changed_events(states):
        gone = state.is_removed
        for bill in sorted(bills_of(before) | bills_of(after)):
            there = not gone and bill in bills_of(after)
            for old, new in _steps(bill, before, after if there else None, after, transfers, now):
                found[bill].old += [_shown(old)] if old else []
                found[bill].new += [_shown(new)] if new else []
                found[bill].take_origin(state)
    return dict(found)


def _steps(
    bill: str,
    before: EventRecord | None,
    after: EventRecord | None,
    event: EventRecord,
    transfers: Transfers,
    now: datetime,
) -> Iterator[tuple[EventRecord | None, EventRecord | None]]:
    """The event before and after for one bill; nothing where that is no news. `after` is None where the bill is not on
    `event` any more.
    """
    old = before if before is not None and bill in bills_of(before) else None
    if after is not None and _is_moved(after):
        target = transfers.targets.get(after.moved_to or "")
        if old is not None and target is not None and bill not in bills_of(target) and "agenda" in _claimed(target):
            yield old, after
        return
    if old is None:
        if after is not None and after.status not in _OFF and _starts_after(after, now):
            source = transfers.sources.get(after.id)
            yield source if source and bill in bills_of(source) else None, after
    elif after is None:
        if old.status not in _OFF and any(_starts_after(one, now) for one in (old, event)):
            yield old, None
    elif _differs(old, after) and any(_starts_after(one, now - RECENT) for one in (old, after)):
        yield old, after


def _is_moved(event: EventRecord) -> bool:
    return event.status is EventStatus.MOVED and event.moved_to is not None


def _claimed(event: EventRecord) -> set[str]:
    return event.model_fields_set


def _differs(old: EventRecord, new: EventRecord) -> bool:
    return (old.start, old.status, old.location) != (new.start, new.status, new.location)


def _starts_after(event: EventRecord | None, at: datetime) -> bool:
    return event is not None and event.start is not None and event.start > at


def _shown(event: EventRecord) -> dict[str, Any]:
    body = next((one.name or one.acronym for one in event.organizations if one.name or one.acronym), None)
    return {
        "event_id": event.id,
        "start": render.instant(event.start) if event.start else None,
        "status": event.status.value,
        "location": event.location,
        "organization_name": body,
    }
