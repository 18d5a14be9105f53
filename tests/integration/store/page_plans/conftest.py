"""The corpus that pages are asked of."""

import random
from typing import Any

import asyncpg
import pytest
from api_gateway.store.bill_writer import apply
from api_gateway.store.frequencies import load_frequencies
from integration.store.page_plans.corpus import BILLS, Corpus, Direct, observed


@pytest.fixture
async def corpus(database_url: str, observe: Any) -> Any:
    """Five hundred bills of every kind, and what PostgreSQL's statistics say of them."""
    dice = random.Random(11)
    async with asyncpg.create_pool(database_url, min_size=1, max_size=2) as pool:
        for first in range(1, BILLS, 100):
            await apply(pool, [observed(n, dice, observe) for n in range(first, first + 100)], confirm_seconds=0)
    connection = await asyncpg.connect(database_url, server_settings={"jit": "off", "TimeZone": "UTC"})
    await connection.execute("VACUUM ANALYZE bill")
    yield Corpus(connection, await load_frequencies(Direct(connection)))  # type: ignore[arg-type]
    await connection.close()
