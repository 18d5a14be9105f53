"""Five bills and a record of each other kind in every module's database, beside an API that keeps its replies."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest
from integration.store.records.record_readings import agenda, event, legislator, voting
from integration.web.asking import eventually
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


@pytest.fixture(scope="module")
async def settled(cached: Client) -> Client:
    """Changed some seconds ago: until then Last-Modified follows Date, which it must not be later than."""

    def still(reply: httpx2.Response) -> bool:
        date, modified = (parsedate_to_datetime(reply.headers[name]) for name in ("date", "last-modified"))
        return date - modified > timedelta(seconds=3)

    await eventually(lambda: cached.get("/api/v1/bills?limit=1"), still, 60)
    return cached
