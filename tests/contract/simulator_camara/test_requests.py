"""How the simulator's Câmara takes a request."""

import aiohttp
import pytest
from contract.shapes import compare
from contract.simulator_camara.client import STARTS, Client, recorded
from upstream_sim.scenario import Scenario
from upstream_sim.server import running


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/proposicoes", {"status": "x"}),
        ("/proposicoes", {"ano": "dois mil"}),
        ("/proposicoes", {"dataInicio": "2026-13-01"}),
        ("/proposicoes", {"ordenarPor": "dataApresentacao"}),
        ("/proposicoes/{id}", {"itens": "1"}),
        ("/proposicoes/{id}/tramitacoes", {"itens": "1"}),
        ("/proposicoes/{id}/tramitacoes", {"ordem": "DESC"}),
        ("/votacoes", {"siglaOrgao": "PLEN"}),
        ("/votacoes", {"dataInicio": "2026-01-01", "dataFim": "2026-06-01"}),
        ("/votacoes", {"dataInicio": "2025-12-01", "dataFim": "2026-01-10"}),
    ],
)
async def test_refusals_have_the_recorded_body(client: Client, path: str, params: dict[str, str]) -> None:
    identifier = (await client.every_id())[0]
    body = await client.get(path.format(id=identifier), 400, **params)
    compare(recorded("errors/400_*.json"), [body])
    assert body["code"] == 4
    assert next(iter(params)) in body["instance"]


async def test_unknown_bills_and_unknown_sub_resources(client: Client) -> None:
    identifier = (await client.every_id())[5]
    await client.get(f"/proposicoes/{identifier + 1}", 404)
    await client.get("/proposicoes/99999999", 404)
    await client.get("/votacoes/1-1", 404)
    async with client.session.get(f"{client.simulator.camara_base_url}/proposicoes/{identifier}/emendas") as response:
        assert response.status == 405


async def test_requests_are_counted() -> None:
    async with (
        running(Scenario(seed=2, bills=200, changes_per_minute=0, starts_at=STARTS)) as simulator,
        aiohttp.ClientSession() as session,
    ):
        own = Client(simulator, session)
        ids = await own.every_id()
        for identifier in ids[:5]:
            await own.dados(f"/proposicoes/{identifier}/autores")
        await own.get("/proposicoes/1", 404)
        counted = (await own.truth("requests"))["camara"]
        assert counted["paths"]["/camara/api/v2/proposicoes/{id}/autores"] == 5
        assert counted["statuses"] == {"200": 5, "404": 1}
        assert counted["total"] == 6
        assert 1 <= counted["max_in_one_second"] <= 6
