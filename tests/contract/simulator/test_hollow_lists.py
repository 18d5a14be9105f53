"""The simulator's faults of lists: of one bill or of all, by list and house, and only of those."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from upstream_sim.scenario import Scenario
from upstream_sim.server import Running, running

STARTS = datetime(2026, 11, 23, 10, 0)
CAMARA = "/camara/api/v2/proposicoes"
SENADO = "/senado/dadosabertos"
PATHS = {"authors": "autores", "subjects": "temas", "actions": "tramitacoes", "related": "relacionadas",
         "votings": "votacoes"}  # fmt: skip


class Desk:
    """One simulator and a client."""

    def __init__(self, simulator: Running, session: aiohttp.ClientSession) -> None:
        self._simulator, self._session = simulator, session

    async def order(self, expect: int = 201, **order: Any) -> Any:
        async with self._session.post(f"{self._simulator.url}/control/faults", json=order) as response:
            assert response.status == expect, await response.text()
            return await response.json()

    async def get(self, path: str) -> tuple[int, Any]:
        headers = {"Accept": "application/json"}
        async with self._session.get(self._simulator.url + path, headers=headers) as response:
            return response.status, json.loads(await response.read())

    async def ids(self, source: str) -> list[int]:
        return [bill["id"] for bill in (await self.get(f"/truth/bills?source={source}&limit=300"))[1]["bills"]]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    scenario = Scenario(seed=7, bills=1200, changes_per_minute=0, starts_at=STARTS)
    async with running(scenario) as simulator, aiohttp.ClientSession() as session:
        yield Desk(simulator, session)


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_a_list_of_the_camara_is_not_found_empty_or_short(desk: Desk, name: str) -> None:
    for identifier in await desk.ids("camara"):
        path = f"{CAMARA}/{identifier}/{PATHS[name]}"
        rows = (await desk.get(path))[1]["dados"]
        if len(rows) > 1:
            break
    else:
        pytest.fail(f"no bill has two {name}")
    await desk.order(kind="list_404", source="camara", value=name, count=1)
    assert (await desk.get(path))[0] == 404
    await desk.order(kind="list_empty", source="camara", value=name, count=1)
    assert (await desk.get(path))[1]["dados"] == []
    await desk.order(kind="list_short", source="camara", value=name, count=1)
    short = (await desk.get(path))[1]["dados"]
    assert short == rows[: len(short)]
    assert 0 < len(short) < len(rows)
    assert (await desk.get(path))[1]["dados"] == rows, "the fault outlived its count"


async def test_the_agenda_of_an_event_is_empty_or_short(desk: Desk) -> None:
    meetings = (await desk.get("/truth/meetings?source=camara&first=2026-11-01&last=2026-11-30"))[1]
    number = next(meeting["id"] for meeting in meetings if len(meeting["items"]) > 1)
    path = f"/camara/api/v2/eventos/{number}/pauta"
    rows = (await desk.get(path))[1]["dados"]
    await desk.order(kind="list_empty", source="camara", value={"list": "agenda", "id": number}, count=1)
    assert (await desk.get(path))[1]["dados"] == []
    await desk.order(kind="list_short", source="camara", value="agenda", count=1)
    assert 0 < len((await desk.get(path))[1]["dados"]) < len(rows)
    assert (await desk.get(path))[1]["dados"] == rows, "the fault outlived its count"


async def test_a_fault_of_one_bill_spares_the_others(desk: Desk) -> None:
    first, second = (await desk.ids("camara"))[:2]
    await desk.order(kind="list_404", source="camara", value={"list": "authors", "id": first})
    assert (await desk.get(f"{CAMARA}/{first}/autores"))[0] == 404
    assert (await desk.get(f"{CAMARA}/{second}/autores"))[0] == 200
    assert (await desk.get(f"{CAMARA}/{first}"))[0] == 200
    assert (await desk.get(f"{CAMARA}/{first}/temas"))[0] == 200


async def test_lists_within_a_process_of_the_senado(desk: Desk) -> None:
    identifier = (await desk.ids("senado"))[0]
    path = f"{SENADO}/processo/{identifier}"
    await desk.order(kind="list_empty", source="senado", value="authors", count=1)
    assert (await desk.get(path))[1]["documento"]["autoria"] == []
    whole = (await desk.get(path))[1]
    assert whole["documento"]["autoria"]
    await desk.order(kind="list_short", source="senado", value="actions", count=1)
    short = (await desk.get(path))[1]
    counts = [sum(len(f["informesLegislativos"]) for f in body["autuacoes"]) for body in (short, whole)]
    assert 0 < counts[0] < counts[1]


async def test_lists_of_the_senado_that_are_resources_of_their_own(desk: Desk) -> None:
    identifier = (await desk.ids("senado"))[0]
    await desk.order(kind="list_404", source="senado", value="votings")
    await desk.order(kind="list_404", source="senado", value="rapporteurs")
    assert (await desk.get(f"{SENADO}/votacao?idProcesso={identifier}"))[0] == 404
    assert (await desk.get(f"{SENADO}/processo/relatoria?idProcesso={identifier}"))[0] == 404
    assert (await desk.get(f"{SENADO}/votacao?dataInicio=2026-11-01&dataFim=2026-11-20"))[0] == 200
    assert (await desk.get(f"{SENADO}/processo/{identifier}"))[0] == 200


@pytest.mark.parametrize(
    ("source", "kind", "value"),
    [("camara", "list_404", "rapporteurs"), ("all", "list_empty", "rapporteurs"), ("camara", "list_short", "nothing"),
     ("senado", "list_404", "authors")],
)  # fmt: skip
async def test_a_list_that_nobody_serves_is_refused(desk: Desk, source: str, kind: str, value: Any) -> None:
    assert str(value) in (await desk.order(400, source=source, kind=kind, value=value))["error"]


async def test_a_bill_that_is_gone_stays_gone(desk: Desk) -> None:
    await desk.order(kind="list_empty", source="camara", value="authors")
    assert (await desk.get(f"{CAMARA}/1/autores"))[0] == 404
