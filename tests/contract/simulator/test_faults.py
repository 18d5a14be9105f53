"""Each fault that can be ordered is seen by a plain HTTP client as the real trouble would be."""

import asyncio
import gzip
import json
import time
import zlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from upstream_sim.scenario import Scenario
from upstream_sim.server import Running, running

STARTS = datetime(2026, 11, 23, 10, 0)
LIST = "/camara/api/v2/proposicoes?ano=2024"
SENADO_LIST = "/senado/dadosabertos/processo?ano=2024"
JSON = {"Accept": "application/json"}
Answer = tuple[int, Any, bytes]


class Desk:
    """One simulator, its control desk, and a client."""

    def __init__(self, simulator: Running, session: aiohttp.ClientSession) -> None:
        self.simulator, self.session = simulator, session

    async def order(self, kind: str, source: str = "camara", expect: int = 201, **more: object) -> Any:
        url = f"{self.simulator.url}/control/faults"
        async with self.session.post(url, json={"kind": kind, "source": source, **more}) as response:
            assert response.status == expect, await response.text()
            return await response.json()

    async def clear(self) -> None:
        async with self.session.delete(f"{self.simulator.url}/control/faults") as response:
            assert response.ok

    async def get(self, path: str = LIST) -> Answer:
        async with self.session.get(f"{self.simulator.url}{path}", headers=JSON) as response:
            return response.status, response.headers, await response.read()

    async def dados(self, path: str) -> Any:
        return json.loads((await self.get(f"/camara/api/v2{path}"))[2])["dados"]

    async def post(self, path: str, **order: object) -> Any:
        async with self.session.post(f"{self.simulator.url}/control/{path}", json=order) as response:
            assert response.ok
            return await response.json()

    async def truth(self, path: str) -> Any:
        return json.loads((await self.get(f"/truth/{path}"))[2])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared() -> AsyncIterator[Desk]:
    scenario = Scenario(seed=7, bills=3000, changes_per_minute=0, starts_at=STARTS)
    # Decompression is left to the tests, one of which meets a bomb.
    async with running(scenario) as simulator, aiohttp.ClientSession(auto_decompress=False) as session:
        yield Desk(simulator, session)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(shared: Desk) -> AsyncIterator[Desk]:
    yield shared
    await shared.clear()
    assert (await shared.get())[0] == 200


@pytest.mark.parametrize(
    ("kind", "status", "media", "part"),
    [
        ("429", 429, "text/html", b"429 Too Many Requests"),
        ("503", 503, "text/html", b"503"),
        ("500", 500, "application/json", b"Contate o Administrador"),
        ("504", 504, "text/plain", b"upstream request timeout"),
        ("waf403", 403, "text/html", b"Erro: 403"),
        ("html200", 200, "text/html", b"<!DOCTYPE html>"),
        ("empty200", 200, "application/json", b""),
    ],
)
async def test_refusals(desk: Desk, kind: str, status: int, media: str, part: bytes) -> None:
    await desk.order(kind, count=1)
    got, headers, body = await desk.get()
    assert (got, headers["Content-Type"].split(";")[0]) == (status, media)
    assert part in body
    assert (kind == "empty200") == (body == b"")
    assert "Date" in headers
    assert (await desk.get())[0] == 200, "the fault outlived its count"


async def test_retry_after_can_be_set(desk: Desk) -> None:
    await desk.order("429", count=1)
    assert (await desk.get())[1]["Retry-After"] == "30"
    await desk.order("429", count=1, value=7)
    assert (await desk.get())[1]["Retry-After"] == "7"


async def test_each_house_refuses_in_its_own_way(desk: Desk) -> None:
    await desk.order("waf403", source="senado")
    assert b"ACESSO NEGADO" in (await desk.get(SENADO_LIST))[2]
    assert (await desk.get(LIST))[0] == 200
    await desk.order("503", source="all")
    assert (await desk.get(LIST))[0] == 503


async def test_match_rate_and_seconds_limit_a_fault(desk: Desk) -> None:
    await desk.order("500", match="/autores")
    identifier = (await desk.dados("/proposicoes?ano=2024"))[0]["id"]
    assert (await desk.get(f"/camara/api/v2/proposicoes/{identifier}"))[0] == 200
    assert (await desk.get(f"/camara/api/v2/proposicoes/{identifier}/autores"))[0] == 500
    await desk.clear()
    await desk.order("500", rate=0.5)
    answers = [(await desk.get())[0] for _ in range(60)]
    assert 10 < answers.count(500) < 50
    await desk.clear()
    await desk.order("500", seconds=2)
    assert (await desk.get())[0] == 500
    async with asyncio.timeout(30):
        while (await desk.get())[0] == 500:  # noqa: ASYNC110 - the end of a fault sets no event
            await asyncio.sleep(0.1)


async def test_latency_waits_and_then_answers(desk: Desk) -> None:
    async def seconds() -> float:
        begun = time.monotonic()
        assert (await desk.get())[0] == 200
        return time.monotonic() - begun

    assert min([await seconds() for _ in range(3)]) < 2
    await desk.order("latency", count=1, value=2)
    assert await seconds() >= 2


