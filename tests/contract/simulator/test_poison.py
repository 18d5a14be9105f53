"""Single addresses of a simulated chamber that refuse, lead elsewhere or are slow, as a plain client sees them."""

import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from contract.simulator.test_faults import JSON, LIST, STARTS, Desk
from upstream_sim.scenario import Scenario
from upstream_sim.server import running


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    async with (
        running(Scenario(seed=3, bills=200, changes_per_minute=0, starts_at=STARTS)) as server,
        aiohttp.ClientSession() as session,
    ):
        yield Desk(server, session)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500])
async def test_one_path_is_poisoned_with_a_status(desk: Desk, status: int) -> None:
    first, second = (row["id"] for row in (await desk.dados("/proposicoes?ano=2024&itens=2")))
    path = f"/camara/api/v2/proposicoes/{first}"
    await desk.order("status", path=path, value=status)
    got, headers, body = await desk.get(path)
    assert got == status
    assert (b"Erro de acesso" in body) == (status == 403)
    assert headers["Content-Type"].startswith("text/html" if status == 403 else "application/json")
    for other in (f"/camara/api/v2/proposicoes/{second}", f"{path}/autores", LIST):
        assert (await desk.get(other))[0] == 200, other
    await desk.clear()
    assert (await desk.get(path))[0] == 200


async def test_files_can_be_missing(desk: Desk) -> None:
    await desk.order("status", match="/arquivos/proposicoes/csv/proposicoes-2024.csv", value=404)
    assert (await desk.get("/camara/arquivos/proposicoes/csv/proposicoes-2024.csv"))[0] == 404
    assert (await desk.get("/camara/arquivos/proposicoes/csv/proposicoes-2023.csv"))[0] == 200


async def test_a_redirect_leads_back_or_elsewhere(desk: Desk) -> None:
    await desk.order("redirect", match="ano=2024", count=2)
    assert (await desk.get())[0] == 200, "followed twice by the client"
    await desk.order("redirect", match="ano=2024", value="http://elsewhere.example/x")
    async with desk.session.get(f"{desk.simulator.url}{LIST}", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "http://elsewhere.example/x")


async def test_a_slow_first_byte_comes_behind_its_head(desk: Desk) -> None:
    await desk.order("slow_first_byte", value=0.3)
    began = time.monotonic()
    async with desk.session.get(f"{desk.simulator.url}{LIST}", headers=JSON) as response:
        head = time.monotonic() - began
        body = await response.read()
    assert response.status == 200
    assert json.loads(body)["dados"]
    assert head < 0.3 <= time.monotonic() - began


@pytest.mark.parametrize("value", [None, 200, 999, "x"])
async def test_a_status_must_be_one_of_trouble(desk: Desk, value: object) -> None:
    assert "300 to 599" in (await desk.order("status", expect=400, value=value))["error"]
