"""A reader's database on the same fresh database as `pool`."""

from collections.abc import AsyncIterator

import pytest_asyncio
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    settings = StoreSettings(database_url=database_url)
    pools = [await open_pool(settings, name="reader", statement_timeout=10, stateless=True, size=2) for _ in range(2)]
    opened = Database(*pools, limit=2, acquire_timeout=5)
    yield opened
    await opened.close(5)
