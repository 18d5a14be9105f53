# ruff: noqa: ASYNC110 (a process tells of itself by its probes alone)
"""The process around the index: its probes, and waiting for a schema that has what it reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from api_gateway.indexer.app import make_app
from api_gateway.migrations import migration_runner
from integration.bills import make_bill
from integration.indexing import impatient, reading
from legis.telemetry.traces import Traces
from opentelemetry.sdk.trace import TracerProvider

PROBES = ("/health/live", "/health/startup", "/health/ready")


@asynccontextmanager
async def running(database_url: str, folder: Path) -> AsyncIterator[httpx2.AsyncClient]:
    app = make_app(impatient(database_url, folder), Traces(TracerProvider()))
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://indexer.test") as client,
    ):
        yield client


async def settled(client: httpx2.AsyncClient, wanted: list[int]) -> None:
    """Waits until the probes say so."""
    seen: list[int] = []
    for _ in range(400):
        seen = [(await client.get(path)).status_code for path in PROBES]
        if seen == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{dict(zip(PROBES, seen, strict=True))}, not {wanted}")


async def test_it_is_ready_when_there_is_an_index(database_url: str, folder: Path, write: Any, agree: Any) -> None:
    await write(make_bill(1))
    async with running(database_url, folder) as client, reading(folder) as index:
        await settled(client, [200, 200, 200])
        await agree(index)
        health = (await client.get("/health")).json()
        assert health["status"] == "ok"
        assert (health["checks"]["schema"]["required"], health["checks"]["index"]["required"]) == (True, True)
        metrics = (await client.get("/metrics")).text
        assert "legis_index_seq 1.0" in metrics
        assert "legis_index_documents 1.0" in metrics
        assert "legis_index_lag_entries 0.0" in metrics


async def test_it_waits_for_its_schema(empty_database_url: str, folder: Path) -> None:
    await migration_runner.upgrade(empty_database_url, target="0001")
    async with running(empty_database_url, folder) as client:
        await _checked(client)
        await settled(client, [200, 503, 503])
        checks = (await client.get("/health")).json()["checks"]
        assert "or newer is required" in checks["schema"]["error"]
        assert not folder.exists() or not list(folder.glob("schema-*/build-*"))
        await migration_runner.upgrade(empty_database_url)
        await settled(client, [200, 200, 200])


async def test_without_an_index_it_has_started_and_is_not_ready(folder: Path, closed_port: int) -> None:
    async with running(f"postgresql://postgres@127.0.0.1:{closed_port}/x", folder) as client:
        await settled(client, [200, 200, 503])
        checks = (await client.get("/health")).json()["checks"]
        assert "being built" in checks["index"]["error"]


async def _checked(client: httpx2.AsyncClient) -> None:
    """Waits until every check has run once."""
    async with asyncio.timeout(60):
        while any(one["status"] == "unknown" for one in (await client.get("/health")).json()["checks"].values()):
            await asyncio.sleep(0.05)
