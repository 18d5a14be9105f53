"""The Senado of a running simulator, as a test orders it about."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession
from contract.senado_source.reading import OLDEST, Memory
from ingest_senado.legacy.legacy_adapter import LegacySenadoSource
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.backfill import year_of
from legis.errors import RecordRejected, RetryableError
from legis.events import Walk
from legis.ingest.source import Reading


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
    now = datetime.now(UTC)
    while (window := source.next_window(Walk.BACKFILL, position, now)) is not None:
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
