"""The worker's duties towards reconciliation: comparing whole lists, and telling ingest what to ask again."""

from functools import partial
from typing import Any

from legis.streams.refetch_request_set import publish_refetch_requests
from legis.telemetry import logs
from redis.asyncio import Redis

from api_gateway.settings import WorkerSettings
from api_gateway.store.bills.doubt_rows import ask_in_doubt
from api_gateway.store.database.connections import Pool
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.reconciliation.year_lists import compare_lists
from api_gateway.store.sources.refetch_requests import load_questions

COMPARE_SECONDS = 1.0
QUESTIONS_SECONDS = 1.0
DOUBTS_SECONDS = 1.0

_log = logs.get_logger(__name__)


def removal_rule(settings: WorkerSettings) -> RemovalRule:
    """The rule that the settings ask for."""
    return RemovalRule(settings.reconcile_misses, settings.reconcile_days, settings.reconcile_most_percent / 100)


async def compare_years(pool: Pool, rule: RemovalRule) -> None:
    """Compares the lists that are whole. Raises what every duty may."""
    for one in await compare_lists(pool, rule):
        _log.info(
            "year_compared",
            source=one.source,
            year=one.year,
            outcome=one.outcome,
            missing_here=one.missing_here,
            missing_there=one.missing_there,
        )


async def tell_questions(pool: Pool, redis: Redis) -> None:
    """Shows ingest the open questions. Raises what every duty may."""
    await publish_refetch_requests(redis, await load_questions(pool))


def duties(pool: Pool, redis: Redis, settings: WorkerSettings) -> list[tuple[float, Any]]:
    """What to do every so many seconds."""
    return [
        (COMPARE_SECONDS, partial(compare_years, pool, removal_rule(settings))),
        (DOUBTS_SECONDS, partial(ask_in_doubt, pool, settings.list_settle_seconds)),
        (QUESTIONS_SECONDS, partial(tell_questions, pool, redis)),
    ]
