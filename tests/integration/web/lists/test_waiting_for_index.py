"""Lists and the place of their index in the change log: told, waited for, not ready, of another database."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from api_gateway.search.index.live import LiveIndex
from api_gateway.web import container, waiting_for_index
from integration.indexing import until
from integration.web.asking import eventually

Client = httpx2.AsyncClient


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in (1, 2)])


async def test_a_list_says_where_its_index_is(api: Client, connection: Any) -> None:
    head = await connection.fetchval("SELECT last_seq FROM change_counter")
    for path in ("/api/v1/bills", "/api/v1/bills?q=lei", "/api/v1/resolve?q=PL+1/2024"):
        assert (await api.get(path)).headers["legis-index-seq"] == str(head)


async def test_an_entry_that_is_there_is_not_waited_for(
    api: Client, connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 60.0)
    head = await connection.fetchval("SELECT last_seq FROM change_counter")
    for seq in (0, 1, head):
        began = time.monotonic()
        assert (await api.get(f"/api/v1/bills?min_seq={seq}")).status_code == 200
        assert time.monotonic() - began < 50, "less than one that is awaited may take"
    gone = await api.get(f"/api/v1/bills?min_seq={head + 1}")
    assert gone.status_code == 410
    assert f"ends at {head}" in gone.json()["detail"]


@asynccontextmanager
async def behind(client: Client, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LiveIndex]:
    """The API's index does not turn to new commits as long as this lasts."""
    index: LiveIndex = client.app.state.resources.index  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setattr(index, "_newest", lambda: None)
        yield index


async def test_an_entry_that_is_to_come_is_waited_for(
    serve: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch, connection: Any, write: Any
) -> None:
    monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 50.0)
    async with serve(request_timeout_seconds=60) as client:
        async with behind(client, monkeypatch):
            await write([make_bill(600, title="Que vem depois")])
            head = await connection.fetchval("SELECT last_seq FROM change_counter")
            asked = asyncio.create_task(client.get(f"/api/v1/bills?q=depois&min_seq={head}"))
            await asyncio.sleep(0.3)
            assert not asked.done()
            assert (await client.get("/api/v1/bills?q=depois")).json()["data"] == [], "who does not ask does not wait"
        reply = await asked
        assert [bill["id"] for bill in reply.json()["data"]] == ["camara-600"]
        assert int(reply.headers["legis-index-seq"]) >= head


async def test_waiting_has_an_end_and_a_client_may_wait_a_few_times_at_once(
    serve: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch, connection: Any, write: Any
) -> None:
    most = container.INDEX_WAITERS_OF_A_CLIENT
    async with serve(request_timeout_seconds=60) as client:

        async def ask(address: str, number: int) -> httpx2.Response:
            path = f"/api/v1/bills?limit={number}&min_seq={head}"
            return await client.get(path, headers={"X-Forwarded-For": address})

        async with behind(client, monkeypatch):
            await write([make_bill(601)])
            head = await connection.fetchval("SELECT last_seq FROM change_counter")
            monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 50.0)
            asked = [asyncio.create_task(ask("203.0.113.70", number)) for number in range(1, most + 4)]
            await until(lambda: sum(one.done() for one in asked) == 3, "three refused")
            monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 1.0)
            began = time.monotonic()
            waited = await ask("203.0.113.71", 1)
            assert time.monotonic() - began > 0.9, "the other client waits"
            refused = [one.result() for one in asked if one.done()]
            for reply in (*refused, waited):
                assert reply.status_code == 503
                assert int(reply.headers["retry-after"]) >= 1
                assert reply.headers["content-type"] == "application/problem+json"
            assert ["Too many" in reply.json()["detail"] for reply in (*refused, waited)] == [True, True, True, False]
        assert sorted(reply.status_code for reply in await asyncio.gather(*asked)) == [200] * most + [503] * 3


async def test_lists_wait_for_a_first_index(serve: Any, tmp_path: Path) -> None:
    async with serve(index_folder=str(tmp_path)) as client:
        for path in ("/api/v1/bills", "/api/v1/bills/suggest?q=a", "/api/v1/stats", "/api/v1/resolve?q=PL+1/2024",
                     "/api/v1/feeds/bills.atom", "/api/v1/bills/camara-1/similar",
                     "/api/v1/bills/events.ics"):  # fmt: skip
            reply = await client.get(path)
            assert reply.status_code == 503, path
            assert reply.headers["retry-after"] == "2"
            assert reply.json()["detail"] == "The search index is being built; try again shortly."
            told = await client.get(path, headers={"Accept-Language": "pt-BR"})
            assert told.json()["detail"] == "O índice de busca está sendo montado; tente de novo em instantes."
            assert told.headers["content-language"] == "pt-BR"
        for path in ("/api/v1/bills/camara-1", "/api/v1/changes", "/api/v1/changes?type=PL", "/api/v1/sources"):
            assert (await client.get(path)).status_code == 200, path
        async with asyncio.timeout(60):
            while not (checks := (await client.get("/api/health")).json()["checks"])["index"]["error"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert checks["index"]["required"]
        assert (await client.get("/api/health/ready")).status_code == 503
        assert (await client.get("/api/health/live")).status_code == 200


async def test_an_index_of_another_epoch_is_not_searched(serve: Any, connection: Any) -> None:
    async with serve() as client:
        shared = client.app.state.resources
        await until(lambda: shared.status_monitor.snapshot.epoch, "the epoch of the database is known")
        assert (await client.get("/api/v1/bills")).status_code == 200
        monitor, known = shared.status_monitor, shared.status_monitor.snapshot.epoch

        async def restored() -> Any:
            monitor.snapshot = replace(monitor.snapshot, epoch="another")  # until the monitor looks again
            return await client.get("/api/v1/bills")

        reply = await eventually(restored, lambda reply: reply.status_code == 503)
        assert "restored" in reply.json()["detail"]
        await until(lambda: monitor.snapshot.epoch == known, "the monitor has looked again")
        assert (await client.get("/api/v1/bills")).status_code == 200
