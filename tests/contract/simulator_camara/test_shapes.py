"""The simulator's Câmara answers in the recorded shapes."""

from contract.shapes import census, compare
from contract.simulator_camara.client import Client, recorded


async def test_shapes_are_the_recorded_ones(client: Client) -> None:
    ids = (await client.every_id())[-400:]
    details = [await client.dados(f"/proposicoes/{identifier}") for identifier in ids]
    compare(
        recorded("proposicoes_detail/dados_only/*.json"),
        [detail for detail in details if detail["siglaTipo"] in ("PL", "PEC", "PLP")],
        extra={".situacaoSigilo"} if any("situacaoSigilo" in detail for detail in details) else set(),
    )
    compare(
        recorded("proposicoes_list/list_PL_2025*.json"), [await client.dados("/proposicoes", itens=100, siglaTipo="PL")]
    )


async def test_shapes_of_sub_resources_are_the_recorded_ones(client: Client) -> None:
    ids = (await client.every_id())[-300:]
    histories = [await client.dados(f"/proposicoes/{identifier}/tramitacoes") for identifier in ids[:150]]
    mine, theirs = census(histories), census(recorded("proposicoes_tramitacoes/EXCERPT*.json"))
    assert mine.keys() == theirs.keys()
    authors = [await client.dados(f"/proposicoes/{identifier}/autores") for identifier in ids]
    assert census(authors).keys() == census(recorded("proposicoes_autores/*.json")).keys()
    themes = [await client.dados(f"/proposicoes/{identifier}/temas") for identifier in ids]
    compare(recorded("proposicoes_temas/*.json"), themes)
    votings = [await client.dados(f"/proposicoes/{identifier}/votacoes") for identifier in ids]
    compare(recorded("proposicoes_votacoes/dados_only/*.json"), votings)
    related = [row for identifier in ids for row in await client.dados(f"/proposicoes/{identifier}/relacionadas")]
    assert related
    assert {type(row[name]) for row in related for name in ("codTipo", "numero", "ano")} == {str}


async def test_shapes_of_votes_are_the_recorded_ones(client: Client) -> None:
    votings = [
        row
        for identifier in await client.every_id()
        if identifier % 7 == 0
        for row in await client.dados(f"/proposicoes/{identifier}/votacoes")
    ]
    votes = [await client.dados(f"/votacoes/{row['id']}/votos") for row in votings[:60]]
    assert any(votes)
    assert not all(votes)
    compare(recorded("votacoes_votos/dados_only/*.json"), votes)
    orientations = [await client.dados(f"/votacoes/{row['id']}/orientacoes") for row in votings[:60]]
    compare(recorded("votacoes_orientacoes/*.json"), orientations)
    detail = await client.dados(f"/votacoes/{votings[0]['id']}")
    assert detail.items() >= votings[0].items()


async def test_deputies_come_a_thousand_a_page(client: Client) -> None:
    rows = await client.dados("/deputados")
    assert len(rows) == 513
    compare(recorded("deputados/list_leg57*.json"), [rows])
