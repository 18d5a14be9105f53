"""A validator moves with the content of a reply, and not with the polls of the sources."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest
from integration.states import well
from integration.web.asking import eventually
from legis.domain.vocabulary import Source
from legis.streams.names import service_state_key
from redis.asyncio import Redis

ADDRESSES = [
    "/api/v1/bills",
    "/api/v1/bills?q=lei&facets=type&count=exact",
    "/api/v1/bills/camara-1",
    "/api/v1/bills/camara-1/actions",
    "/api/v1/bills/camara-1/similar",
    "/api/v1/resolve?q=camara-1",
    "/api/v1/changes",
    "/api/v1/feeds/bills.atom?kind=CREATED",
    "/api/v1/stats",
]
POLLS = 100
_CURSOR = (
    "INSERT INTO source_cursor VALUES ($1, 'INCREMENTAL', 5, 9, $2)"
    " ON CONFLICT (source, walk) DO UPDATE SET updated_at = excluded.updated_at"
)


async def test_unchanged_content_keeps_its_tag_through_polls(
    serve: Any, connection: Any, store: Any, make_bill: Any, module_redis_url: str
) -> None:
    async with serve(response_cache_entries=100) as client, Redis.from_url(module_redis_url) as redis:
        monitor = client.app.state.resources.status_monitor

        async def poll(number: int) -> None:
            read_at = datetime.now(UTC) - timedelta(seconds=POLLS - number)
            for source in Source:
                await connection.execute(_CURSOR, source.value, read_at)
                await redis.set(service_state_key(f"ingest-{source}"), well(source).model_dump_json(), ex=30)
            await monitor.renew()

        async def states() -> set[str]:
            await poll(0)
            return {one.state for one in monitor.snapshot.freshness}

        await eventually(states, lambda seen: seen == {"FRESH"})
        first = [await client.get(address) for address in ADDRESSES]
        looks, modified_at = set(), monitor.snapshot.modified_at
        for number in range(1, POLLS + 1):
            await poll(number)
            for before, address in zip(first, ADDRESSES, strict=True):
                reply = await client.get(address, headers={"If-None-Match": before.headers["etag"]})
                assert reply.status_code == 304, (number, address)
                assert reply.headers["etag"] == before.headers["etag"]
                if told := reply.headers.get("last-modified"):  # of those that change with the log alone
                    assert parsedate_to_datetime(told) <= modified_at, (number, address)
            looks.add((await client.get(ADDRESSES[0])).json()["meta"]["freshness"][0]["last_success_at"])
        assert len(looks) == POLLS, "the body says when each source was read last"
        await store([make_bill(1, title="Altera a lei")])
        changed = await client.get(ADDRESSES[2], headers={"If-None-Match": first[2].headers["etag"]})
        assert changed.status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/bills", "/api/v1/bills/camara-1", "/api/v1/feeds/bills.atom"])
async def test_last_modified_is_never_after_date(
    api: httpx2.AsyncClient, store: Any, make_bill: Any, address: str
) -> None:
    for turn in range(3):
        await store([make_bill(1, title=f"Altera a lei {address} {turn}")])
        await api.app.state.resources.status_monitor.renew()  # type: ignore[attr-defined]
        reply = await api.get(address)
        assert parsedate_to_datetime(reply.headers["last-modified"]) <= parsedate_to_datetime(reply.headers["date"])
