"""Reads the latest state report of every ingest service."""

from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis

from legis.domain.vocabulary import Source
from legis.events import ServiceState
from legis.streams.names import service_state_key


async def read_service_states(redis: Redis) -> dict[Source, ServiceState]:
    """The state of each source's service. A source is absent where there is no report, or one that this version cannot
    read.

    Raises redis errors.
    """
    states: Any = await redis.mget([service_state_key(f"ingest-{source.value}") for source in Source])
    found = {}
    for source, raw in zip(Source, states, strict=True):
        try:
            if raw is not None:
                found[source] = ServiceState.model_validate_json(raw)
        except ValidationError:
            continue
    return found
