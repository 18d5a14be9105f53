"""The simulator's Câmara agrees with itself."""

import json

import aiohttp
from contract.simulator_camara.client import STARTS, Client
from upstream_sim.scenario import Scenario
from upstream_sim.server import running


async def test_same_seed_same_bytes_and_another_seed_others() -> None:
    bodies = []
    for seed in (3, 3, 4):
        async with (
            running(Scenario(seed=seed, bills=300, changes_per_minute=0, starts_at=STARTS)) as simulator,
            aiohttp.ClientSession() as session,
        ):
            client = Client(simulator, session)
            listed = await client.dados("/proposicoes", dataApresentacaoInicio="1946-01-01", itens=100, pagina=2)
            details = [await client.dados(f"/proposicoes/{row['id']}") for row in listed[:10]]
            bodies.append(json.dumps([listed, details]))
    assert bodies[0] == bodies[1]
    assert bodies[0] != bodies[2]


async def test_list_detail_and_history_agree(client: Client) -> None:
    listed = await client.dados("/proposicoes", dataApresentacaoInicio="1946-01-01", itens=100, pagina=25)
    listed += await client.dados("/proposicoes", dataApresentacaoInicio="1946-01-01", itens=100, pagina=5)
    assert len(listed) == 200
    for row in listed:
        detail = await client.dados(f"/proposicoes/{row['id']}")
        history = await client.dados(f"/proposicoes/{row['id']}/tramitacoes")
        assert detail["statusProposicao"] == history[-1]
        for name in row.keys() - {"ementa"}:
            assert detail[name] == row[name]
        if row["ementa"] is not None:
            assert "\n" not in row["ementa"]
            assert detail["ementa"].replace("\r\n", " ") == row["ementa"]
        numbers = [action["sequencia"] for action in history if action["sequencia"] is not None]
        assert numbers == sorted(set(numbers))


async def test_truth_tells_what_the_detail_shows(client: Client) -> None:
    for told in (await client.truth("bills?source=camara&limit=10000"))["bills"][::97]:
        detail = await client.dados(f"/proposicoes/{told['id']}")
        status = detail["statusProposicao"]
        assert told["identifier"] == f"{detail['siglaTipo'].strip()} {detail['numero']}/{detail['ano']}"
        assert told["title"] == " ".join((detail["ementa"] or "").split())
        assert told["status_text"] == status["descricaoSituacao"]
        assert told["status_code"] == (None if status["codSituacao"] is None else str(status["codSituacao"]))
        assert told["last_action_date"] == status["dataHora"][:10]


async def test_oddities_occur_and_can_be_switched_off(client: Client) -> None:
    async def strange(target: Client) -> set[str]:
        found: set[str] = set()
        for identifier in await target.every_id():
            if identifier % 2:
                detail = await target.dados(f"/proposicoes/{identifier}")
                status = detail["statusProposicao"]
                found |= {"new title"} if "\r\n\r\nNOVA EMENTA:" in (detail["ementa"] or "") else set()
                found |= {"no title"} if not detail["ementa"] else set()
                found |= {"dot"} if status["regime"] == "." else set()
                found |= {"padded"} if detail["siglaTipo"].endswith(" ") else set()
                found |= {"future"} if status["dataHora"] > "2026-11-24" else set()
                found |= {"unknown key"} if "situacaoSigilo" in detail else set()
        return found

    assert await strange(client) >= {"new title", "no title", "dot", "padded", "future", "unknown key"}
    async with running(Scenario(seed=7, bills=1000, changes_per_minute=0, oddities=False, starts_at=STARTS)) as plain:
        assert await strange(Client(plain, client.session)) == set()


async def test_votings_of_a_window_are_those_of_their_bills(client: Client) -> None:
    rows = await client.dados("/votacoes", dataInicio="2026-09-01", dataFim="2026-11-23")
    assert rows
    for row in rows:
        assert "2026-09-01" <= row["data"] <= "2026-11-23"
        assert row in await client.dados(f"/proposicoes/{row['id'].split('-')[0]}/votacoes")


async def test_bills_of_the_senado_arrive_with_an_older_year(client: Client) -> None:
    pairs = await client.truth("pairs?kind=same_number_from_senado")
    assert pairs
    for pair in pairs:
        detail = await client.dados(f"/proposicoes/{pair['camara_id']}")
        authors = await client.dados(f"/proposicoes/{pair['camara_id']}/autores")
        assert f"{detail['siglaTipo'].strip()} {detail['numero']}/{detail['ano']}" == pair["origin"]
        assert detail["ano"] < int(detail["dataApresentacao"][:4])
        assert [author["nome"] for author in authors] == ["Senado Federal"]
