"""The simulator's Senado answers in the recorded shapes."""

import pytest
from contract.shapes import census, compare
from contract.simulator_senado.client import JSON, Client, recorded


async def test_shapes_of_bills_are_the_recorded_ones(client: Client) -> None:
    rows = await client.get("/processo", tramitouLegislaturaAtual="S")
    options = (".apelido", ".dataDeliberacao", ".siglaTipoDeliberacao", ".normaGerada", ".siglaRegimeTramitacao")
    compare(recorded("processo/processo-lista/*.json"), [rows], possible=[f"[]{name}" for name in options])
    details = [await client.get(f"/processo/{row['id']}") for row in rows[:400]]
    told_elsewhere = (  # documented by clients or by a body that is not among the recordings
        ".outrosNumeros", ".deliberacao", ".normaGerada", ".comissaoMpv", ".conteudo.explicacaoEmenta",
        ".conteudo.assunto", ".documento.dataLeitura", ".documento.casaLeitura",
    )  # fmt: skip
    ours = [{**each, "comissaoMpv": "{}"} for each in details]
    compare(recorded("processo/processo-detalhe/*.json"), ours, possible=told_elsewhere)


@pytest.mark.parametrize("service", ["relatoria", "emenda", "documento"])
async def test_shapes_of_services_are_the_recorded_ones(client: Client, service: str) -> None:
    rows = [
        row
        for bill in (await client.every_bill())[-300:]
        for row in await client.get(f"/processo/{service}", idProcesso=bill["id"])
    ]
    assert rows
    mine, theirs = census(rows), census(recorded(f"processo/processo-{service}/*.json")[0])
    assert mine.keys() == theirs.keys()
    nullable = {"[].dataDestituicao", "[].descricaoTipoEncerramento", "[].autores[].codigoParlamentar"}
    assert not {path for path in mine if mine[path] - theirs[path] and path not in nullable}


async def test_shapes_of_votings_and_tables_are_the_recorded_ones(client: Client) -> None:
    rows = await client.get("/votacao")
    assert {row["votacaoSecreta"] for row in rows} == {"S", "N"}
    assert all(len(row["votos"]) == 81 for row in rows)
    assert all((row["totalVotosSim"] is None) == (row["votacaoSecreta"] == "N") for row in rows)
    public, secret = recorded("processo/votacao/2025*.json"), recorded("processo/votacao/secreta*.json")
    flat = [row for body in (*public, *secret) for row in (body if isinstance(body, list) else [body])]
    compare([flat], [rows])
    compare(recorded("processo/processo-tabelas/siglas*.json"), [await client.get("/processo/siglas")])
    compare(recorded("processo/processo-tabelas/tipos-situacao*.json"), [await client.get("/processo/tipos-situacao")])


async def test_legacy_services_speak_strings_and_collapse(client: Client) -> None:
    base = client.simulator.senado_base_url
    rows = await client.get("/processo", sigla="PLS", tramitouLegislaturaAtual="S") + await client.get(
        "/processo", ano=2026
    )
    details = [await client.get(f"/materia/{row['codigoMateria']}") for row in rows]
    moves = [await client.get(f"/materia/movimentacoes/{row['codigoMateria']}") for row in rows]
    mine = census([each["DetalheMateria"] for each in details])
    theirs = census([each["DetalheMateria"] for each in recorded("legacy/materia-detalhe/*.json")])
    assert mine.keys() <= theirs.keys() | {path.replace("Autuacao[]", "Autuacao") for path in theirs}
    trail = "[].Materia.Tramitacoes.Tramitacao"
    mine = census([each["MovimentacaoMateria"] for each in moves])
    theirs = census([each["MovimentacaoMateria"] for each in recorded("legacy/materia-movimentacoes/*.json")])
    assert mine[trail] == {"dict", "list"}
    assert {path for path in mine if path.startswith(f"{trail}[]")} <= theirs.keys()
    assert all(types <= {"str", "dict", "list"} for types in mine.values())
    one = await client.get("/materia/pesquisa/lista", sigla="PLS", numero="1", ano=1990)
    assert isinstance(one["PesquisaBasicaMateria"]["Materias"]["Materia"], dict)
    many = await client.get("/materia/pesquisa/lista", ano=2024)
    assert isinstance(many["PesquisaBasicaMateria"]["Materias"]["Materia"], list)
    none = await client.get("/materia/pesquisa/lista", sigla="PLS", numero="99999", ano=1990)
    assert "Materias" not in none["PesquisaBasicaMateria"]
    assert "Materia" not in (await client.get("/materia/1"))["DetalheMateria"]
    updated = await client.get("/materia/atualizadas", numdias=30)
    assert "ListaMateriasAtualizadas" in updated
    async with client.session.get(f"{base}/materia/20001", headers=JSON) as response:
        assert response.headers["Sunset"].startswith("Sun, 01 Feb 2026")
