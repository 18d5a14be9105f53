"""The simulator's Câmara tells what it changed."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest
from contract.simulator_camara.client import STARTS, Client
from upstream_sim.scenario import Scenario
from upstream_sim.server import running


async def test_changes_are_determined_by_the_seed_too() -> None:
    bodies = []
    for _ in range(2):
        async with (
            running(Scenario(seed=5, bills=300, changes_per_minute=6, starts_at=STARTS)) as simulator,
            aiohttp.ClientSession() as session,
        ):
            client = Client(simulator, session)
            await client.control("freeze", frozen=False)
            await client.control("advance", seconds=605)
            await client.control("freeze", frozen=True)
            bodies.append(await client.truth("bills?source=camara&limit=10000"))
    assert bodies[0] == bodies[1]
    assert sum(row["revision"] for row in bodies[0]["bills"]) > 20


async def test_a_change_appears_in_the_window_of_its_day(client: Client) -> None:
    async with running(Scenario(seed=9, bills=500, changes_per_minute=0, starts_at=STARTS)) as simulator:
        own = Client(simulator, client.session)
        identifier = (await own.every_id())[20]
        before = await own.dados(f"/proposicoes/{identifier}/tramitacoes")
        today = await own.dados("/proposicoes", dataInicio="2026-11-23", dataFim="2026-11-23")
        assert identifier not in [row["id"] for row in today]
        changed = await own.control("change", source="camara", id=identifier)
        assert changed["revision"] == 1
        today = await own.dados("/proposicoes", dataInicio="2026-11-23", dataFim="2026-11-23")
        assert identifier in [row["id"] for row in today]
        after = await own.dados(f"/proposicoes/{identifier}/tramitacoes")
        assert len(after) == len(before) + 1
        assert after[-1] == (await own.dados(f"/proposicoes/{identifier}"))["statusProposicao"]
        assert after[-1]["dataHora"].startswith("2026-11-23")
        assert (await own.truth(f"bill/camara/{identifier}"))["revision"] == 1


async def test_created_and_deleted_bills(client: Client) -> None:
    async with running(Scenario(seed=9, bills=500, changes_per_minute=0, starts_at=STARTS)) as simulator:
        own = Client(simulator, client.session)
        made = await own.control("create", source="camara", kind="PEC")
        kind, rest = made["identifier"].split(" ")
        number, year = rest.split("/")
        detail = await own.dados(f"/proposicoes/{made['id']}")
        assert (detail["siglaTipo"], str(detail["numero"]), str(detail["ano"])) == (kind, number, year)
        assert [row["id"] for row in await own.dados("/proposicoes", siglaTipo=kind, numero=number, ano=year)] == [
            made["id"]
        ]
        assert made["id"] in [row["id"] for row in await own.dados("/proposicoes", ano=2026, itens=100, ordem="DESC")]
        await own.control("delete", source="camara", id=made["id"])
        await own.get(f"/proposicoes/{made['id']}", 404)
        assert (await own.truth(f"bill/camara/{made['id']}"))["deleted"] is True
        assert await own.dados("/proposicoes", id=made["id"]) == []
        await own.control("restore", source="camara", id=made["id"])
        assert (await own.dados(f"/proposicoes/{made['id']}"))["uri"] == detail["uri"]
        assert (await own.truth(f"bill/camara/{made['id']}"))["deleted"] is False


async def test_time_moves_forward_and_brings_changes() -> None:
    async with (
        running(Scenario(seed=2, bills=500, changes_per_minute=12, starts_at=STARTS)) as simulator,
        aiohttp.ClientSession() as session,
    ):
        own = Client(simulator, session)
        state = await own.control("advance", seconds=86_400)
        assert datetime.fromisoformat(state["now"]) - STARTS >= timedelta(days=1)
        assert sum(state["changes"].values()) == pytest.approx(1440 * 12, rel=0.01)
        await own.control("freeze", frozen=True)
        frozen = await own.control("advance", seconds=3600)
        assert frozen["changes"] == (await own.control("freeze", frozen=True))["changes"]
        async with session.get(f"{simulator.camara_base_url}/proposicoes?itens=1") as response:
            told = parsedate_to_datetime(response.headers["Date"]).replace(tzinfo=None)
            assert len(response.headers.getall("Date")) == 1
        assert abs(told - timedelta(hours=3) - datetime.fromisoformat(frozen["now"])) < timedelta(seconds=10)
        bills = (await own.truth("bills?source=camara&limit=10000"))["bills"]
        moved = [row for row in bills if row["identifier"].startswith("PL 6") and row["identifier"].endswith("/2026")]
        renumbered = [row for row in moved if len(row["identifier"]) == len("PL 60000/2026")]
        kind, rest = renumbered[0]["identifier"].split(" ")
        number, year = rest.split("/")
        found = await own.dados("/proposicoes", siglaTipo=kind, numero=number, ano=year)
        assert [row["id"] for row in found] == [renumbered[0]["id"]]
