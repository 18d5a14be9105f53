"""The simulator's bulk files have the recorded columns and quirks and tell the same as the API."""

import csv
import gzip
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp
import material_folder
import pytest
import pytest_asyncio
from upstream_sim.scenario import Scenario
from upstream_sim.server import Running, running

STARTS = datetime(2026, 11, 23, 10, 0)
RECORDINGS = material_folder.RECORDINGS / "camara" / "bulk_csv"
Row = dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def simulator() -> AsyncIterator[Running]:
    async with running(Scenario(seed=11, bills=4000, changes_per_minute=0, starts_at=STARTS)) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def fetch(session: aiohttp.ClientSession, simulator: Running, year: int, name: str = "proposicoes") -> bytes:
    async with session.get(f"{simulator.camara_files_url}/{name}/csv/{name}-{year}.csv") as response:
        assert response.status == 200
        assert "ETag" not in response.headers
        assert "Last-Modified" not in response.headers
        return await response.read()


def parsed(body: bytes) -> tuple[list[str], list[Row]]:
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    rows = list(reader)
    return rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


async def dados(session: aiohttp.ClientSession, simulator: Running, path: str) -> Any:
    async with session.get(f"{simulator.camara_base_url}{path}") as response:
        assert response.status == 200
        return (await response.json())["dados"]


async def test_columns_are_the_recorded_ones(simulator: Running, session: aiohttp.ClientSession) -> None:
    old, _ = parsed(await fetch(session, simulator, 1993))
    new, _ = parsed(await fetch(session, simulator, 2025))
    assert new == [*old, "ultimoStatus_apreciacao"]
    assert len(old) == 30
    path = RECORDINGS / "full" / "proposicoes-1993.csv.gz"
    if not path.exists():
        pytest.skip(f"no recording at {path}")
    assert old == parsed(gzip.decompress(path.read_bytes()))[0]


async def test_bytes_have_the_quirks_of_the_files(simulator: Running, session: aiohttp.ClientSession) -> None:
    body = await fetch(session, simulator, 2024)
    assert body.startswith(b'\xef\xbb\xbf"id";"uri";')
    assert body.endswith(b'"\n')
    lines, (_, rows) = body.count(b"\n"), parsed(body)
    assert lines > len(rows) + 1, "no field has a line break inside"
    assert all(row["dataApresentacao"].endswith(":00") and len(row["dataApresentacao"]) == 19 for row in rows)
    assert any('"' in row["ultimoStatus_despacho"] for row in rows)
    recent = [row for year in (2021, 2022, 2023) for row in parsed(await fetch(session, simulator, year))[1]]
    assert any("\r\n\r\nNOVA EMENTA:" in row["ementa"] for row in recent)


async def test_files_together_hold_every_bill_once(simulator: Running, session: aiohttp.ClientSession) -> None:
    seen: list[int] = []
    for year in range(1946, 2027):
        _, rows = parsed(await fetch(session, simulator, year))
        assert {row["dataApresentacao"][:4] for row in rows} == {str(year)}
        seen += [int(row["id"]) for row in rows]
    async with session.get(f"{simulator.url}/truth/bills?source=camara&limit=10000") as response:
        told = (await response.json())["bills"]
    assert seen == [bill["id"] for bill in told]
    assert len(seen) == 3000


async def test_a_year_without_a_file_is_404(simulator: Running, session: aiohttp.ClientSession) -> None:
    for year in (1934, 2027):
        url = f"{simulator.camara_files_url}/proposicoes/csv/proposicoes-{year}.csv"
        async with session.get(url) as response:
            assert response.status == 404
    async with session.get(f"{simulator.camara_files_url}/proposicoes/json/proposicoes-2024.json") as response:
        assert response.status == 404


