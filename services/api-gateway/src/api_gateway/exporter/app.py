"""Assembles the exporter: the schedule, the builder in a child process, health checks, metrics."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from legis.clock import Clock, utc_now
from legis.errors import StoreUnavailable
from legis.service.app import build_app
from legis.service.health import Health, Unfit
from legis.service.run import background
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import (
    EXPORT_BUILDS,
    EXPORT_BYTES,
    EXPORT_PROGRESS,
    EXPORT_ROWS,
    EXPORT_SECONDS,
    EXPORT_SUCCESS,
)
from legis.telemetry.traces import Traces
from legis.waiting import wait_or_stop

from api_gateway.exporter.build import BuildEnd
from api_gateway.exporter.builder_child import run_builder
from api_gateway.exporter.export_schedule import is_due
from api_gateway.exports.export_library import ExportLibrary
from api_gateway.exports.export_shapes import ExportManifest
from api_gateway.exports.object_store import open_store
from api_gateway.settings import ExporterSettings

NAME = "exporter"
LOOK_SECONDS = 30.0
"""Time between two looks at whether an export is due."""

PROGRESS_SECONDS = 2.0
_log = get_logger(__name__)

RunBuilder = Callable[[asyncio.Event], Awaitable[BuildEnd]]


def make_app(
    settings: ExporterSettings, tracing: Traces, *, run: RunBuilder = run_builder, clock: Clock = utc_now
) -> FastAPI:
    """The exporter as an ASGI app. Tests replace the builder and the clock."""
    health = Health()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        exporter = Exporter(settings, ExportLibrary(open_store(settings)), run, clock)
        health.add("exports", exporter.check, required=True)
        try:
            async with background(stop, exporter.run(stop)):
                yield
        finally:
            await tracing.shutdown()

    return build_app(NAME, lifespan=lifespan, health=health)


class ExportsUnreachable(Unfit):
    """The place where exports are kept cannot be read."""


class Exporter:
    """Begins a build whenever one is due, and shows how far it is."""

    def __init__(self, settings: ExporterSettings, library: ExportLibrary, run: RunBuilder, clock: Clock) -> None:
        self._settings = settings
        self._library = library
        self._run_builder = run
        self._clock = clock
        self._reachable = True

    async def check(self) -> None:
        """Raises ExportsUnreachable where the last look failed."""
        if not self._reachable:
            raise ExportsUnreachable("the exports cannot be read")

    async def run(self, stop: asyncio.Event) -> None:
        """Looks and builds until `stop` is set."""
        while not stop.is_set():
            ended = await self._look(stop)
            failed = ended in (BuildEnd.FAILED, BuildEnd.ALREADY_BUILDING)
            await wait_or_stop(stop, self._settings.export_retry_seconds if failed else LOOK_SECONDS)

    async def _look(self, stop: asyncio.Event) -> BuildEnd | None:
        """Builds if an export is due; None if it is not, or the exports cannot be read."""
        try:
            newest = await self._library.newest()
        except StoreUnavailable as error:
            self._reachable = False
            _log.warning("exports_not_read", error=str(error))
            return None
        self._reachable = True
        _show(newest)
        if not is_due(self._clock(), self._settings.export_hour, newest.created_at if newest else None):
            return None
        ended = await self._build(stop)
        EXPORT_BUILDS.labels(ended.name.lower()).inc()
        with suppress(StoreUnavailable):
            _show(await self._library.newest())
        return ended

    async def _build(self, stop: asyncio.Event) -> BuildEnd:
        built = asyncio.Event()
        showing = asyncio.create_task(self._show_progress(built))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await self._run_builder(stop)
        finally:
            built.set()
            await showing
            EXPORT_SECONDS.set(loop.time() - began)

    async def _show_progress(self, built: asyncio.Event) -> None:
        while not await wait_or_stop(built, PROGRESS_SECONDS):
            with suppress(StoreUnavailable):
                progress = await self._library.progress()
                EXPORT_PROGRESS.set(progress.percent / 100 if progress else 0)
        EXPORT_PROGRESS.set(0)


def _show(newest: ExportManifest | None) -> None:
    if newest is None:
        return
    EXPORT_SUCCESS.set(newest.created_at.timestamp())
    EXPORT_BYTES.set(sum(file.bytes for file in newest.all_files))
    for table in newest.tables:
        EXPORT_ROWS.labels(table.name.value).set(table.rows)
