"""Periodic tasks of reconciliation: compare year lists, request doubted bills, publish refetch requests."""

from functools import partial
from typing import Any

from legis.streams.refetch_request_set import publish_refetch_requests
from legis.telemetry import logs
from redis.asyncio import Redis

from api_gateway.settings import WorkerSettings
from api_gateway.store.bills.doubt_rows import request_doubted
from api_gateway.store.database.connections import Pool
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.reconciliation.year_lists import compare_lists
from api_gateway.store.sources.refetch_requests import load_refetch_requests

COMPARE_SECONDS = 1.0
REFETCH_SECONDS = 1.0
DOUBTS_SECONDS = 1.0

_log = logs.get_logger(__name__)


def removal_rule(settings: WorkerSettings) -> RemovalRule:
    """The removal rule, from the settings."""
    return RemovalRule(settings.reconcile_misses, settings.reconcile_days, settings.reconcile_most_percent / 100)


async def compare_years(pool: Pool, rule: RemovalRule) -> None:
    """Compares the year lists whose windows are complete. Raises StoreUnavailable."""
    for one in await compare_lists(pool, rule):
        _log.info(
            "year_compared",
            source=one.source,
            year=one.year,
            outcome=one.outcome,
            missing_here=one.missing_here,
            missing_there=one.missing_there,
        )


async def republish_refetch_requests(pool: Pool, redis: Redis) -> None:
    """Publishes the open refetch requests to Redis, where ingest reads them. Raises StoreUnavailable or redis
    errors.
    """
    await publish_refetch_requests(redis, await load_refetch_requests(pool))


def reconciliation_tasks(pool: Pool, redis: Redis, settings: WorkerSettings) -> list[tuple[float, Any]]:
    """The tasks, each with its interval in seconds."""
    return [
        (COMPARE_SECONDS, partial(compare_years, pool, removal_rule(settings))),
        (DOUBTS_SECONDS, partial(request_doubted, pool, settings.list_settle_seconds)),
        (REFETCH_SECONDS, partial(republish_refetch_requests, pool, redis)),
    ]