async def test_rows_agree_with_the_api(simulator: Running, session: aiohttp.ClientSession) -> None:
    checked = 0
    for year in (1950, 1987, 1999, 2003, 2018, 2021, 2026):
        _, rows = parsed(await fetch(session, simulator, year))
        for row in rows[::3]:
            detail = await dados(session, simulator, f"/proposicoes/{row['id']}")
            status = detail["statusProposicao"]
            expected = {name: "" if value is None else str(value) for name, value in detail.items() if name in row}
            expected["siglaTipo"] = detail["siglaTipo"].strip()
            expected["dataApresentacao"] = detail["dataApresentacao"] + ":00"
            expected["ultimoStatus_dataHora"] = status["dataHora"] + ":00"
            renamed = {
                "uriUltimoRelator": "uriRelator", "codTipoTramitacao": "idTipoTramitacao", "codSituacao": "idSituacao"
            }  # fmt: skip
            for name in (
                "sequencia", "uriUltimoRelator", "siglaOrgao", "uriOrgao", "regime", "descricaoTramitacao",
                "codTipoTramitacao", "descricaoSituacao", "codSituacao", "despacho", "url",
            ):  # fmt: skip
                value = status[name]
                expected[f"ultimoStatus_{renamed.get(name, name)}"] = "" if value is None else str(value)
            expected["ultimoStatus_idOrgao"] = status["uriOrgao"].rsplit("/", 1)[1]
            if year >= 2019:
                expected["ultimoStatus_apreciacao"] = status.get("apreciacao", "")
            assert row == expected
            checked += 1
    assert checked > 80


async def test_authors_and_themes_agree_with_the_api(simulator: Running, session: aiohttp.ClientSession) -> None:
    columns, authors = parsed(await fetch(session, simulator, 2024, "proposicoesAutores"))
    assert columns == [
        "idProposicao", "uriProposicao", "idDeputadoAutor", "uriAutor", "codTipoAutor", "tipoAutor", "nomeAutor",
        "siglaPartidoAutor", "uriPartidoAutor", "siglaUFAutor", "ordemAssinatura", "proponente",
    ]  # fmt: skip
    columns, themes = parsed(await fetch(session, simulator, 2024, "proposicoesTemas"))
    assert columns == ["uriProposicao", "siglaTipo", "numero", "ano", "codTema", "tema", "relevancia"]
    for identifier in list(dict.fromkeys(row["idProposicao"] for row in authors))[::5]:
        listed = await dados(session, simulator, f"/proposicoes/{identifier}/autores")
        mine = [row for row in authors if row["idProposicao"] == identifier]
        assert [(row["nomeAutor"], row["uriAutor"], row["ordemAssinatura"]) for row in mine] == [
            (row["nome"], row["uri"] or "", str(row["ordemAssinatura"])) for row in listed
        ]
        names = [row["tema"] for row in themes if row["uriProposicao"].endswith(f"/{identifier}")]
        assert names == [row["tema"] for row in await dados(session, simulator, f"/proposicoes/{identifier}/temas")]


async def test_same_seed_same_bytes(simulator: Running, session: aiohttp.ClientSession) -> None:
    async with running(Scenario(seed=11, bills=4000, changes_per_minute=0, starts_at=STARTS)) as other:
        assert await fetch(session, other, 2023) == await fetch(session, simulator, 2023)
    async with running(Scenario(seed=12, bills=4000, changes_per_minute=0, starts_at=STARTS)) as other:
        assert await fetch(session, other, 2023) != await fetch(session, simulator, 2023)


async def test_a_new_bill_joins_the_file_of_its_year(session: aiohttp.ClientSession) -> None:
    async with running(Scenario(seed=1, bills=400, changes_per_minute=0, starts_at=STARTS)) as own:
        async with session.post(f"{own.url}/control/create", json={"source": "camara"}) as response:
            made = await response.json()
        _, rows = parsed(await fetch(session, own, 2026))
        assert rows[-1]["id"] == str(made["id"])
        async with session.post(f"{own.url}/control/change", json={"source": "camara", "id": made["id"]}) as response:
            assert response.ok
        _, rows = parsed(await fetch(session, own, 2026))
        detail = await dados(session, own, f"/proposicoes/{made['id']}")
        assert rows[-1]["ultimoStatus_despacho"] == detail["statusProposicao"]["despacho"]
