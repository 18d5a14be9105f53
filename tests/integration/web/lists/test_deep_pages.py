"""A list is paged through to its end, however far that is."""

from datetime import UTC, datetime
from typing import Any

import httpx2

BILLS = 1010
DAYS = (datetime(1950, 1, 1, tzinfo=UTC), datetime(1950, 1, 2, tzinfo=UTC))


async def test_page_500_is_reached_without_loss_or_repetition(
    api: httpx2.AsyncClient, store: Any, make_bill: Any
) -> None:
    # with two instants among them, so that nearly all are ties
    await store([make_bill(n, year=1950, moved=DAYS[n % 2], introduced=None) for n in range(1, BILLS + 1)])
    reply = await api.get("/api/v1/bills?year=1950&limit=2&count=exact")
    assert reply.json()["page"]["count"] == {"value": BILLS, "kind": "exact"}
    cursors: set[str] = set()
    seen: list[str] = []
    while True:
        page = reply.json()["page"]
        seen += [bill["id"] for bill in reply.json()["data"]]
        if page["next"] is None:
            break
        assert page["next_cursor"] not in cursors
        cursors.add(page["next_cursor"])
        reply = await api.get(page["next"])
    assert len(cursors) == 504
    assert len(seen) == len(set(seen)) == BILLS
