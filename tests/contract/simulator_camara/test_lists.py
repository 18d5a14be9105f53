"""The simulator's Câmara lists in pages as the real one does."""

import pytest
from contract.simulator_camara.client import Client


@pytest.mark.parametrize("size", [7, 100])
async def test_pages_together_are_the_whole(client: Client, size: int) -> None:
    seen: list[int] = []
    page, total = 1, None
    while page < 200:
        window = f"dataInicio=2026-09-01&dataFim=2026-11-23&itens={size}&pagina={page}"
        url = f"{client.simulator.camara_base_url}/proposicoes?{window}"
        async with client.session.get(url) as response:
            body = await response.json()
            total = int(response.headers["X-Total-Count"])
        seen += [row["id"] for row in body["dados"]]
        rels = {link["rel"]: link["href"] for link in body["links"]}
        if "next" not in rels or not body["dados"]:
            break
        assert f"pagina={page + 1}" in rels["next"]
        page += 1
    assert len(seen) == total == len(set(seen))
    assert seen == sorted(seen)
    assert total > 7


async def test_next_may_point_past_the_end(client: Client) -> None:
    past = 0
    for size in range(3, 40):
        first = await client.get("/proposicoes", dataInicio="2026-09-01", itens=size)
        last = int(
            next(link["href"] for link in first["links"] if link["rel"] == "last").split("pagina=")[1].split("&")[0]
        )
        final = await client.get("/proposicoes", dataInicio="2026-09-01", itens=size, pagina=last)
        assert final["dados"]
        if any(link["rel"] == "next" for link in final["links"]):
            past += 1
            beyond = await client.get("/proposicoes", dataInicio="2026-09-01", itens=size, pagina=last + 1)
            assert beyond["dados"] == []
    assert 0 < past < 37


async def test_page_size_defaults_to_15_and_is_cut_to_100_silently(client: Client) -> None:
    assert len(await client.dados("/proposicoes", ano=2024)) == 15
    cut = await client.get("/proposicoes", dataApresentacaoInicio="2020-01-01", itens=1000)
    assert len(cut["dados"]) == 100
    rels = {link["rel"]: link["href"] for link in cut["links"]}
    assert "itens=1000" in rels["self"]
    assert "itens=100" in rels["next"]
    assert "itens=1000" not in rels["next"]


async def test_without_filters_only_the_last_30_days(client: Client) -> None:
    default = await client.get("/proposicoes", itens=100)
    window = await client.get("/proposicoes", itens=100, dataInicio="2026-10-24", dataFim="2026-11-23")
    assert default["dados"] == window["dados"] != []
    assert await client.dados("/proposicoes", siglaTipo="PL", numero=1, ano=1950)
    assert await client.dados("/proposicoes", siglaTipo="PL", numero=1) == []


async def test_lookup_by_number_finds_the_bill(client: Client) -> None:
    for told in (await client.truth("bills?source=camara&limit=10000"))["bills"][::53]:
        kind, _, rest = told["identifier"].partition(" ")
        number, _, year = rest.partition("/")
        found = await client.dados("/proposicoes", siglaTipo=kind, numero=number, ano=year, itens=100)
        assert told["id"] in [row["id"] for row in found]
        assert all(
            (row["siglaTipo"].strip(), row["numero"], row["ano"]) == (kind, int(number), int(year)) for row in found
        )


async def test_every_year_together_is_every_bill(client: Client) -> None:
    listed: set[int] = set()
    for year in (0, *range(1946, 2027)):
        page = 1
        while rows := await client.dados("/proposicoes", ano=year, itens=100, pagina=page):
            assert {row["ano"] for row in rows} == {year}
            assert not listed & {row["id"] for row in rows}
            listed |= {row["id"] for row in rows}
            page += 1
    assert listed == set(await client.every_id())
