"""The simulator's Senado answers in the recorded shapes, agrees with itself, and with its Câmara about shared bills."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from upstream_sim.scenario import Scenario
from upstream_sim.server import Running, running

STARTS = datetime(2026, 11, 23, 10, 0)
RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "senado"
Json = dict[str, Any]
JSON = {"Accept": "application/json"}


class Client:
    """A plain HTTP client of one simulator that asks for JSON."""

    def __init__(self, simulator: Running, session: aiohttp.ClientSession) -> None:
        self.simulator, self.session = simulator, session

    async def get(self, path: str, expect: int = 200, /, **params: object) -> Any:
        query = {name: str(value) for name, value in params.items()}
        url = f"{self.simulator.senado_base_url}{path}"
        async with self.session.get(url, params=query, headers=JSON) as response:
            assert response.status == expect, await response.text()
            return await response.json(content_type=None)

    async def camara(self, path: str) -> Any:
        async with self.session.get(f"{self.simulator.camara_base_url}{path}") as response:
            assert response.ok
            return (await response.json())["dados"]

    async def control(self, path: str, **order: object) -> Any:
        async with self.session.post(f"{self.simulator.url}/control/{path}", json=order) as response:
            assert response.ok, await response.text()
            return await response.json()

    async def truth(self, path: str) -> Any:
        async with self.session.get(f"{self.simulator.url}/truth/{path}") as response:
            assert response.ok
            return await response.json()

    async def every_bill(self) -> list[Json]:
        bills: list[Json] = (await self.truth("bills?source=senado&limit=10000"))["bills"]
        return bills


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client() -> AsyncIterator[Client]:
    scenario = Scenario(seed=7, bills=6000, changes_per_minute=0, starts_at=STARTS)
    async with running(scenario) as simulator, aiohttp.ClientSession() as session:
        yield Client(simulator, session)


def census(value: Any, path: str = "", found: dict[str, set[str]] | None = None) -> dict[str, set[str]]:
    """Every path of a JSON value with the types seen there; list elements share one path."""
    found = {} if found is None else found
    found.setdefault(path, set()).add("number" if isinstance(value, int | float) else type(value).__name__)
    if isinstance(value, dict):
        for name, inner in value.items():
            census(inner, f"{path}.{name}", found)
    elif isinstance(value, list):
        for inner in value:
            census(inner, f"{path}[]", found)
    return found


def recorded(pattern: str) -> list[Any]:
    files = [path for path in sorted(RECORDINGS.glob(pattern)) if path.suffix == ".json"]
    if not files:
        pytest.skip(f"no recordings at {RECORDINGS / pattern}")
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def compare(
    theirs_of: Iterable[Any], ours: Iterable[Any], *, extra: Iterable[str] = (), absent: Iterable[str] = ()
) -> None:
    """No path or type of ours that was never recorded, none of theirs missing, but for prefixes argued in the call."""
    theirs: dict[str, set[str]] = {}
    mine: dict[str, set[str]] = {}
    for each in theirs_of:
        census(each, "", theirs)
    for each in ours:
        census(each, "", mine)
    unknown = {path for path in mine.keys() - theirs.keys() if not path.startswith(tuple(extra))}
    missing = {path for path in theirs.keys() - mine.keys() if not path.startswith(tuple(absent))}
    assert (unknown, missing) == (set(), set())
    assert not {path: types - theirs[path] for path, types in mine.items() if path in theirs and types - theirs[path]}


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


async def test_json_must_be_asked_for(client: Client) -> None:
    base = client.simulator.senado_base_url
    async with client.session.get(f"{base}/processo?ano=2024") as response:
        assert response.content_type == "application/xml"
    async with client.session.get(f"{base}/processo.json?ano=2024") as response:
        assert await response.json() == await client.get("/processo", ano=2024)


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


async def test_shapes_of_bills_are_the_recorded_ones(client: Client) -> None:
    rows = await client.get("/processo", tramitouLegislaturaAtual="S")
    options = (".apelido", ".dataDeliberacao", ".siglaTipoDeliberacao", ".normaGerada", ".siglaRegimeTramitacao")
    compare(recorded("processo/processo-lista/*.json"), [rows], extra=[f"[]{name}" for name in options])
    details = [await client.get(f"/processo/{row['id']}") for row in rows[:400]]
    told_elsewhere = (  # documented by clients or by a body that is not among the recordings
        ".outrosNumeros", ".deliberacao", ".normaGerada", ".comissaoMpv", ".conteudo.explicacaoEmenta",
        ".conteudo.assunto", ".documento.dataLeitura", ".documento.casaLeitura",
    )  # fmt: skip
    ours = [{**each, "comissaoMpv": "{}"} for each in details]
    compare(recorded("processo/processo-detalhe/*.json"), ours, extra=told_elsewhere)


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


async def test_votings_of_a_window_are_those_of_their_bills(client: Client) -> None:
    rows = await client.get("/votacao", dataInicio="2025-12-01", dataFim="2026-11-23")
    assert rows
    for row in rows[:20]:
        assert "2025-12-01" <= row["dataSessao"][:10] <= "2026-11-23"
        assert row in await client.get("/votacao", idProcesso=row["idProcesso"])
    await client.get("/votacao", 400, dataInicio="2023-01-01", dataFim="2025-01-01")


async def test_numbers_that_are_traps(client: Client) -> None:
    identifiers = [row["identifier"] for row in await client.every_bill()]
    suffixed = [text for text in identifiers if text.endswith("(Substitutivo-CD)")]
    assert suffixed
    assert all(text.removesuffix(" (Substitutivo-CD)") in identifiers for text in suffixed)
    assert any(text.startswith("RQS S/NRO/") for text in identifiers)
    assert any(text.startswith("MPV ") and "-" in text for text in identifiers)
    assert any(text.startswith("REQ ") and " - C" in text for text in identifiers)
    measures = [row for row in await client.get("/processo", sigla="MPV", tramitouLegislaturaAtual="S")]
    assert {row["casaIdentificadora"] for row in measures} == {"CN"}


async def test_pairs_are_visible_on_both_sides(client: Client) -> None:
    pairs = await client.truth("pairs")
    assert {pair["kind"] for pair in pairs} == {
        "same_number_from_camara", "same_number_from_senado", "renumbered", "renumbered_in_both", "pre_2019_other_type",
        "provisional_measure", "decoy",
    }  # fmt: skip
    for pair in [*pairs[::11], *(pair for pair in pairs if pair["kind"].startswith("renumbered"))]:
        ours = await client.get(f"/processo/{pair['senado_id']}")
        theirs = await client.camara(f"/proposicoes/{pair['camara_id']}")
        number = f"{theirs['siglaTipo'].strip()} {theirs['numero']}/{theirs['ano']}"
        title, other = ours["conteudo"]["ementa"], theirs["ementa"] or ""
        if pair["kind"] == "decoy":
            assert number == ours["identificacao"]
            assert title != other
            continue
        assert other == "" or other.startswith(title)
        if ours["objetivo"] == "Revisora":
            kind, rest = pair["origin"].split(" ")
            first, year = rest.split("/")
            assert ours["siglaCasaIniciadora"] == "CD"
            assert ours["identificacaoProcessoInicial"] == pair["origin"]
            entry = ours["outrosNumeros"][0]
            assert (entry["casaIdentificadora"], entry["sigla"], entry["numero"], entry["ano"]) == (
                "CD", kind, first.zfill(5), int(year),
            )  # fmt: skip
        if pair["kind"] == "renumbered_in_both":
            assert number == ours["identificacao"] != pair["origin"]
            assert theirs["ano"] > int(theirs["dataApresentacao"][:4])
        if pair["kind"] == "renumbered":
            assert number == pair["origin"] != ours["identificacao"]


async def test_from_2019_equal_numbers_mean_the_same_bill(client: Client) -> None:
    of_camara = {
        row["identifier"]: row["id"] for row in (await client.truth("bills?source=camara&limit=10000"))["bills"]
    }
    paired = {(pair["camara_id"], pair["senado_id"]) for pair in await client.truth("pairs") if pair["same_bill"]}
    shared = 0
    for row in await client.every_bill():
        text = row["identifier"]
        if (
            text.split(" ")[0] in ("PL", "PLP", "PEC", "PDL")
            and int(text.split("/")[1][:4]) >= 2019
            and text in of_camara
        ):
            assert (of_camara[text], row["id"]) in paired
            shared += 1
    assert shared > 50


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
