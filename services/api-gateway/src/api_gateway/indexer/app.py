"""Assembles the indexer: database pool, main loop, health checks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from legis.service.app import build_app
from legis.service.health import Health, Unfit
from legis.service.run import background
from legis.telemetry.traces import Traces, suppressed

from api_gateway.indexer.index_loop import IndexerLoop
from api_gateway.indexer.reasons import create_series
from api_gateway.settings import IndexerSettings
from api_gateway.store.changes.index_feed import IndexFeed
from api_gateway.store.database.pool import close_pool, open_pool
from api_gateway.store.database.schema_version import SchemaGate

NAME = "indexer"
CONNECTIONS = 2
CLOSE_SECONDS = 5.0


class NotBuilt(Unfit):
    """There is no index yet."""


def make_app(settings: IndexerSettings, tracing: Traces) -> FastAPI:
    """The indexer as an ASGI app: the log is followed from the start of its lifespan to the end."""
    health = Health()
    create_series()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        pool = await open_pool(
            settings,
            name=NAME,
            statement_timeout=settings.indexer_statement_timeout_seconds,
            size=CONNECTIONS,
            stateless=True,
        )
        schema = SchemaGate(pool)
        loop = IndexerLoop(settings, IndexFeed(pool))
        _add_checks(health, schema, loop)
        try:
            async with background(stop, _follow(loop, schema, stop)):
                yield
        finally:
            await close_pool(pool, CLOSE_SECONDS)
            await tracing.shutdown()

    return build_app(NAME, lifespan=lifespan, health=health)


async def _follow(loop: IndexerLoop, schema: SchemaGate, stop: asyncio.Event) -> None:
    """Runs the main loop once the schema has every column that it reads."""
    with suppressed():
        await schema.run_when_fit(loop.run, stop)


def _add_checks(health: Health, schema: SchemaGate, loop: IndexerLoop) -> None:
    built = False

    async def index() -> None:
        nonlocal built
        built = built or loop.builds.current is not None
        if not built:
            raise NotBuilt("the index is being built for the first time")

    health.add("schema", schema.check_if_reachable, required=True)
    # Not required at start: a first build takes minutes, and the process is healthy meanwhile.
    health.add("index", index, required=True, for_start=False)
