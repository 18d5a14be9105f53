"""Bills without any date are paged through like others: each once, then an end."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from legis.domain.bill import Bill
from legis.domain.vocabulary import Source

UNDATED = 7


@pytest.mark.parametrize("sort", ["last_action_at", "-last_action_at", "introduced_on", "-introduced_on"])
async def test_each_comes_once(api: httpx2.AsyncClient, store: Any, make_bill: Callable[..., Bill], sort: str) -> None:
    bare = [
        Bill(source=Source.CAMARA, upstream_id=f"9{n}", type_code="PL", identifier=f"PL {n}") for n in range(UNDATED)
    ]
    await store([*bare, make_bill(1)])
    found: list[str] = []
    where: str | None = f"/api/v1/bills?sort={sort}&limit=2"
    while where is not None and len(found) <= UNDATED + 1:
        body = (await api.get(where)).json()
        found += [bill["id"] for bill in body["data"]]
        where = body["page"]["next"]

    assert len(found) == len(set(found)) == UNDATED + 1
    assert all(item["last_action_at"] is None for item in body["data"] if item["id"].startswith("camara-9"))
