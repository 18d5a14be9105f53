"""Mutants of the public API."""

from dataclasses import replace
from typing import Any


def needs_redis(module: str) -> None:
    """A request fails where Redis does not answer."""
    if module != "api_gateway.web":
        return
    import os

    from api_gateway.web.pipeline.limits.rate_limit import RateLimitLayer
    from redis.asyncio import Redis

    original = RateLimitLayer.__call__

    async def call(self: RateLimitLayer, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            redis = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1)
            try:
                await redis.ping()
            finally:
                await redis.aclose()
        await original(self, scope, receive, send)

    RateLimitLayer.__call__ = call  # type: ignore[method-assign]


def skips_changes(module: str) -> None:
    """A page of the change log sends its reader on one entry too far."""
    if module != "api_gateway.web":
        return
    from api_gateway.web.responses.filtered_changes import FilteredChanges

    original = FilteredChanges.page

    async def page(self: FilteredChanges, wanted: Any, *, after: int, limit: int) -> Any:
        found = await original(self, wanted, after=after, limit=limit)
        return replace(found, next_after=found.next_after + 1) if found.seqs else found

    FilteredChanges.page = page  # type: ignore[method-assign]


def takes_any_log(module: str) -> None:
    """A reader's place is taken for one of this log, whatever log it was in."""
    if module != "api_gateway.web":
        return
    from api_gateway.web.log_position import Place

    Place.must_be_in = lambda self, position: None  # type: ignore[method-assign]
