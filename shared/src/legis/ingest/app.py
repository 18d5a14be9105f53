"""Builds an ingest service from a source: the engine with health checks, metrics and traces."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI
from redis.asyncio import Redis

from legis.clock import utc_now
from legis.ingest.breaker_routes import add_breaker_routes
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.lease.leased_reading import read_while_leased
from legis.ingest.lease.reader_lease import ReaderLease
from legis.ingest.lease.reader_route import add_reader_route
from legis.ingest.runner import IngestRunner
from legis.ingest.settings import IngestSettings
from legis.ingest.source import SourceAdapter
from legis.ingest.state_reporter import StateReporter
from legis.ingest.window_outcomes import create_source_series
from legis.service.app import build_app
from legis.service.health import Health
from legis.service.run import COLLECT_SELDOM, background, prepare, serve
from legis.streams.connection import connect
from legis.streams.names import reader_lease_key
from legis.streams.publisher import Fence, Publisher
from legis.telemetry.traces import Traces
from legis.upstream import UpstreamClient

STOP_SECONDS = 1.0
"""Time that a window may still run after the service is asked to stop. An answer of upstream can take minutes; a window
that is dropped is read again."""


class UpstreamSource(SourceAdapter, Protocol):
    """A source that exposes its HTTP client, so that the service can report the state of its connection to upstream."""

    upstream: UpstreamClient


def run_ingest(settings: IngestSettings, service: str, make_source: Callable[[], UpstreamSource], port: int) -> None:
    """Runs the service until SIGTERM. A window that is half read then is dropped; it will be read again."""
    tracing = prepare(service, settings)
    app = make_app(settings, service, make_source, tracing)
    serve(app, host=settings.ingest_host, port=port, collect_every=COLLECT_SELDOM)


def make_app(
    settings: IngestSettings, service: str, make_source: Callable[[], UpstreamSource], tracing: Traces
) -> FastAPI:
    """Builds the FastAPI application. It reads the source during its lifespan."""
    health = Health()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        source = make_source()
        create_source_series(source.name)
        app.state.upstream = source.upstream
        redis = connect(settings.redis_url, client_name=service)
        lease = app.state.lease = ReaderLease(redis, source.name, settings.reader_lease_seconds)
        source.upstream.send_only_if(lease.require)
        reporter = StateReporter(service, source.name, source.upstream, utc_now, lease)
        _add_checks(health, redis, reporter)
        try:
            work = (
                lease.run(stop),
                _read(settings, source, redis, reporter, lease, stop),
                reporter.publish(redis, stop),
            )
            async with background(stop, *work, grace_seconds=STOP_SECONDS):
                yield
        finally:
            await lease.release()
            await source.close()
            await redis.aclose()
            await tracing.shutdown()

    app = build_app(service, lifespan=lifespan, health=health)
    add_breaker_routes(app, lambda: app.state.upstream)
    add_reader_route(app, lambda: app.state.lease)
    return app


async def _read(
    settings: IngestSettings,
    source: SourceAdapter,
    redis: Redis,
    reporter: StateReporter,
    lease: ReaderLease,
    stop: asyncio.Event,
) -> None:
    fence = Fence(reader_lease_key(source.name), lease.token)
    publisher = Publisher(redis, capacity=settings.stream_capacity, fence=fence)

    def make_runner() -> IngestRunner:
        checkpoint = Checkpoint(redis, source.name)
        return IngestRunner(
            source, publisher, checkpoint, reporter, confirm_timeout=settings.window_confirm_timeout_seconds
        )

    await read_while_leased(lease, Checkpoint(redis, source.name), reporter, make_runner, stop)


def _add_checks(health: Health, redis: Redis, reporter: StateReporter) -> None:
    async def stream() -> None:
        await redis.ping()

    async def upstream() -> None:
        if reporter.breaker.state == "open":
            raise ConnectionError("the circuit is open")

    # neither is required for readiness: without them ingest waits, and a restart of it would not help
    health.add("redis", stream, required=False)
    health.add("upstream", upstream, required=False)
