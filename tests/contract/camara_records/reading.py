"""Reads windows of votings and events from a simulated Câmara, with a store that has taken everything."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from legis.domain.records.any_record import AnyRecord, merge_records
from legis.domain.records.event_record import EventRecord
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.errors import RecordRejected
from legis.events import Walk
from legis.ingest.source import Item, RecordReading, RecordsSeen, Window


async def gather(at: Any, window: Window) -> list[Item]:
    """Every item of a window; the marks of its readings are stored, also where reading it fails."""
    items: list[Item] = []
    try:
        async with aclosing(at.source.read(window, at.memory)) as found:
            async for item in found:
                items.append(item)
    finally:
        for reading in readings(items):
            at.memory.marks.update({(reading.record.id, part): mark for part, mark in reading.marks.items()})
    return items


async def walk(at: Any, which: Walk, *, windows: int = 1000) -> list[Item]:
    """The items of the windows of a walk from its beginning until nothing is due."""
    position: int | None = None
    items: list[Item] = []
    now = at.now()
    for _ in range(windows):
        window = at.source.next_window(which, position, now)
        if window is None:
            break
        items += await gather(at, window)
        position = window.hi
    return items


async def poll(at: Any, which: Walk) -> list[Item]:
    """The items of one window of a walk that looks at recent days."""
    window = at.source.next_window(which, None, at.now())
    assert window is not None
    return await gather(at, window)


def readings(items: Sequence[Item]) -> list[RecordReading]:
    return [item for item in items if isinstance(item, RecordReading)]


def votings(items: Sequence[Item]) -> dict[str, VoteEventRecord]:
    """Each voting after all of its readings, by upstream's id."""
    return {key: record for key, record in _merged(items).items() if isinstance(record, VoteEventRecord)}


def events(items: Sequence[Item]) -> dict[str, EventRecord]:
    """Each event after all of its readings, by upstream's id."""
    return {key: record for key, record in _merged(items).items() if isinstance(record, EventRecord)}


def _merged(items: Sequence[Item]) -> dict[str, AnyRecord]:
    found: dict[str, AnyRecord] = {}
    for reading in sorted(readings(items), key=lambda one: one.read_seq):
        key = reading.record.upstream_id
        found[key] = merge_records(found.get(key), reading.record)
    return found


def seen(items: Sequence[Item]) -> list[RecordsSeen]:
    return [item for item in items if isinstance(item, RecordsSeen)]


def rejected(items: Sequence[Item]) -> list[RecordRejected]:
    return [item for item in items if isinstance(item, RecordRejected)]
