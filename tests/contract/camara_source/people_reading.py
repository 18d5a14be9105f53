"""Reads the walks of people of a simulated Câmara, and keeps what a store would have of them."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from legis.domain.records.any_record import AnyRecord, dump_claims, merge_records
from legis.errors import RecordRejected
from legis.events import Walk
from legis.ingest.source import Item, RecordReading, Window


@dataclass
class PeopleReader:
    """Windows of one desk, and the records after all of them."""

    desk: Any
    stored: dict[str, AnyRecord] = field(default_factory=dict)
    rejected: list[RecordRejected] = field(default_factory=list)

    async def today(self) -> list[RecordReading]:
        """One window of PEOPLE."""
        window = self.desk.source.next_window(Walk.PEOPLE, None, self.desk.now())
        return await self.window(window)

    async def backfill(self) -> list[RecordReading]:
        """Every window of PEOPLE_BACKFILL."""
        found: list[RecordReading] = []
        position: int | None = None
        while window := self.desk.source.next_window(Walk.PEOPLE_BACKFILL, position, self.desk.now()):
            found += await self.window(window)
            position = window.hi
        return found

    async def window(self, window: Window) -> list[RecordReading]:
        """The readings of a window, stored with their marks also where it fails in the end."""
        readings: list[RecordReading] = []
        async with aclosing(self.desk.source.read(window, self.desk.memory)) as items:
            try:
                async for item in items:
                    if isinstance(item, RecordReading):
                        readings.append(item)
                    else:
                        assert isinstance(item, RecordRejected), item
                        self.rejected.append(item)
            finally:
                self.store(readings)
        return readings

    def store(self, items: Sequence[Item]) -> None:
        """Merges the readings, oldest first, and remembers their marks."""
        for one in items:
            assert isinstance(one, RecordReading)
            self.stored[one.record.id] = merge_records(self.stored.get(one.record.id), one.record)
            self.desk.memory.marks.update({(one.record.id, part): mark for part, mark in one.marks.items()})

    def text(self) -> str:
        """Everything that was read, as it goes on the stream, and every rejection."""
        letters = [f"{letter} {letter.raw!r}" for letter in self.rejected]
        return "\n".join([*map(dump_claims, self.stored.values()), *letters])
