"""Years in Redis whose list could not be read, republished by workers from PostgreSQL: a loss of Redis only delays."""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from legis.domain.vocabulary import Source
from legis.streams.names import years_not_read_key


async def publish_years_not_read(redis: Redis, years: Mapping[Source, Sequence[int]]) -> None:
    """Replaces the years of these sources, all in one transaction. Raises redis errors."""
    async with redis.pipeline(transaction=True) as pipeline:
        for source, unread in years.items():
            pipeline.delete(years_not_read_key(source))
            if unread:
                pipeline.sadd(years_not_read_key(source), *map(str, unread))
        await pipeline.execute()


async def read_years_not_read(redis: Redis, source: Source) -> tuple[int, ...]:
    """The years of a source, newest first. Raises redis errors."""
    found: Any = await redis.smembers(years_not_read_key(source))
    return tuple(sorted((int(value) for value in found), reverse=True))
