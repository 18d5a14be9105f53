"""The simulator's Senado agrees with itself."""

import json

import aiohttp
from contract.simulator_senado.client import STARTS, Client
from upstream_sim.scenario import Scenario
from upstream_sim.server import running


async def test_same_seed_same_bytes_and_another_seed_others() -> None:
    bodies = []
    for seed in (3, 3, 4):
        async with (
            running(Scenario(seed=seed, bills=500, changes_per_minute=0, starts_at=STARTS)) as simulator,
            aiohttp.ClientSession() as session,
        ):
            client = Client(simulator, session)
            listed = await client.get("/processo", ano=2024)
            details = [await client.get(f"/processo/{row['id']}") for row in listed]
            assert details
            bodies.append(json.dumps([listed, details, await client.get("/votacao")]))
    assert bodies[0] == bodies[1]
    assert bodies[0] != bodies[2]


async def test_one_answer_holds_everything_and_unknown_parameters_are_ignored(client: Client) -> None:
    rows = await client.get("/processo", ano=2025)
    assert len(rows) > 30
    assert rows == await client.get("/processo", ano=2025, pagina=2, itens=1, palavraChave="x")
    assert {row["id"] for row in rows if row["tramitando"] == "Sim"} == {
        row["id"] for row in await client.get("/processo", ano=2025, tramitando="S")
    }


async def test_every_year_together_is_every_process(client: Client) -> None:
    seen: list[int] = []
    for year in range(1946, 2027):
        seen += [row["id"] for row in await client.get("/processo", ano=year)]
    assert sorted(seen) == [row["id"] for row in await client.every_bill()]
    assert len(seen) == 1500


async def test_no_filter_means_in_progress(client: Client) -> None:
    rows = await client.get("/processo")
    assert {row["tramitando"] for row in rows} == {"Sim"}
    assert rows == await client.get("/processo", tramitando="S")


async def test_list_detail_and_truth_agree(client: Client) -> None:
    rows = await client.get("/processo", ano=2026) + await client.get("/processo", ano=1987)
    assert len(rows) > 50
    for row in rows:
        detail = await client.get(f"/processo/{row['id']}")
        told = await client.truth(f"bill/senado/{row['id']}")
        assert detail["identificacao"] == row["identificacao"] == told["identifier"]
        assert detail["conteudo"]["ementa"] == row["ementa"] == told["title"]
        assert detail.get("situacaoAtual") == row.get("situacaoAtual") == told["status_text"]
        assert detail.get("siglaSituacaoAtual") == told["status_code"]
        assert detail["tramitando"] == row["tramitando"]
        assert detail["dthUltimaAtualizacao"] == row["dataUltimaAtualizacao"] + "000"
        informes = detail["autuacoes"][0]["informesLegislativos"]
        assert informes[-1]["data"][:10] == told["last_action_date"]
        assert [each["data"] for each in informes] == sorted(each["data"] for each in informes)
        assert (await client.get("/processo", codigoMateria=row["codigoMateria"])) == [row]


async def test_votings_of_a_window_are_those_of_their_bills(client: Client) -> None:
    rows = await client.get("/votacao", dataInicio="2025-12-01", dataFim="2026-11-23")
    assert rows
    for row in rows[:20]:
        assert "2025-12-01" <= row["dataSessao"][:10] <= "2026-11-23"
        assert row in await client.get("/votacao", idProcesso=row["idProcesso"])
    await client.get("/votacao", 400, dataInicio="2023-01-01", dataFim="2025-01-01")


async def test_a_change_moves_the_update_stamp_into_the_window() -> None:
    async with (
        running(Scenario(seed=9, bills=1000, changes_per_minute=0, starts_at=STARTS)) as simulator,
        aiohttp.ClientSession() as session,
    ):
        own = Client(simulator, session)
        identifier = (await own.every_bill())[20]["id"]
        before = await own.get(f"/processo/{identifier}")
        assert identifier not in [row["id"] for row in await own.get("/processo", numdias=1)]
        await own.control("change", source="senado", id=identifier)
        after = await own.get(f"/processo/{identifier}")
        assert after["dthUltimaAtualizacao"] > "2026-11-23T10:00" > before["dthUltimaAtualizacao"]
        informes = [each["autuacoes"][0]["informesLegislativos"] for each in (before, after)]
        assert informes[1][:-1] == informes[0]
        assert identifier in [row["id"] for row in await own.get("/processo", numdias=1)]
        made = await own.control("create", source="senado", kind="PL")
        assert made["id"] in [row["id"] for row in await own.get("/processo", ano=2026, sigla="PL")]
        await own.control("delete", source="senado", id=made["id"])
        await own.get(f"/processo/{made['id']}", 404)
