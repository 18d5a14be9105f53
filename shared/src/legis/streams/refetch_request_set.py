"""Records in Redis for ingest to read again, republished by workers from PostgreSQL: a loss of Redis only delays."""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from legis.domain.vocabulary import Source
from legis.streams.names import refetch_requests_key


async def publish_refetch_requests(redis: Redis, requests: Mapping[Source, Sequence[str]]) -> None:
    """Replaces the refetch requests of these sources, all in one transaction. Raises redis errors."""
    async with redis.pipeline(transaction=True) as pipeline:
        for source, upstream_ids in requests.items():
            pipeline.delete(refetch_requests_key(source))
            if upstream_ids:
                pipeline.sadd(refetch_requests_key(source), *upstream_ids)
        await pipeline.execute()


async def read_refetch_requests(redis: Redis, source: Source, most: int) -> list[str]:
    """At most `most` of a source's refetch requests, chosen at random so that none waits for ever behind others.

    Raises redis errors.
    """
    found: Any = await redis.srandmember(refetch_requests_key(source), most)
    return sorted(value.decode() for value in found)
