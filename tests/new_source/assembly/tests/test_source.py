"""Windows of the source against its pretend upstream."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from ingest_ensaio.settings import EnsaioSettings
from ingest_ensaio.source.adapter import EnsaioSource
from integration.ingest_ensaio.pretend_upstream import THIS_YEAR, Assembly, running
from legis.domain.vocabulary import ReadingPart
from legis.errors import PermanentError, RecordRejected
from legis.events import Walk
from legis.ingest.source import Absence, Item, Reading, Window, YearOutcome, YearSeen


@dataclass
class Memory:
    """The engine's side of a window, with a store that takes every reading at once."""

    marks: dict[tuple[str, ReadingPart], str] = field(default_factory=dict)
    left: tuple[int, ...] = ()
    seq: int = 0

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return self.marks.get((upstream_id, part))

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        pass

    def progress(self, done: int, total: int | None) -> None:
        pass

    async def years_not_read(self) -> tuple[int, ...]:
        return self.left

    async def read(self, source: EnsaioSource, window: Window) -> list[Item]:
        items = [item async for item in source.read(window, self)]
        for item in items:
            if isinstance(item, Reading):
                self.marks |= {(item.bill.upstream_id, part): mark for part, mark in item.marks.items()}
        return items


@pytest_asyncio.fixture(loop_scope="session")
async def assembly() -> AsyncIterator[Assembly]:
    async with running() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def source(assembly: Assembly) -> AsyncIterator[EnsaioSource]:
    found = EnsaioSource(EnsaioSettings(ensaio_base_url=assembly.base_url, ensaio_requests_per_second=500))
    yield found
    await found.close()


def due(source: EnsaioSource, walk: Walk, position: int | None = None) -> Window:
    window = source.next_window(walk, position, datetime.now(UTC))
    assert window is not None
    return window


def ids(items: list[Item]) -> list[str]:
    return sorted(item.bill.upstream_id for item in items if isinstance(item, Reading))


async def test_a_year_is_read_once(assembly: Assembly, source: EnsaioSource) -> None:
    memory, window = Memory(), due(source, Walk.BACKFILL)
    first = await memory.read(source, window)
    assert ids(first) == ["1", "2", "3"]
    assert [item.upstream_ids for item in first if isinstance(item, YearSeen)] == [("1", "2", "3")]
    assert ids(await memory.read(source, window)) == []
    assert source.next_window(Walk.BACKFILL, -1800, datetime.now(UTC)) is None


async def test_what_changed_is_read_again(assembly: Assembly, source: EnsaioSource) -> None:
    memory = Memory()
    await memory.read(source, due(source, Walk.BACKFILL))
    assembly.put(2, situacao="Aprovado")
    (reading,) = await memory.read(source, due(source, Walk.INCREMENTAL))
    assert isinstance(reading, Reading)
    assert (reading.bill.id, reading.bill.status) == ("ensaio-2", "APPROVED")


async def test_one_bad_record_costs_itself(assembly: Assembly, source: EnsaioSource) -> None:
    assembly.put(2, numero="doze")
    items = await Memory().read(source, due(source, Walk.BACKFILL))
    assert ids(items) == ["1", "3"]
    assert [item.upstream_id for item in items if isinstance(item, RecordRejected)] == ["2"]


async def test_a_year_that_is_refused_is_noted_and_read_later(assembly: Assembly, source: EnsaioSource) -> None:
    assembly.faults["/projetos"] = 404
    memory = Memory(left=(THIS_YEAR,))
    (outcome,) = await memory.read(source, due(source, Walk.BACKFILL))
    assert isinstance(outcome, YearOutcome)
    assert (outcome.year, outcome.reason is None) == (THIS_YEAR, False)
    assembly.faults.clear()
    again = await memory.read(source, due(source, Walk.YEARS))
    assert ids(again) == ["1", "2", "3"]
    assert [item.reason for item in again if isinstance(item, YearOutcome)] == [None]


async def test_one_record_by_its_id(assembly: Assembly, source: EnsaioSource) -> None:
    assert ids(list(await source.read_one("1", Memory()))) == ["1"]
    (absence,) = await source.read_one("99", Memory())
    assert isinstance(absence, Absence)
    with pytest.raises(PermanentError):
        await source.read_one("../1", Memory())
