"""What readers get while the database goes away and comes back: lists from the index, details from what is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.store.bills.bill_writer import apply
from integration.indexing import indexing, until
from integration.web.asking import eventually, health
from integration.web.events import events_of
from integration.web.pages.conftest import site_of

Client = httpx2.AsyncClient


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where that database and its index are."""

    url: str
    index_folder: str
    _admin: str
    _name: str

    async def goes_away(self) -> None:
        admin = await asyncpg.connect(self._admin)
        await admin.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", self._name)
        await admin.close()

    async def comes_back(self) -> None:
        admin = await asyncpg.connect(self._admin)
        await admin.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")
        await admin.close()


@pytest.fixture
async def leaving(
    postgres_server: Any, migrated_template: str, make_bill: Any, observation: Any, tmp_path: Path
) -> AsyncIterator[Leaving]:
    """A database of its own that can be made to go away and come back, with a source that is fresh, and its index."""
    name = "web_goes_away"
    postgres_server.create_database(name, template=migrated_template)
    url = postgres_server.url(name)
    async with asyncpg.create_pool(url, min_size=0, max_size=1) as pool:
        await apply(pool, [observation(make_bill(number)) for number in (1, 2, 3)], confirm_seconds=0)
        await pool.execute("INSERT INTO source_cursor VALUES ('camara', 'INCREMENTAL', 5, 9, now())")
    async with indexing(url, tmp_path):
        yield Leaving(url, str(tmp_path), postgres_server.url("postgres"), name)
    postgres_server.drop_database(name)


@asynccontextmanager
async def over(serve: Any, leaving: Leaving) -> AsyncIterator[Client]:
    there = {"database_url": leaving.url, "index_folder": leaving.index_folder, "response_cache_entries": 10}
    async with serve(**there, database_acquire_timeout_seconds=2) as client:
        await until(lambda: client.app.state.resources.index.state, "the index is open")
        yield client


async def database_check(client: Client) -> str:
    found: str = (await client.get("/api/health")).json()["checks"]["database"]["status"]
    return found


async def test_kept_replies_serve_while_the_database_is_away(serve: Any, leaving: Leaving) -> None:
    async with over(serve, leaving) as client:
        good = await client.get("/api/v1/bills/camara-1")
        assert good.status_code == 200
        await eventually(lambda: health(client), lambda seen: seen[0] == 200)
        await leaving.goes_away()
        await asyncio.sleep(1.1)  # until the copy may no longer pass for current

        async def ask() -> httpx2.Response:
            reply: httpx2.Response = await client.get("/api/v1/bills/camara-1")
            return reply

        await eventually(ask, lambda reply: "x-data-age" in reply.headers)
        stale = await ask()
        assert stale.status_code == 200
        assert stale.json()["data"] == good.json()["data"]
        assert int(stale.headers["x-data-age"]) >= 1
        assert stale.headers["warning"].startswith("110 ")
        assert (await client.get("/api/v1/bills/camara-2")).status_code == 503
        await eventually(lambda: database_check(client), lambda seen: seen == "failing")
        assert await health(client) == (200, "degraded")
        assert (await client.get("/api/health/ready")).status_code == 200
        assert (await client.get("/api/health")).json()["cached_replies"] == 1
        await leaving.comes_back()
        await eventually(ask, lambda reply: "x-data-age" not in reply.headers, 5)


async def test_lists_go_on_while_the_database_is_away_and_never_pass_for_fresh(serve: Any, leaving: Leaving) -> None:
    async with over(serve, leaving) as client:

        async def told() -> tuple[int, str, str]:
            reply = await client.get("/api/v1/bills?type=PL&count=exact&facets=type")
            assert reply.status_code == 200, reply.text
            assert reply.json()["page"]["count"]["value"] == 3
            meta = reply.json()["meta"]
            return len(reply.json()["data"]), meta["freshness"][0]["state"], meta.get("notice", "")

        await eventually(told, lambda seen: seen[:2] == (3, "PARTIAL") and "away" not in seen[2])
        before = datetime.now(UTC)
        await leaving.goes_away()
        await eventually(told, lambda seen: seen[1] == "STALE")
        for _ in range(20):  # and so it stays
            bills, state, notice = await told()
            assert (bills, state) == (3, "STALE")
            since = datetime.fromisoformat(notice.split("since ")[1].split()[0].rstrip(".,:"))
            assert before - timedelta(seconds=30) <= since <= datetime.now(UTC)
            await asyncio.sleep(0.1)
        for path in ("/api/v1/bills/suggest?q=mat", "/api/v1/bills/camara-1/similar", "/api/v1/stats"):
            assert (await client.get(path)).status_code == 200, path
        assert (await client.get("/api/v1/bills?min_seq=3")).status_code == 200
        assert (await client.get("/api/v1/sources")).json()["data"][0]["state"] == "STALE"
        await eventually(lambda: database_check(client), lambda seen: seen == "failing")
        await leaving.comes_back()
        await eventually(told, lambda seen: seen[:2] == (3, "PARTIAL") and "away" not in seen[2])


async def test_a_stream_goes_on_while_the_database_is_away(serve: Any, leaving: Leaving) -> None:
    async with over(serve, leaving) as client:
        await until(lambda: client.app.state.resources.status_monitor.snapshot.status, "the log's position is known")
        await leaving.goes_away()
        await eventually(lambda: database_check(client), lambda seen: seen == "failing")
        async with client.stream("GET", "/api/v1/changes/stream?after=3") as reply:
            assert reply.status_code == 200
            (place,) = await asyncio.wait_for(events_of(reply.aiter_lines(), 1), 60)
            assert place["event"] == "position"
        beyond = await client.get("/api/v1/changes/stream?after=4")
        assert beyond.status_code == 503, "whether there is such an entry by now cannot be told"
        assert (await client.get("/api/v1/changes?after=4")).status_code == 503
        await leaving.comes_back()


async def test_the_pages_still_find_bills_while_the_database_is_away(serve: Any, leaving: Leaving) -> None:
    async with over(serve, leaving) as client, site_of(str(client.base_url)) as site:
        await leaving.goes_away()
        await eventually(lambda: database_check(client), lambda seen: seen == "failing")
        home = await site.get("/")
        assert home.status_code == 200
        assert "Não conseguimos buscar esta parte agora" in home.text
        assert 'role="search"' in home.text
        found = await site.get("/?type=PL")
        assert found.status_code == 200
        assert "/bills/camara-1" in found.text or "PL 1/" in found.text