async def test_truncated_breaks_the_declared_length(desk: Desk) -> None:
    await desk.order("truncated", count=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await desk.get()


async def test_truncated_bulk_file(desk: Desk) -> None:
    await desk.order("truncated", count=1, match="/arquivos/")
    with pytest.raises(aiohttp.ClientPayloadError):
        await desk.get("/camara/arquivos/proposicoes/csv/proposicoes-2024.csv")


async def test_half_body_looks_complete_but_is_not_json(desk: Desk) -> None:
    whole = (await desk.get())[2]
    await desk.order("half_body", count=1)
    status, headers, body = await desk.get()
    assert status == 200
    assert "Content-Length" not in headers
    assert whole.startswith(body[:200])
    assert 0 < len(body) < len(whole)
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


async def test_reset_and_hang(desk: Desk) -> None:
    await desk.order("reset", count=2)  # aiohttp asks a second time by itself
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await asyncio.wait_for(desk.get(), 60)
    await desk.order("hang", count=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(desk.get(), 0.3)
    statuses = (await desk.truth("requests"))["camara"]["statuses"]
    assert statuses["reset"] == 2


async def test_gzip_bomb_is_small_until_unpacked(desk: Desk) -> None:
    await desk.order("gzip_bomb", count=1, value=8)
    status, headers, body = await desk.get()
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert len(body) < 100_000
    assert len(zlib.decompress(body, 31)) > 8 << 20
    assert gzip.decompress(body).startswith(b'{"dados":[')


async def test_endless_goes_on_as_long_as_the_client_reads(desk: Desk) -> None:
    await desk.order("endless", count=1)
    read = 0
    async with desk.session.get(f"{desk.simulator.url}{LIST}") as response:
        assert "Content-Length" not in response.headers
        async for chunk in response.content.iter_chunked(1 << 16):
            read += len(chunk)
            if read > 4 << 20:
                break
    assert read > 4 << 20


async def test_stale_shows_the_revision_before(desk: Desk) -> None:
    for source, path in (("camara", "/camara/api/v2/proposicoes"), ("senado", "/senado/dadosabertos/processo")):
        identifier = (await desk.truth(f"bills?source={source}&limit=100"))["bills"][-1]["id"]
        before = (await desk.get(f"{path}/{identifier}"))[2]
        await desk.post("change", source=source, id=identifier)
        after = (await desk.get(f"{path}/{identifier}"))[2]
        assert before != after
        await desk.order("stale", source=source, count=1)
        assert (await desk.get(f"{path}/{identifier}"))[2] == before
        assert (await desk.get(f"{path}/{identifier}"))[2] == after


async def test_moving_pages_lose_and_repeat_rows_and_change_totals(desk: Desk) -> None:
    async def walk() -> tuple[list[int], set[str]]:
        ids: list[int] = []
        totals: set[str] = set()
        for page in range(1, 8):
            url = f"/camara/api/v2/proposicoes?dataApresentacaoInicio=2024-01-01&itens=20&pagina={page}"
            _, headers, body = await desk.get(url)
            ids += [row["id"] for row in json.loads(body)["dados"]]
            totals.add(headers["X-Total-Count"])
        return ids, totals

    steady, totals = await walk()
    assert len(set(steady)) == 140
    assert len(totals) == 1
    await desk.order("moving_pages")
    moved, totals = await walk()
    assert len(totals) > 1
    assert len(set(moved)) < len(moved)
    assert set(steady) - set(moved)


async def test_poisoned_records_stay_poisoned_until_cleared(desk: Desk) -> None:
    ordered = await desk.order("poison_record", count=2)
    poisoned = ordered["poisoned"]["camara"]
    assert [row["id"] for row in await desk.truth("poison")] == sorted(poisoned)
    for _ in range(2):
        rows = await desk.dados(f"/proposicoes?id={poisoned[0]}")
        assert isinstance(rows[0]["id"], dict)
        assert rows[0]["uri"].endswith(f"/{poisoned[0]}")
        detail = await desk.dados(f"/proposicoes/{poisoned[0]}")
        assert detail["statusProposicao"] == [1, 2, 3]
    await desk.clear()
    assert await desk.truth("poison") == []
    assert (await desk.dados(f"/proposicoes?id={poisoned[0]}"))[0]["id"] == poisoned[0]


async def test_poison_of_chosen_records_in_bytes(desk: Desk) -> None:
    identifier = (await desk.truth("bills?source=senado&limit=100"))["bills"][50]["id"]
    await desk.order("poison_record", source="senado", value={"ids": [identifier], "variant": "bytes"})
    body = (await desk.get(f"/senado/dadosabertos/processo?idProcesso={identifier}"))[2]
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    await desk.order("poison_record", source="senado", expect=400, value="nonsense")


async def test_poison_reaches_the_bulk_file(desk: Desk) -> None:
    row = (await desk.dados("/proposicoes?dataApresentacaoInicio=2024-02-01&itens=1"))[0]
    await desk.order("poison_record", value={"ids": [row["id"]]})
    body = (await desk.get("/camara/arquivos/proposicoes/csv/proposicoes-2024.csv"))[2].decode()
    assert "não é número" in next(line for line in body.splitlines() if line.startswith(f'"{row["id"]}";'))


async def test_orders_that_make_no_sense_are_refused(desk: Desk) -> None:
    assert "unknown kind" in (await desk.order("gremlins", expect=400))["error"]
    await desk.order("500", source="stf", expect=400)
    await desk.order("500", rate=2, expect=400)
    async with desk.session.post(f"{desk.simulator.url}/control/advance", json={"seconds": -1}) as response:
        assert response.status == 400
    async with desk.session.post(
        f"{desk.simulator.url}/control/change", json={"source": "camara", "id": 1}
    ) as response:
        assert response.status == 400


async def test_state_shows_the_orders(desk: Desk) -> None:
    await desk.order("503", count=3, match="/x")
    state = json.loads((await desk.get("/control"))[2])
    assert [(fault["kind"], fault["count"]) for fault in state["faults"]] == [("503", 3)]
    assert state["bills"] == {"camara": 2250, "senado": 750}
