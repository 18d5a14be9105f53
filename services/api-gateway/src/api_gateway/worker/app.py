"""Assembles the worker: database pool, Redis clients, stream consumers, periodic tasks, health checks."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from legis.service.app import build_app
from legis.service.health import Health
from legis.service.run import background
from legis.streams.connection import connect
from legis.streams.consumer import READ_MARGIN_SECONDS, StreamConsumer, consumer_name
from legis.streams.publisher import Publisher
from legis.telemetry.traces import Traces
from redis.asyncio import Redis

from api_gateway.settings import WorkerSettings
from api_gateway.store.changes.change_partitions import keep_partitions_ahead
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.pool import close_pool, open_pool
from api_gateway.store.database.schema_version import SchemaGate
from api_gateway.worker import housekeeping
from api_gateway.worker.batch_handler import Handler, Waits
from api_gateway.worker.consume_loop import WorkerLoop
from api_gateway.worker.dead_letter_routes import add_dead_letter_routes
from api_gateway.worker.first_samples import create_worker_series
from api_gateway.worker.head_announcement import announce_log_head
from api_gateway.worker.key_usage_task import KEY_USAGE_SECONDS, store_key_usage
from api_gateway.worker.reconciliation_tasks import reconciliation_tasks, removal_rule
from api_gateway.worker.record_tasks import record_tasks
from api_gateway.worker.republish import CursorRepublisher
from api_gateway.worker.source_tasks import source_tasks

NAME = "worker"
CONSUMERS = 2
"""Stream consumers in one process: while PostgreSQL writes the batch of one, the other decodes its own."""

CLOSE_SECONDS = 5.0
REPLAY_CAPACITY = 1_000_000
"""Stream length, in entries, above which a replay waits. Far above ingest's own limit: a replay adds one entry, and
must succeed while ingest is paused by a full stream.
"""


def make_app(settings: WorkerSettings, tracing: Traces) -> FastAPI:
    """The worker as an ASGI app: the stream is read from the start of its lifespan to the end."""
    create_worker_series()
    health = Health()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        timeout = settings.worker_statement_timeout_seconds
        pool = await open_pool(settings, name=NAME, statement_timeout=timeout, stateless=True)
        redis = connect(settings.redis_url, client_name=NAME)
        block = settings.worker_block_milliseconds
        reading = connect(
            settings.redis_url, client_name=f"{NAME}-reader", socket_timeout=block / 1000 + READ_MARGIN_SECONDS
        )
        schema = SchemaGate(pool)
        app.state.pool, app.state.publisher = pool, Publisher(redis, capacity=REPLAY_CAPACITY)
        _add_checks(health, pool, redis, schema)
        try:
            async with background(stop, *_work(settings, pool, redis, reading, schema, stop)):
                yield
        finally:
            await _close(pool, redis, reading)
            await tracing.shutdown()

    app = build_app(NAME, lifespan=lifespan, health=health)
    add_dead_letter_routes(app)
    return app


def _work(
    settings: WorkerSettings, pool: Pool, redis: Redis, reading: Redis, schema: SchemaGate, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    cursors = CursorRepublisher(pool, redis)
    loops = [_worker_loop(settings, pool, redis, reading, cursors) for _ in range(CONSUMERS)]
    regular = [*reconciliation_tasks(pool, redis, settings), *source_tasks(pool, redis, settings), *record_tasks(pool)]
    return [
        # The stream is read only once the schema is new enough: against an old one, valid events become dead letters.
        *(schema.run_when_fit(loop.run, stop) for loop in loops),
        housekeeping.repeat_every(housekeeping.REPUBLISH_SECONDS, cursors.publish, stop),
        housekeeping.repeat_every(
            housekeeping.GAUGES_SECONDS,
            partial(housekeeping.set_gauges, pool, redis, settings.list_settle_seconds),
            stop,
        ),
        housekeeping.repeat_every(
            housekeeping.HOUSEKEEPING_SECONDS, partial(housekeeping.delete_abandoned, pool), stop
        ),
        housekeeping.repeat_every(
            housekeeping.HOUSEKEEPING_SECONDS, partial(housekeeping.forget_old_marks, pool, redis), stop
        ),
        housekeeping.repeat_every(
            housekeeping.PARTITION_SECONDS,
            partial(keep_partitions_ahead, pool, settings.change_partition_entries),
            stop,
        ),
        housekeeping.repeat_every(KEY_USAGE_SECONDS, partial(store_key_usage, pool, redis), stop),
        *(housekeeping.repeat_every(seconds, task, stop) for seconds, task in regular),
    ]


def _worker_loop(
    settings: WorkerSettings, pool: Pool, redis: Redis, reading: Redis, cursors: CursorRepublisher
) -> WorkerLoop:
    consumer = StreamConsumer(
        reading,
        name=consumer_name(NAME),
        count=settings.worker_batch_size,
        block_milliseconds=settings.worker_block_milliseconds,
        reclaim_idle=settings.worker_reclaim_idle_seconds,
    )
    handler = Handler(
        pool,
        redis,
        consumer,
        cursors,
        max_deliveries=settings.worker_max_deliveries,
        waits=Waits(settings.regression_confirm_seconds, settings.list_settle_seconds),
        rule=removal_rule(settings),
    )
    handler.announce_head = partial(announce_log_head, pool, redis)
    return WorkerLoop(consumer, handler)


def _add_checks(health: Health, pool: Pool, redis: Redis, schema: SchemaGate) -> None:
    async def database() -> None:
        async with pool.acquire(timeout=1.0) as connection:
            await connection.execute("SELECT 1 FROM change_counter")

    async def stream() -> None:
        await redis.ping()

    health.add("schema", schema.check_if_reachable, required=True)
    # Not required for readiness: without PostgreSQL or Redis the worker waits, and a restart would not help.
    health.add("database", database, required=False)
    health.add("redis", stream, required=False)


async def _close(pool: Pool, *clients: Redis) -> None:
    for client in clients:
        await client.aclose()
    await close_pool(pool, CLOSE_SECONDS)
