"""Periodic tasks of the worker: how they are repeated, gauges, and deletion of abandoned rows."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from legis.domain.vocabulary import Source
from legis.errors import StoreUnavailable
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.streams.stored_marks import forget_other_epochs
from legis.telemetry import logs, traces
from legis.telemetry.metrics import STREAM_BACKLOG, STREAM_PENDING
from legis.waiting import wait_or_stop
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from api_gateway.store.bills.doubt_rows import count_doubts
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.dead_letters.dead_letter_writer import count_open, drop_resolved
from api_gateway.store.reconciliation.year_lists import drop_old_parts
from api_gateway.store.records.record_misses import drop_old_list_parts
from api_gateway.store.sources.refetch_requests import count_refetch_requests
from api_gateway.store.windows.checkpoint_reader import load_epoch
from api_gateway.store.windows.window_counts import abandon_old

REPUBLISH_SECONDS = 0.5
GAUGES_SECONDS = 2.0
HOUSEKEEPING_SECONDS = 600.0
PARTITION_SECONDS = 30.0
"""Interval of the look at the partitions ahead. Filling one takes half an hour at the worker's full speed."""

_log = logs.get_logger(__name__)


async def repeat_every(seconds: float, task: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Repeats a task every `seconds` until `stop` is set. A task that fails because PostgreSQL or Redis is unavailable
    is logged once and tried again at its next turn.
    """
    failing = False
    while not stop.is_set():
        try:
            with traces.suppressed():
                await task()
            failing = False
        except (StoreUnavailable, RedisError, OSError) as error:
            if not failing:
                _log.warning("task_failed", task=_name_of(task), error=repr(error))
            failing = True
        await wait_or_stop(stop, seconds)


def _name_of(task: Callable[[], Awaitable[None]]) -> str:
    named = task.func if isinstance(task, partial) else task
    return getattr(named, "__qualname__", type(named).__name__)


async def set_gauges(pool: Pool, redis: Redis, settle_seconds: float) -> None:
    """Sets the gauges of the stream's length and pending entries, open dead letters, refetch requests and list doubts.
    Raises StoreUnavailable or redis errors.
    """
    STREAM_BACKLOG.set(await redis.xlen(BILLS_STREAM))
    try:
        pending: Any = await redis.xpending(BILLS_STREAM, STORE_GROUP)
        STREAM_PENDING.set(pending["pending"])
    except ResponseError:  # no group: nothing is pending
        STREAM_PENDING.set(0)
    with store_errors():
        async with pool.acquire(timeout=5.0) as connection:
            await count_open(connection, [source.value for source in Source])
            await count_refetch_requests(connection)
            await count_doubts(connection, [source.value for source in Source], settle_seconds)


async def forget_old_marks(pool: Pool, redis: Redis) -> None:
    """Deletes the marks of databases before a restore. Raises StoreUnavailable or redis errors."""
    with store_errors():
        async with pool.acquire(timeout=5.0) as connection:
            epoch = await load_epoch(connection)
    if number := await forget_other_epochs(redis, epoch):
        _log.info("old_marks_forgotten", hashes=number, epoch=epoch)


async def delete_abandoned(pool: Pool) -> None:
    """Deletes windows whose end never came, parts of lists that were never complete, and dead letters resolved long
    ago. Raises StoreUnavailable.
    """
    await abandon_old(pool)
    await drop_old_parts(pool)
    await drop_old_list_parts(pool)
    await drop_resolved(pool)
