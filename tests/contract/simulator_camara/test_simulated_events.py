"""The simulated events of the Câmara: recorded shapes, states by the clock, orders, and files that agree."""

import csv
import io
from typing import Any
from xml.etree import ElementTree

import pytest
from contract.camara_records.nominal_term import RECORDED
from contract.shapes import census, compare
from contract.simulator_camara.client import Client, recorded

WINDOW = {"dataInicio": "2026-11-01", "dataFim": "2026-12-31", "itens": 100}


async def rows_of(client: Client, name: str, year: int) -> list[dict[str, str]]:
    url = f"{client.simulator.camara_files_url}/{name}/csv/{name}-{year}.csv"
    async with client.session.get(url) as reply:
        assert reply.status == 200
        text = (await reply.read()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


async def test_shapes_are_the_recorded_ones(client: Client) -> None:
    listed = await client.dados("/eventos", **WINDOW)
    assert len(listed) > 10
    theirs = [row for body in recorded("eventos/list_*.json") for row in body]
    bodies = {".orgaos[].nomePublicacao", ".orgaos[].nomeResumido", ".urlRegistro"}
    held = [row for row in listed if row["dataHoraFim"] and row["urlRegistro"]]
    compare(theirs, held, extra=bodies)
    details = [await client.dados(f"/eventos/{row['id']}") for row in held]
    theirs = recorded("eventos/axios*.json") + recorded("eventos/evento_80872_detail*.json")
    compare(theirs, details, possible=(".requerimentos",))
    agenda = [item for row in listed for item in await client.dados(f"/eventos/{row['id']}/pauta")]
    if RECORDED.is_dir():
        root = ElementTree.fromstring((RECORDED / "_xml_fragments/evento_60754_pauta_item_2021.xml").read_text("utf-8"))
        names = {child.tag for child in root} - {"uriProposicaoRelacionada"}
        assert names <= set(agenda[0])
        proposal = root.find("proposicao_")
        assert proposal is not None
        assert {child.tag for child in proposal} == set(agenda[0]["proposicao_"])
    assert ".proposicao_.id" in census(agenda[0])


async def test_events_move_with_the_clock_and_by_order(client: Client) -> None:
    told = await client.control("agenda/announce", source="camara", body="CE", starts="2026-12-01T10:00:00")
    path = f"/eventos/{told['id']}"
    assert (await client.dados(path))["situacao"] == "Não Confirmada"
    assert told["items"]
    bill = told["items"][0]["bill"]
    await client.control("agenda/drop-item", source="camara", id=told["id"], bill=bill)
    assert bill not in [item["proposicao_"]["id"] for item in await client.dados(f"{path}/pauta")]
    await client.control("agenda/return-item", source="camara", id=told["id"], bill=bill)
    assert bill in [item["proposicao_"]["id"] for item in await client.dados(f"{path}/pauta")]
    await client.control("agenda/reschedule", source="camara", id=told["id"], starts="2026-12-02T09:30:00")
    assert (await client.dados(path))["dataHoraInicio"] == "2026-12-02T09:30"
    assert told["id"] in [row["id"] for row in await client.dados("/eventos", **WINDOW)]
    await client.control("agenda/cancel", source="camara", id=told["id"])
    assert (await client.dados(path))["situacao"] == "Cancelada"
    moved = await client.control("agenda/announce", source="senado", body="CAE", starts="2026-12-01T10:00:00")
    new = await client.control("agenda/reschedule", source="senado", id=moved["id"], starts="2026-12-03T10:00:00")
    assert new["moved_from"] == moved["id"] != new["id"]
    states = {
        row["id"]: row["state"] for row in await client.truth("meetings?source=senado&first=2026-12-01&last=2026-12-03")
    }
    assert (states[moved["id"]], states[new["id"]]) == ("moved", "planned")


@pytest.mark.parametrize("order", [{"source": "camara", "id": 1}, {"source": "nowhere", "id": 1}])
async def test_an_order_about_nothing_is_refused(client: Client, order: dict[str, Any]) -> None:
    async with client.session.post(f"{client.simulator.url}/control/agenda/cancel", json=order) as reply:
        assert reply.status == 400


async def test_files_of_events_agree_with_the_list(client: Client) -> None:
    filed = {row["id"]: row for row in await rows_of(client, "eventos", 2026)}
    for item in await client.dados("/eventos", dataInicio="2026-10-01", dataFim="2026-10-31", itens=100):
        row = filed[str(item["id"])]
        for name in ("dataHoraInicio", "situacao", "descricaoTipo", "descricao"):
            assert row[name] == item[name]
        assert row["dataHoraFim"] == (item["dataHoraFim"] or "")
    bodies = await rows_of(client, "eventosOrgaos", 2026)
    assert {row["idEvento"] for row in bodies} == set(filed)


async def test_files_of_votings_agree_with_the_api(client: Client) -> None:
    filed = {row["id"]: row for row in await rows_of(client, "votacoes", 2026)}
    listed = []
    for first, last in (("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"), ("2026-07-01", "2026-09-30")):
        listed += await client.dados("/votacoes", dataInicio=first, dataFim=last)
    listed += await client.dados("/votacoes", dataInicio="2026-10-01", dataFim="2026-12-31")
    assert {row["id"] for row in listed} == set(filed)
    for item in listed:
        assert filed[item["id"]]["descricao"] == item["descricao"]
        assert filed[item["id"]]["aprovacao"] == ("" if item["aprovacao"] is None else str(item["aprovacao"]))
    votes = await rows_of(client, "votacoesVotos", 2026)
    assert {row["idVotacao"] for row in votes} < set(filed)
    assert {row["voto"] for row in votes} >= {"Sim", "Não", "Abstenção", "Obstrução", "Artigo 17"}
    assert [row["idVotacao"] for row in votes] != sorted(row["idVotacao"] for row in votes), "in an order of its own"
    assert await rows_of(client, "votacoesOrientacoes", 2026)
    assert await rows_of(client, "votacoesProposicoes", 2026)
    async with client.session.get(f"{client.simulator.camara_files_url}/votacoes/csv/votacoes-1970.csv") as reply:
        assert reply.status == 404
