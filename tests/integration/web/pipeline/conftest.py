"""Five bills and a record of each other kind in every module's database, beside an API that keeps its replies."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from integration.store.records.record_readings import agenda, event, legislator, voting
from integration.web.records.asking_records import organization

Client = httpx2.AsyncClient


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any, put: Any) -> None:
    await store([make_bill(number) for number in range(1, 6)])
    await put(legislator(1), organization(1), voting(1), event(1, agenda=agenda("camara-1")))


@pytest.fixture(scope="module")
async def cached(serve: Any) -> AsyncIterator[Client]:
    async with serve(response_cache_entries=100) as client:
        yield client
