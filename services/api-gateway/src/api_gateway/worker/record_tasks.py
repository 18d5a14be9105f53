"""Periodic tasks about records: the parties are stored, and bills whose next event has begun are rendered again."""

from functools import partial
from typing import Any

from api_gateway.store.database.connections import Pool
from api_gateway.store.records.bill_events import refresh_next_events
from api_gateway.store.records.party_records import store_parties

NEXT_EVENTS_SECONDS = 30.0
PARTIES_SECONDS = 3600.0
"""The first time is at the start of the worker; later ones change nothing, and repair a restored database."""


async def render_begun_events(pool: Pool) -> None:
    """Renders bills again whose next event has begun, until none is left. Raises StoreUnavailable."""
    while await refresh_next_events(pool):
        pass


def record_tasks(pool: Pool) -> list[tuple[float, Any]]:
    """The tasks, each with its interval in seconds."""
    return [
        (PARTIES_SECONDS, partial(store_parties, pool)),
        (NEXT_EVENTS_SECONDS, partial(render_begun_events, pool)),
    ]
