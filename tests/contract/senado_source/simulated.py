"""The Senado of a running simulator, as a test orders it about."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from contract.senado_source.reading import NOW, OLDEST, Memory
from ingest_senado.legacy.legacy_adapter import LegacySenadoSource
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.backfill_walk import year_of
from legis.errors import RecordRejected, RetryableError
from legis.events import Walk
from legis.ingest.source import Item, Reading


@dataclass
class Simulator:
    """A running simulator and its desk."""

    base: str

    @property
    def api(self) -> str:
        return f"{self.base}/senado/dadosabertos"

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        async with ClientSession() as session, session.request(method, self.base + path, json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def fault(self, **order: Any) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("POST", "/control/faults", {"source": "senado", **order})
        return found

    async def bills(self) -> dict[str, dict[str, Any]]:
        found = await self.ask("GET", "/truth/bills?source=senado&limit=5000")
        return {str(bill["id"]): bill for bill in found["bills"]}

    async def requests(self) -> dict[str, Any]:
        found = (await self.ask("GET", "/truth/requests")).get("senado", {})
        return {"paths": {}, "total": 0, **found}


@contextlib.contextmanager
def running_simulator(folder: Path, bills: int) -> Iterator[str]:
    """The address of a simulator that stands still, with that many bills."""
    port_file = folder / "port"
    starts = (NOW - timedelta(minutes=20)).replace(tzinfo=None).isoformat()  # what a test orders, it then reads
    command = ["--port-file", str(port_file), "--seed", "1", "--bills", str(bills), "--changes-per-minute", "0"]
    command += ["--starts-at", starts]
    process = subprocess.Popen([sys.executable, "-m", "upstream_sim", "--port", "0", *command])
    try:
        yield f"http://127.0.0.1:{_port(process, port_file)}"
    finally:
        process.terminate()
        process.wait(10)


def _port(process: "subprocess.Popen[bytes]", port_file: Path) -> int:
    for _ in range(600):
        if port_file.exists() and (text := port_file.read_text().strip()):
            return int(text)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            pytest.fail(f"the simulator ended with {process.returncode}")
    pytest.fail("the simulator did not start")


async def backfill(
    source: SenadoSource | LegacySenadoSource,
    memory: Memory,
    *,
    since: int = OLDEST,
    attempts: int = 4,
    position: int | None = None,
) -> list[Reading | RecordRejected]:
    """All windows down to a year as the engine would read them, each until it succeeds."""
    items: list[Reading | RecordRejected] = []
    while (window := source.next_window(Walk.BACKFILL, position, NOW)) is not None:
        position = window.hi
        if year_of(window) < since:
            continue
        for attempt in range(attempts):
            try:
                items += await memory.read(source, window)
                break
            except RetryableError:
                if attempt == attempts - 1:
                    raise
                await asyncio.sleep(0.02)
    return items


async def walk(source: SenadoSource, memory: Memory, walk: Walk) -> list[Item]:
    """The first window of a walk, as the engine would read it."""
    window = source.next_window(walk, None, NOW)
    assert window is not None
    return await memory.read(source, window)


async def walk_back(source: SenadoSource, memory: Memory, walk: Walk, *, windows: int) -> list[Item]:
    """The first windows of a walk through the years."""
    items: list[Item] = []
    position = None
    for _ in range(windows):
        window = source.next_window(walk, position, NOW)
        assert window is not None
        assert position is None or window.lo == position
        items += await memory.read(source, window)
        position = window.hi
    return items
