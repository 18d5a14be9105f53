"""What it takes to read windows of the Senado source without the engine."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ingest_senado.legacy.legacy_adapter import LegacySenadoSource
from ingest_senado.settings import SenadoSettings
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.backfill_walk import Step
from ingest_senado.source.schedule import Schedule
from legis.domain.bill import Bill
from legis.domain.brasilia_time import ZONE
from legis.domain.merge import merge
from legis.domain.records.any_record import AnyRecord, merge_records
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordRejected
from legis.events import Walk
from legis.ingest.source import Item, Reading, RecordReading, Window
from legis.upstream import BreakerPolicy, UpstreamClient, UpstreamPolicy

OLDEST = 1946
NOW = datetime(2026, 11, 23, 12, 20, tzinfo=ZONE)
"""When the source reads: always the same, whenever the tests run."""


def clock() -> datetime:
    return NOW


@dataclass
class Memory:
    """The engine's side of a window: what is stored, and the marks the worker would remember."""

    bills: dict[str, Bill] = field(default_factory=dict)
    marks: dict[tuple[str, ReadingPart], str] = field(default_factory=dict)
    prefetched: set[tuple[str, ReadingPart]] = field(default_factory=set)
    seq: int = 0
    left: tuple[int, ...] = ()
    records: dict[str, AnyRecord] = field(default_factory=dict)

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return self.marks.get((upstream_id, part)) if (upstream_id, part) in self.prefetched else None

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        self.prefetched.update((upstream_id, part) for upstream_id in upstream_ids)

    def progress(self, done: int, total: int | None) -> None:
        assert total is None or done <= total

    async def years_not_read(self) -> tuple[int, ...]:
        return self.left

    def store(self, reading: Reading) -> None:
        bill = reading.bill
        self.bills[bill.upstream_id] = merge(self.bills.get(bill.upstream_id), bill)
        self.marks.update({(bill.upstream_id, part): mark for part, mark in reading.marks.items()})

    def store_record(self, reading: RecordReading) -> None:
        record = reading.record
        self.records[record.id] = merge_records(self.records.get(record.id), record)
        self.marks.update({(record.id, part): mark for part, mark in reading.marks.items()})

    async def read(self, source: SenadoSource | LegacySenadoSource, window: Window) -> list[Item]:
        """Reads a window and stores each reading at once, as a worker would."""
        self.prefetched.clear()
        items: list[Item] = []
        async for item in source.read(window, self):
            items.append(item)
            if isinstance(item, Reading):
                assert 0 < item.read_seq <= self.seq
                self.store(item)
            if isinstance(item, RecordReading):
                assert 0 < item.read_seq <= self.seq
                self.store_record(item)
        return items


def upstream(base: str, rate: float = 400, in_flight: int = 5) -> UpstreamClient:
    return UpstreamClient(
        UpstreamPolicy(
            source=Source.SENADO, user_agent="Legis/test", requests_per_second=rate, max_in_flight=in_flight,
            total_timeout=10, max_body_bytes=64 * 1024 * 1024, retry_base_seconds=0.01, retry_cap_seconds=0.05,
            default_retry_after=0.05, breaker=BreakerPolicy(consecutive_failures=50, minimum_calls=20),
        ),
        clock,
    )  # fmt: skip


def settings(base: str, **values: Any) -> SenadoSettings:
    return SenadoSettings.model_validate({"senado_base_url": base, "backfill_from_year": OLDEST, **values})


def schedule() -> Schedule:
    return Schedule(timedelta(minutes=15), True, OLDEST, avoid_round_hours=False)


def year(number: int, step: Step | None = Step.BILLS) -> Window:
    """The list of a year, and with a step the details of that step."""
    detail = {"year": str(number)} | ({} if step is None else {"step": step.value})
    return Window(Walk.BACKFILL, -number, -number + 1, f"ano {number}", detail)


def changes(days: int = 1, walk: Walk = Walk.INCREMENTAL) -> Window:
    return Window(walk, 0, 1, "", {"days": str(days)})


def rejected(items: list[Item]) -> list[RecordRejected]:
    return [item for item in items if isinstance(item, RecordRejected)]


def readings(items: list[Item]) -> list[Reading]:
    return [item for item in items if isinstance(item, Reading)]


def record_readings(items: list[Item]) -> list[RecordReading]:
    return [item for item in items if isinstance(item, RecordReading)]
