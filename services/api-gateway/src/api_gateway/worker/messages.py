"""Decodes delivered messages and sorts them by kind: observations, dead letters, ends of windows, and so on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from legis.cooperative import cooperative_map
from legis.errors import EventUnreadable
from legis.events import (
    BillGone,
    BillObserved,
    Event,
    RecordGone,
    RecordObserved,
    RecordRejected,
    RecordsSighted,
    WindowEnded,
    WindowRef,
    YearNotRead,
    YearSighted,
    decode,
)
from legis.streams.consumer import Delivery
from pydantic import ValidationError

from api_gateway.store.bill_state.write_items import DeadLetter, ObservedItem
from api_gateway.store.record_state.observed_record import RecordItem
from api_gateway.store.windows.replay_window import replayed_letter
from api_gateway.store.windows.window_counts import TouchedWindow

UNREADABLE = "decode"
KILLER = "killer"
REJECTED = "ingest"
SET_ASIDE = "set_aside"
_UNKNOWN_SOURCE = "unknown"


@dataclass(slots=True)
class DecodedBatch:
    """A decoded batch, ready for the store. `messages[i]` is the delivery of `observed[i]`, and `record_messages[i]`
    that of `records[i]`.
    """

    observed: list[ObservedItem] = field(default_factory=list)
    messages: list[Delivery] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    lists: list[YearSighted] = field(default_factory=list)
    absences: list[BillGone] = field(default_factory=list)
    years: list[YearNotRead] = field(default_factory=list)
    records: list[RecordItem] = field(default_factory=list)
    record_messages: list[Delivery] = field(default_factory=list)
    record_lists: list[RecordsSighted] = field(default_factory=list)
    record_absences: list[RecordGone] = field(default_factory=list)
    windows: dict[str, TouchedWindow] = field(default_factory=dict)

    def touch(self, source: str, reference: WindowRef, read_seq: int | None) -> None:
        """Records that the batch has an item of a window."""
        known = self.windows.get(reference.window_id)
        greatest = max(filter(None, (known.max_read_seq if known else None, read_seq)), default=None)
        self.windows[reference.window_id] = TouchedWindow(
            source, reference.walk, greatest, known.end if known else None
        )

    def end(self, event: WindowEnded) -> None:
        """Records that the batch has the end of a window."""
        known = self.windows.get(event.window_id)
        self.windows[event.window_id] = TouchedWindow(
            event.source.value, event.walk, known.max_read_seq if known else None, event
        )

    @property
    def reads_something(self) -> bool:
        """Whether any message carries a read sequence, which must then be stored."""
        return any(window.max_read_seq is not None for window in self.windows.values())

    def to_close(self, ended: frozenset[str]) -> dict[str, TouchedWindow]:
        """The windows that may be complete now: those that end in this batch, and those in `ended`, whose end was
        stored before.

        Year lists, absences and records are committed after `ended` was looked up, so their windows are always
        included.
        """
        late = {seen.window.window_id for seen in self.lists} | {gone.window.window_id for gone in self.absences}
        late |= {year.window.window_id for year in self.years}
        late |= {item.window.window_id for item in self.records if item.window is not None}
        late |= {one.window.window_id for one in self.record_lists}
        late |= {one.window.window_id for one in self.record_absences}
        return {key: window for key, window in self.windows.items() if window.end or key in ended or key in late}


async def decode_messages(
    deliveries: Sequence[Delivery], trace_ids: Sequence[str | None], max_deliveries: int
) -> DecodedBatch:
    """Decodes a batch. Never raises because of a message.

    A message that cannot be decoded becomes a dead letter at once. So does one that was delivered more than
    `max_deliveries` times: it probably crashes every process that handles it.
    """
    batch = DecodedBatch()

    def decode_one(one: tuple[Delivery, str | None]) -> None:
        delivery, trace_id = one
        if delivery.deliveries > max_deliveries:
            error = f"delivered {delivery.deliveries} times without being stored"
            return _add_undecodable(batch, delivery, KILLER, error, trace_id)
        try:
            event = decode(delivery.payload)
        except (EventUnreadable, RecursionError) as error:
            return _add_undecodable(batch, delivery, UNREADABLE, str(error), trace_id)
        return _add_event(batch, event, delivery, trace_id)

    await cooperative_map(decode_one, zip(deliveries, trace_ids, strict=True))
    return batch


def _add_event(batch: DecodedBatch, event: Event, delivery: Delivery, trace_id: str | None) -> None:
    if isinstance(event, WindowEnded):
        batch.end(event)
        return
    match event:
        case BillObserved():
            batch.observed.append(ObservedItem(event, delivery.payload, trace_id))
            batch.messages.append(delivery)
        case RecordObserved():
            batch.records.append(RecordItem.of(event, delivery.payload, trace_id))
            batch.record_messages.append(delivery)
        case RecordsSighted():
            batch.record_lists.append(event)
        case RecordGone():
            batch.record_absences.append(event)
        case RecordRejected():
            batch.letters.append(_rejected(event, trace_id))
        case YearSighted():
            batch.lists.append(event)
        case YearNotRead():
            batch.years.append(event)
        case BillGone():
            batch.absences.append(event)
    read_seq = None if isinstance(event, RecordRejected) else event.read_seq
    batch.touch(event.source.value, event.window, read_seq)


def _rejected(event: RecordRejected, trace_id: str | None) -> DeadLetter:
    return DeadLetter(
        source=event.source.value,
        stage=SET_ASIDE if event.set_aside else REJECTED,
        error=event.error,
        payload=event.raw.encode("utf-8", "backslashreplace"),
        upstream_id=event.upstream_id,
        url=event.url,
        trace_id=trace_id,
        window=event.window,
    )


def _add_undecodable(batch: DecodedBatch, delivery: Delivery, stage: str, error: str, trace_id: str | None) -> None:
    """Adds a dead letter with what can be read of an undecodable message. It counts as an item of its window, so that
    the window can still complete.
    """
    fields = _fields(delivery.payload)
    source = fields.get("source")
    reference = _reference(fields.get("window"))
    known_source = source if isinstance(source, str) and source else _UNKNOWN_SOURCE
    upstream_id = _record_key(fields)
    batch.letters.append(
        DeadLetter(
            source=known_source[:40],
            stage=stage,
            error=error,
            payload=delivery.payload,
            upstream_id=upstream_id if isinstance(upstream_id, str) else None,
            trace_id=trace_id,
            window=reference,
            replay_of=replayed_letter(reference),
        )
    )
    if reference is not None and known_source != _UNKNOWN_SOURCE:
        batch.touch(known_source, reference, None)


def _record_key(fields: dict[str, Any]) -> Any:
    """The key of the bill or record that an undecodable message is about, as dead letters have it."""
    if isinstance(bill := fields.get("bill"), dict):
        return bill.get("upstream_id")
    if isinstance(record := fields.get("record"), dict):
        return record.get("id")
    return fields.get("upstream_id")


def _fields(payload: bytes) -> dict[str, Any]:
    try:
        fields = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _reference(window: Any) -> WindowRef | None:
    try:
        return WindowRef.model_validate(window)
    except ValidationError:
        return None
