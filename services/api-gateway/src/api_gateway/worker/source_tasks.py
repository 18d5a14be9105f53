"""Periodic tasks about the sources: record state changes, publish the years not read, retry records set aside."""

from datetime import timedelta
from functools import partial
from typing import Any

from legis.clock import Clock, utc_now
from legis.domain.vocabulary import Source
from legis.streams.service_states import read_service_states
from legis.streams.unread_years import publish_years_not_read
from legis.telemetry.metrics import RECORDS_AGE, RECORDS_BEHIND, SOURCE_STATE
from redis.asyncio import Redis

from api_gateway.settings import WorkerSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.sources.refetch_retries import request_due_records
from api_gateway.store.sources.source_state import Evidence, SourceState, assess
from api_gateway.store.sources.source_state_history import record_assessments
from api_gateway.store.sources.source_status import load_status_by
from api_gateway.store.sources.years_not_read import load_years_not_read
from api_gateway.store.windows.backfill_requests import make_requested_years_due

STATES_SECONDS = 2.0
YEARS_SECONDS = 1.0
RETRY_SECONDS = 5.0


async def republish_years_not_read(pool: Pool, redis: Redis) -> None:
    """Publishes the years not read to Redis, where ingest reads them, then makes the walk of requested years due.

    Raises StoreUnavailable or redis errors.
    """
    await publish_years_not_read(redis, await load_years_not_read(pool))
    await make_requested_years_due(pool)


async def record_state_changes(pool: Pool, redis: Redis, goal: float, clock: Clock = utc_now) -> None:
    """Records each change of a source's state and sets its gauge.

    Raises StoreUnavailable or redis errors: without both servers the state is not known, and nothing is recorded.
    """
    status = await load_status_by(pool)
    services = await read_service_states(redis)
    now = clock()
    evidence = {
        source: Evidence(source, status, services.get(source), away=False, goal=goal, now=now) for source in Source
    }
    assessments = {source: assess(found) for source, found in evidence.items()}
    await record_assessments(pool, assessments, now)
    for source, found in assessments.items():
        for state in SourceState:
            SOURCE_STATE.labels(source.value, state.value).set(state is found.state)
        for one in evidence[source].record_kinds:
            RECORDS_BEHIND.labels(source.value, one.kind.value).set(one.is_behind)
            if one.complete_at is not None:
                RECORDS_AGE.labels(source.value, one.kind.value).set((now - one.complete_at).total_seconds())


async def retry_set_aside(pool: Pool, first_wait: timedelta) -> None:
    """Requests again the records that were set aside and are due. Raises StoreUnavailable."""
    await request_due_records(pool, first_wait)


def source_tasks(pool: Pool, redis: Redis, settings: WorkerSettings) -> list[tuple[float, Any]]:
    """The tasks, each with its interval in seconds."""
    first_wait = timedelta(seconds=settings.set_aside_wait_seconds)
    return [
        (YEARS_SECONDS, partial(republish_years_not_read, pool, redis)),
        (STATES_SECONDS, partial(record_state_changes, pool, redis, settings.freshness_goal_seconds)),
        (RETRY_SECONDS, partial(retry_set_aside, pool, first_wait)),
    ]
