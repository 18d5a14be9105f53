"""Writes when API keys were used last, as web processes tell it through Redis: at most once a minute for each key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from legis.streams.names import KEY_USAGE_KEY
from redis.asyncio import Redis

from api_gateway.store.database.connections import Pool
from api_gateway.store.keys.api_key_usage import write_last_used

KEY_USAGE_SECONDS = 30.0


async def store_key_usage(pool: Pool, redis: Redis) -> None:
    """Moves the keys' last use forward. What is told is a minute, so the same one twice writes nothing. Raises what
    duties may.
    """
    told: Any = await redis.hgetall(KEY_USAGE_KEY)
    await write_last_used(pool, _read(told))


def _read(told: Mapping[bytes, bytes]) -> dict[int, datetime]:
    return {int(key): datetime.fromtimestamp(int(second), UTC) for key, second in told.items()}
