"""A source turned into a service: the engine with health, metrics and traces around it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI

from legis.clock import utc_now
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.runner import IngestRunner
from legis.ingest.settings import IngestSettings
from legis.ingest.source import SourceAdapter
from legis.ingest.state import StateBoard
from legis.service.app import build_app
from legis.service.health import Health
from legis.service.run import serve
from legis.streams.connection import connect
from legis.streams.publisher import Publisher
from legis.telemetry import logs, traces
from legis.upstream import UpstreamClient

STOP_SECONDS = 20.0


class UpstreamSource(SourceAdapter, Protocol):
    """A source that shows the client it asks with, so that the service can say how the way upstream is."""

    upstream: UpstreamClient


def run_ingest(settings: IngestSettings, service: str, make_source: Callable[[], UpstreamSource], port: int) -> None:
    """Runs the service until SIGTERM; returns after the running window is finished or dropped."""
    logs.configure(service, settings.log_level)
    tracing = traces.configure(
        service,
        endpoint=settings.otel_exporter_otlp_endpoint,
        ratio=settings.otel_traces_sampler_arg,
        file=settings.trace_file,
    )
    health = Health()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        source = make_source()
        redis = connect(settings.redis_url, client_name=service)
        board = StateBoard(service, source.name, source.upstream, utc_now)
        runner = IngestRunner(
            source,
            Publisher(redis, capacity=settings.stream_capacity),
            Checkpoint(redis, source.name),
            board,
            confirm_timeout=settings.window_confirm_timeout_seconds,
        )

        async def redis_answers() -> None:
            await redis.ping()

        health.add("redis", redis_answers, required=True)
        stop = asyncio.Event()
        tasks = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("runner", runner.run(stop)),
                ("state", board.publish(redis, stop)),
                ("health", health.run(stop)),
            )
        ]
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await source.close()
            await redis.aclose()
            await tracing.shutdown()

    serve(build_app(service, lifespan=lifespan, health=health), host=settings.ingest_host, port=port)
