"""Records that the store wants to hear of: republished by workers from PostgreSQL, so losing Redis only delays."""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from legis.domain.vocabulary import Source
from legis.streams.names import refetch_requests_key


async def publish_refetch_requests(redis: Redis, questions: Mapping[Source, Sequence[str]]) -> None:
    """Replaces the questions of these sources, each at once. Raises redis errors."""
    async with redis.pipeline(transaction=True) as pipeline:
        for source, upstream_ids in questions.items():
            pipeline.delete(refetch_requests_key(source))
            if upstream_ids:
                pipeline.sadd(refetch_requests_key(source), *upstream_ids)
        await pipeline.execute()


async def read_refetch_requests(redis: Redis, source: Source, most: int) -> list[str]:
    """Some of the open questions of a source, chosen by chance so that none is left waiting behind another.

    Raises redis errors.
    """
    found: Any = await redis.srandmember(refetch_requests_key(source), most)
    return sorted(value.decode() for value in found)
