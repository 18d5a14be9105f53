"""The worker's duties towards the sources themselves: their states, years that are not read, records set aside."""

from datetime import timedelta
from functools import partial
from typing import Any

from legis.clock import Clock, utc_now
from legis.domain.vocabulary import Source
from legis.streams.service_states import read_service_states
from legis.streams.unread_years import publish_years_not_read
from legis.telemetry.metrics import SOURCE_STATE
from redis.asyncio import Redis

from api_gateway.settings import WorkerSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.sources.refetch_retries import ask_again
from api_gateway.store.sources.source_state import Evidence, SourceState, standing
from api_gateway.store.sources.source_state_history import note_standings
from api_gateway.store.sources.source_status import load_status_by
from api_gateway.store.sources.years_not_read import load_years_not_read
from api_gateway.store.windows.backfill_requests import make_requested_years_due

STATES_SECONDS = 2.0
YEARS_SECONDS = 1.0
ASKING_SECONDS = 5.0


async def tell_years(pool: Pool, redis: Redis) -> None:
    """Shows ingest the years that are not read, then makes it ask for them if one was requested. Raises what every
    duty may.
    """
    await publish_years_not_read(redis, await load_years_not_read(pool))
    await make_requested_years_due(pool)


async def watch_states(pool: Pool, redis: Redis, goal: float, clock: Clock = utc_now) -> None:
    """Writes down each change of a source's state. Raises what every duty may: while Redis or the store is away nobody
    knows how the sources stand, and nothing is written.
    """
    status = await load_status_by(pool)
    services = await read_service_states(redis)
    now = clock()
    standings = {
        source: standing(Evidence(source, status, services.get(source), away=False, goal=goal, now=now))
        for source in Source
    }
    await note_standings(pool, standings, now)
    for source, found in standings.items():
        for state in SourceState:
            SOURCE_STATE.labels(source.value, state.value).set(state is found.state)


async def ask_for_set_aside(pool: Pool, first_wait: timedelta) -> None:
    """Has the sources asked for records that are due again. Raises what every duty may."""
    await ask_again(pool, first_wait)


def source_duties(pool: Pool, redis: Redis, settings: WorkerSettings) -> list[tuple[float, Any]]:
    """What to do every so many seconds."""
    first_wait = timedelta(seconds=settings.set_aside_wait_seconds)
    return [
        (YEARS_SECONDS, partial(tell_years, pool, redis)),
        (STATES_SECONDS, partial(watch_states, pool, redis, settings.freshness_goal_seconds)),
        (ASKING_SECONDS, partial(ask_for_set_aside, pool, first_wait)),
    ]
