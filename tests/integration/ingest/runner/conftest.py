"""A client of an empty Redis."""

from collections.abc import AsyncIterator

import pytest
from legis.streams.connection import connect
from redis.asyncio import Redis


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url, client_name="test")
    yield client
    await client.aclose()
