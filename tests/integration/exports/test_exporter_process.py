"""The exporter as a process: it builds what is due, tells of it, and ends its builder when it is stopped."""

import asyncio
import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from api_gateway.exporter import app as exporter_app
from api_gateway.exporter.app import make_app
from api_gateway.exporter.build import BuildEnd
from api_gateway.settings import ExporterSettings
from integration.exports.conftest import Exports
from integration.exports.test_builds import waits_for_a_lock
from integration.waiting import until
from legis.telemetry.traces import Traces
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import REGISTRY

pytestmark = pytest.mark.timeout(300)


def app_over(exported: Exports, folder: Path, **more: Any) -> Any:
    settings = ExporterSettings(database_url=exported.database_url, exports_folder=str(folder), export_hour=3)
    return make_app(settings, Traces(TracerProvider()), **more)


async def test_it_begins_when_one_is_due_and_not_before(exported: Exports) -> None:
    begun: list[datetime] = []
    at = exported.newest.created_at
    now = [at]

    async def run(stop: asyncio.Event) -> BuildEnd:
        begun.append(now[0])
        return BuildEnd.FAILED

    for moment, expected in ((at, 0), (at + timedelta(hours=25), 1)):
        now[0] = moment
        app = app_over(exported, exported.folder, run=run, clock=lambda: now[0])
        async with app.router.lifespan_context(app):
            if expected:
                await until(lambda: begun, 120)
            else:
                await until(lambda: _sample("legis_export_last_success_timestamp_seconds") == at.timestamp(), 120)
        assert len(begun) == expected
    assert _sample("legis_export_rows", resource="bills") == exported.newest.tables[0].rows
    assert (_sample("legis_export_builds_total", outcome="failed") or 0) >= 1


async def test_an_exporter_that_starts_before_any_bill_is_stored_soon_looks_again(
    exported: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[BuildEnd] = []

    async def run(stop: asyncio.Event) -> BuildEnd:
        begun.append(BuildEnd.FAILED if begun else BuildEnd.NOTHING_STORED)
        return begun[-1]

    monkeypatch.setattr(exporter_app, "LOOK_SECONDS", 0.05)
    app = app_over(exported, tmp_path / "exports", run=run)
    async with app.router.lifespan_context(app):
        await until(lambda: len(begun) == 2, 120)
        await asyncio.sleep(0.5)  # ten looks
    assert len(begun) == 2, "one that failed waits for EXPORT_RETRY_SECONDS"


async def test_a_build_ends_with_its_exporter(
    exported: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", exported.database_url)
    monkeypatch.setenv("EXPORTS_FOLDER", str(tmp_path / "exports"))
    app = app_over(exported, tmp_path / "exports", clock=lambda: datetime.now(UTC))
    with psycopg.connect(exported.database_url) as blocking:
        blocking.execute("SET idle_in_transaction_session_timeout = 0")
        blocking.execute("LOCK TABLE bill_counterpart IN ACCESS EXCLUSIVE MODE")
        async with app.router.lifespan_context(app):
            await until(lambda: waits_for_a_lock(exported.database_url), 120)
            (child,) = _builders()
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, 0)
        raise AssertionError("the builder goes on")


def _builders() -> list[int]:
    """Ids of the builders that this process began."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"api_gateway.exporter.build" in (stat.parent / "cmdline").read_bytes():
                found.append(int(stat.parent.name))
    return found


def _sample(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)
