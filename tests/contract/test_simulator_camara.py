"""The simulator's Câmara answers in the recorded shapes, agrees with itself, and tells what it changed."""

import json
from collections.abc import AsyncIterator, Iterable, Set
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from upstream_sim.scenario import Scenario
from upstream_sim.server import Running, running

STARTS = datetime(2026, 11, 23, 10, 0)
RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "camara"
Json = dict[str, Any]


class Client:
    """A plain HTTP client of one simulator."""

    def __init__(self, simulator: Running, session: aiohttp.ClientSession) -> None:
        self.simulator, self.session = simulator, session

    async def get(self, path: str, expect: int = 200, /, **params: object) -> Any:
        query = {name: str(value) for name, value in params.items()}
        async with self.session.get(f"{self.simulator.camara_base_url}{path}", params=query) as response:
            assert response.status == expect, await response.text()
            return await response.json()

    async def dados(self, path: str, **params: object) -> Any:
        return (await self.get(path, **params))["dados"]

    async def control(self, path: str, **order: object) -> Any:
        async with self.session.post(f"{self.simulator.url}/control/{path}", json=order) as response:
            assert response.ok, await response.text()
            return await response.json()

    async def truth(self, path: str) -> Any:
        async with self.session.get(f"{self.simulator.url}/truth/{path}") as response:
            assert response.ok
            return await response.json()

    async def every_id(self) -> list[int]:
        return [row["id"] for row in (await self.truth("bills?source=camara&limit=10000"))["bills"]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client() -> AsyncIterator[Client]:
    scenario = Scenario(seed=7, bills=4000, changes_per_minute=0, starts_at=STARTS)
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


def compare(
    recorded: Iterable[Any], ours: Iterable[Any], *, extra: Set[str] = frozenset(), absent: Set[str] = frozenset()
) -> None:
    """Same paths on both sides, no type of ours that was never recorded; `extra` and `absent` are argued exceptions."""
    theirs: dict[str, set[str]] = {}
    mine: dict[str, set[str]] = {}
    for each in recorded:
        census(each, "", theirs)
    for each in ours:
        census(each, "", mine)
    assert theirs
    assert mine.keys() - theirs.keys() == extra
    assert theirs.keys() - mine.keys() == absent
    wrong = {path: types - theirs[path] for path, types in mine.items() if path in theirs and types - theirs[path]}
    assert not wrong


def recorded(pattern: str) -> list[Any]:
    files = sorted(RECORDINGS.glob(pattern))
    if not files:
        pytest.skip(f"no recordings at {RECORDINGS / pattern}")
    bodies = [json.loads(path.read_text(encoding="utf-8-sig")) for path in files]
    return [body["dados"] if isinstance(body, dict) and "dados" in body else body for body in bodies]


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


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/proposicoes", {"status": "x"}),
        ("/proposicoes", {"ano": "dois mil"}),
        ("/proposicoes", {"dataInicio": "2026-13-01"}),
        ("/proposicoes", {"ordenarPor": "dataApresentacao"}),
        ("/proposicoes/{id}", {"itens": "1"}),
        ("/proposicoes/{id}/tramitacoes", {"itens": "1"}),
        ("/proposicoes/{id}/tramitacoes", {"ordem": "DESC"}),
        ("/votacoes", {"siglaOrgao": "PLEN"}),
        ("/votacoes", {"dataInicio": "2026-01-01", "dataFim": "2026-06-01"}),
        ("/votacoes", {"dataInicio": "2025-12-01", "dataFim": "2026-01-10"}),
    ],
)
async def test_refusals_have_the_recorded_body(client: Client, path: str, params: dict[str, str]) -> None:
    identifier = (await client.every_id())[0]
    body = await client.get(path.format(id=identifier), 400, **params)
    compare(recorded("errors/400_*.json"), [body])
    assert body["code"] == 4
    assert next(iter(params)) in body["instance"]


async def test_unknown_bills_and_unknown_sub_resources(client: Client) -> None:
    identifier = (await client.every_id())[5]
    await client.get(f"/proposicoes/{identifier + 1}", 404)
    await client.get("/proposicoes/99999999", 404)
    await client.get("/votacoes/1-1", 404)
    async with client.session.get(f"{client.simulator.camara_base_url}/proposicoes/{identifier}/emendas") as response:
        assert response.status == 405


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


async def test_votings_of_a_window_are_those_of_their_bills(client: Client) -> None:
    rows = await client.dados("/votacoes", dataInicio="2026-09-01", dataFim="2026-11-23")
    assert rows
    for row in rows:
        assert "2026-09-01" <= row["data"] <= "2026-11-23"
        assert row in await client.dados(f"/proposicoes/{row['id'].split('-')[0]}/votacoes")


async def test_deputies_come_a_thousand_a_page(client: Client) -> None:
    rows = await client.dados("/deputados")
    assert len(rows) == 513
    compare(recorded("deputados/list_leg57*.json"), [rows])


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


async def test_bills_of_the_senado_arrive_with_an_older_year(client: Client) -> None:
    pairs = await client.truth("pairs?kind=same_number_from_senado")
    assert pairs
    for pair in pairs:
        detail = await client.dados(f"/proposicoes/{pair['camara_id']}")
        authors = await client.dados(f"/proposicoes/{pair['camara_id']}/autores")
        assert f"{detail['siglaTipo'].strip()} {detail['numero']}/{detail['ano']}" == pair["origin"]
        assert detail["ano"] < int(detail["dataApresentacao"][:4])
        assert [author["nome"] for author in authors] == ["Senado Federal"]


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


async def test_requests_are_counted() -> None:
    async with (
        running(Scenario(seed=2, bills=200, changes_per_minute=0, starts_at=STARTS)) as simulator,
        aiohttp.ClientSession() as session,
    ):
        own = Client(simulator, session)
        ids = await own.every_id()
        for identifier in ids[:5]:
            await own.dados(f"/proposicoes/{identifier}/autores")
        await own.get("/proposicoes/1", 404)
        counted = (await own.truth("requests"))["camara"]
        assert counted["paths"]["/camara/api/v2/proposicoes/{id}/autores"] == 5
        assert counted["statuses"] == {"200": 5, "404": 1}
        assert counted["total"] == 6
        assert 1 <= counted["max_in_one_second"] <= 6
