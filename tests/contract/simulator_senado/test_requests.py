"""How the simulator's Senado takes a request."""

import pytest
from contract.simulator_senado.client import JSON, Client, Json


async def test_json_must_be_asked_for(client: Client) -> None:
    base = client.simulator.senado_base_url
    async with client.session.get(f"{base}/processo?ano=2024") as response:
        assert response.content_type == "application/xml"
    async with client.session.get(f"{base}/processo.json?ano=2024") as response:
        assert await response.json() == await client.get("/processo", ano=2024)


@pytest.mark.parametrize(
    "params",
    [
        {"numdias": 31},
        {"ano": "x"},
        {"dataInicioApresentacao": "2023-01-01", "dataFimApresentacao": "2025-01-01"},
        {"dataInicioApresentacao": "20230101"},
    ],
)
async def test_bad_parameters_are_problems(client: Client, params: Json) -> None:
    async with client.session.get(
        f"{client.simulator.senado_base_url}/processo", params=params, headers=JSON
    ) as response:
        assert (response.status, response.content_type) == (400, "application/problem+json")
        body = await response.json(content_type=None)
    assert body.keys() == {"instance", "status", "title", "detail"}


async def test_unknown_ids_and_paths(client: Client) -> None:
    first = (await client.every_bill())[0]["id"]
    assert await client.get(f"/processo/{first + 1}", 404) == {
        "instance": f"/dadosabertos/processo/{first + 1}", "status": 404, "title": "Not Found"
    }  # fmt: skip
    assert "No static resource" in (await client.get("/processo/abc", 404))["detail"]
    assert await client.get("/processo", idProcesso=1) == []
