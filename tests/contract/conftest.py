"""A desk from which the tests of the Câmara's source order faults of a simulated Câmara and read it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from ingest_camara.client.upstream_policy import policy
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.adapter import CamaraSource
from legis.clock import Clock
from legis.domain.brasilia_time import ZONE
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.events import Walk
from legis.ingest.source import Reading, Window, YearSeen
from legis.upstream import BreakerPolicy, UpstreamClient
from upstream_sim.scenario import Scenario
from upstream_sim.server import running

STARTS = datetime(2026, 11, 23, 10, tzinfo=ZONE)
"""When a simulated Congress begins, and the clock of its reader: always the same, whenever the tests run."""
TODAY = STARTS.date()
WINDOW_END = STARTS + timedelta(hours=1)
"""The end of a window that is to hold everything up to the moment at which it is read."""
_PATIENT = BreakerPolicy(consecutive_failures=1000, minimum_calls=1000, window_calls=1000)

Found = tuple[list[Reading], list[RecordRejected]]


@dataclass
class Memory:
    """What the engine lends a source, with a store that has taken everything handed to it."""

    marks: dict[tuple[str, ReadingPart], str] = field(default_factory=dict)
    loaded: set[tuple[str, ReadingPart]] = field(default_factory=set)
    seq: int = 0
    left: tuple[int, ...] = ()

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        assert (upstream_id, part) in self.loaded, "asked before it was prefetched"
        return self.marks.get((upstream_id, part))

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        self.loaded = {key for key in self.loaded if key[1] is not part} | {(one, part) for one in upstream_ids}

    def progress(self, done: int, total: int | None) -> None:
        assert total is None or 0 <= done <= total

    async def years_not_read(self) -> tuple[int, ...]:
        return self.left


@dataclass
class Desk:
    """A source that reads a simulator, and the simulator's desk, from which faults are ordered."""

    url: str
    source: CamaraSource
    http: aiohttp.ClientSession
    now: Clock
    memory: Memory = field(default_factory=Memory)
    years: dict[int, YearSeen] = field(default_factory=dict)

    async def ask(self, path: str, method: str = "GET", /, **body: Any) -> Any:
        async with self.http.request(method, self.url + path, json=body or None) as reply:
            assert reply.status < 300, await reply.text()
            return await reply.json(content_type=None)

    async def fault(self, kind: str, **more: Any) -> None:
        await self.ask("/control/faults", "POST", source="camara", kind=kind, **more)

    async def change(self, upstream_id: str) -> None:
        await self.ask("/control/change", "POST", source="camara", id=int(upstream_id))

    async def truth(self) -> dict[str, Any]:
        page = await self.ask("/truth/bills?source=camara&limit=10000")
        return {str(bill["id"]): bill for bill in page["bills"]}

    async def requests(self) -> Any:
        return (await self.ask("/truth/requests"))["camara"]

    async def read(self, window: Window, *, store: bool = True) -> Found:
        """What the window gives; raises what reading it raises, with what came before already stored."""
        readings: list[Reading] = []
        rejected: list[RecordRejected] = []
        try:
            async with aclosing(self.source.read(window, self.memory)) as items:
                async for item in items:
                    if isinstance(item, Reading):
                        readings.append(item)
                    elif isinstance(item, RecordRejected):
                        rejected.append(item)
                    elif isinstance(item, YearSeen):
                        self.years[item.year] = item
        finally:
            marks = {(r.bill.upstream_id, part): mark for r in readings for part, mark in r.marks.items()}
            self.memory.marks.update(marks if store else {})
        return readings, rejected

    async def files(self) -> Found:
        """Every year's files, through the windows that the source itself proposes."""
        readings: list[Reading] = []
        rejected: list[RecordRejected] = []
        position: int | None = None
        while (window := self.source.next_window(Walk.BACKFILL, position, self.now())) is not None:
            found, broken = await self.read(window)
            readings, rejected, position = readings + found, rejected + broken, window.hi
        return readings, rejected


@asynccontextmanager
async def _desk(bills: int = 240, per_second: float = 400, **settings: Any) -> AsyncIterator[Desk]:
    scenario = Scenario(seed=5, bills=bills, changes_per_minute=0, starts_at=STARTS.replace(tzinfo=None))
    async with running(scenario) as server, aiohttp.ClientSession() as http:
        told = CamaraSettings(
            camara_base_url=server.camara_base_url,
            camara_files_url=server.camara_files_url,
            camara_requests_per_second=per_second,
            camara_page_size=20,
            **settings,
        )
        manners = replace(policy(told), retry_base_seconds=0.01, retry_cap_seconds=0.05, breaker=_PATIENT)
        now = server.app.world.nation.clock.utc
        source = CamaraSource(told, UpstreamClient(manners, now), now)
        try:
            yield Desk(server.url, source, http, now)
        finally:
            await source.close()


@pytest.fixture(scope="session")
def camara_desk() -> Callable[..., AbstractAsyncContextManager[Desk]]:
    """`async with camara_desk(bills=…, per_second=…, **settings) as at`: a simulator of one's own and its reader."""
    return _desk
