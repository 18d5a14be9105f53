"""Five bills in every module's database, beside an API that keeps its replies."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

Client = httpx2.AsyncClient


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in range(1, 6)])


@pytest.fixture(scope="module")
async def cached(serve: Any) -> AsyncIterator[Client]:
    async with serve(response_cache_entries=100) as client:
        yield client
