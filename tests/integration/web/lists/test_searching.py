"""What is asked of the index over HTTP beside lists: suggestions, similar bills, counts, names, and waiting for it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from api_gateway.search.index.live import LiveIndex
from api_gateway.web import container, waiting_for_index
from api_gateway.web.responses.reply_schemas import Span, StatsReply
from api_gateway.web.responses.search_schemas import BillList, SimilarBills, SuggestionsReply
from integration.indexing import until
from integration.web.asking import eventually
from legis.domain.bill import Decision, Enactment
from legis.domain.vocabulary import Source

Client = httpx2.AsyncClient


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store(
        [
            make_bill(1, title="Institui a Política de Educação Digital.", authors=[("Antônia Sá", None, None)]),
            make_bill(2, title="Altera a Lei nº 8.112/90 para tratar da educação básica."),
            make_bill(3, title="Dispõe sobre educação digital nas escolas.", keywords=("Letramento digital",)),
            make_bill(1234, year=1975, title="Cria o dia da merenda.", upstream_id="9001"),
            make_bill(2217, type_code="MPV", year=2001, title="Medida.", number_text="2217-3", upstream_id="9002",
                      identifier="MPV 2217-3/2001"),
            make_bill(458, year=2021, title="Substitutivo.", upstream_id="9003",
                      identifier="PL 458/2021 (Substitutivo-CD)", introduced=date(2024, 2, 1),
                      decision=Decision(decided_on=date(2024, 2, 29)),
                      enactment=Enactment(year=2024, signed_on=date(2024, 3, 2))),
            make_bill(39, year=2024, source=Source.SENADO, type_code="PLS", title="Outro.", upstream_id="9004"),
        ]
    )  # fmt: skip


async def ids(api: Client, path: str, **parameters: Any) -> list[str]:
    reply = await api.get(path, params=parameters)
    assert reply.status_code == 200, reply.text
    return [bill["id"] for bill in reply.json()["data"]]


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("PL 1234/75", "camara-9001"),
        ("pl 1.234/1975", "camara-9001"),
        ("projeto de lei nº 1.234, de 1975", "camara-9001"),
        ("pl-1234-1975", "camara-9001"),
        ("PL nº 1234, de 1975", "camara-9001"),
        ("1234/1975", "camara-9001"),
        ("1234/75", "camara-9001"),
        ("P.L. 1.234/75", "camara-9001"),
        ("PL 1234–1975", "camara-9001"),
        ("Projeto de Lei nº 1.234, de 17 de maio de 1975", "camara-9001"),
        ("Medida Provisória nº 2.217-3, de 4 de setembro de 2001", "camara-9002"),
        ("MPV 2217-3/2001", "camara-9002"),
        ("medida provisória nº 2.217-3, de 2001", "camara-9002"),
        ("MP 2217-3/2001", "camara-9002"),
        ("PL 458/2021 (Substitutivo-CD)", "camara-9003"),
        ("pl-39-2024", "senado-9004"),
        ("39/2024", "senado-9004"),
        ("PLS 39/2024", "senado-9004"),
        ("senado-9004", "senado-9004"),
    ],
)
async def test_every_spelling_of_a_name_resolves(api: Client, q: str, wanted: str) -> None:
    assert (await ids(api, "/api/v1/resolve", q=q))[0] == wanted


@pytest.mark.parametrize("q", ["Portaria nº 8.069/90", "educação", "PL", "2630/99999"])
async def test_what_names_no_bill_is_refused_with_what_would(api: Client, q: str) -> None:
    reply = await api.get("/api/v1/resolve", params={"q": q})
    assert reply.status_code == 400
    assert "a label such as PL 2630/2020" in reply.json()["detail"]


async def test_a_law_number_is_searched_and_not_taken_for_a_bill(api: Client) -> None:
    for q in ("Lei nº 8.112/90", "lei 8112", "Lei 8.112, de 1990", "lei 8.112 de 90"):
        assert "camara-2" in await ids(api, "/api/v1/bills", q=q, sort="relevance")
        assert "camara-2" in await ids(api, "/api/v1/bills", q=q)


async def test_what_was_typed_is_completed(api: Client) -> None:
    reply = await api.get("/api/v1/bills/suggest", params={"q": "educ"})
    SuggestionsReply.model_validate(reply.json())
    assert reply.json()["data"]["words"] == ["educação"]
    assert int(reply.headers["legis-index-seq"]) > 0
    names = (await api.get("/api/v1/bills/suggest", params={"q": "sa anto"})).json()["data"]["names"]
    assert names == ["Antônia Sá"]
    labels = (await api.get("/api/v1/bills/suggest", params={"q": "pl 12"})).json()["data"]["labels"]
    assert labels == ["PL 1234/1975"]
    few = (await api.get("/api/v1/bills/suggest", params={"q": "pl 1", "limit": 1})).json()["data"]["labels"]
    assert len(few) == 1
    for wrong in ({"q": "x" * 101}, {"q": "x", "limit": 21}, {}, {"q": " "}):
        assert (await api.get("/api/v1/bills/suggest", params=wrong)).status_code == 400


async def test_similar_bills_share_words(api: Client) -> None:
    reply = await api.get("/api/v1/bills/camara-1/similar", params={"limit": 2})
    SimilarBills.model_validate(reply.json())
    assert [bill["id"] for bill in reply.json()["data"]][:1] == ["camara-3"]
    assert (await api.get("/api/v1/bills/camara-404/similar")).status_code == 404


async def test_misspelt_words_are_corrected_and_that_is_told(api: Client) -> None:
    body = (await api.get("/api/v1/bills", params={"q": "edukação digital", "sort": "relevance"})).json()
    BillList.model_validate(body)
    assert body["meta"]["search"]["corrected"] == [{"from": "edukação", "to": "educação"}]
    assert body["meta"]["suggestions"] == ["educação digital"]
    assert {"camara-1", "camara-3"} <= {bill["id"] for bill in body["data"]}
    plain = (await api.get("/api/v1/bills", params={"q": "edukação digital"})).json()
    assert plain["data"] == []
    assert plain["meta"]["suggestions"] == ["educação digital"]
    assert "search" not in (await api.get("/api/v1/bills", params={"q": "educação"})).json()["meta"]


@pytest.mark.parametrize(
    ("q", "suggested"),
    [
        ('"digital educação"', "digital educação"),
        ('"edukação digital"', '"educação digital"'),
        ("edukação*", "educação*"),
        ("educação digital merenda", "educação digital"),
        ("PL1234", "PL 1234"),
    ],
)
async def test_where_nothing_is_found_another_query_is_suggested_that_finds_something(
    api: Client, q: str, suggested: str
) -> None:
    body = (await api.get("/api/v1/bills", params={"q": q})).json()
    assert (body["data"], body["meta"]["suggestions"]) == ([], [suggested])
    assert await ids(api, "/api/v1/bills", q=suggested)


async def test_a_long_title_can_be_pasted(api: Client) -> None:
    long = "Institui a Política de Educação Digital. " * 24
    body = (await api.get("/api/v1/bills", params={"q": long, "sort": "relevance"})).json()
    BillList.model_validate(body)
    assert body["data"][0]["id"] == "camara-1"
    assert body["meta"]["search"]["words_read"] == 60
    for q in (f"{long}{long}", "x" * 1001):
        reply = await api.get("/api/v1/bills", params={"q": q})
        assert reply.status_code == 400
        assert "its first words are enough" in reply.text


async def test_what_words_also_mean_is_told(api: Client) -> None:
    told = (await api.get("/api/v1/bills", params={"q": "lgpd"})).json()["meta"]["search"]["synonyms"]
    assert told[0]["from"] == "lgpd"
    assert "lei geral de proteção de dados" in told[0]["to"]


async def test_every_field_that_matches_is_explained(api: Client) -> None:
    parameters = {"q": "digital", "highlight": "true", "ids": "camara-3"}
    (bill,) = (await api.get("/api/v1/bills", params=parameters)).json()["data"]
    assert bill["highlight"]["matches"] == [
        {"field": "title", "excerpt": "Dispõe sobre educação <mark>digital</mark> nas escolas."},
        {"field": "keywords", "excerpt": "Letramento <mark>digital</mark>"},
    ]


async def test_counts_are_those_of_the_lists(api: Client) -> None:
    stats = (await api.get("/api/v1/stats")).json()["data"]
    for name in ("type", "status", "year", "chamber", "party", "state", "subject"):
        for pair in stats[name]:
            asked = {name: pair["value"], "count": "exact", "limit": 1}
            body = (await api.get("/api/v1/bills", params=asked)).json()
            assert body["page"]["count"] == {"value": pair["count"], "kind": "exact"}
    assert {"value": "1975", "count": 1} not in stats["year"]
    assert {"value": 1975, "count": 1} in stats["year"]


async def test_laws_are_counted_by_month_and_by_the_days_that_they_took(api: Client) -> None:
    stats = StatsReply.model_validate((await api.get("/api/v1/stats")).json()).data
    assert [(one.value, one.count) for one in stats.law_month] == [("2024-03", 1)]
    assert stats.days_to_decision == Span(bills=1, first_quarter=28, median=28, third_quarter=28)
    assert stats.days_to_law == Span(bills=1, first_quarter=30, median=30, third_quarter=30)
    told = {one.stage: (one.bills, one.first_quarter, one.median, one.third_quarter) for one in stats.stages}
    assert told == {"DECISION": (1, 28, 28, 28), "LAW": (1, 30, 30, 30)}


async def test_a_list_says_where_its_index_is(api: Client, connection: Any) -> None:
    head = await connection.fetchval("SELECT last_seq FROM change_counter")
    for path in ("/api/v1/bills", "/api/v1/bills?q=lei", "/api/v1/resolve?q=PL+1/2024"):
        assert (await api.get(path)).headers["legis-index-seq"] == str(head)


async def test_an_entry_that_is_there_is_not_waited_for(
    api: Client, connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 60.0)
    head = await connection.fetchval("SELECT last_seq FROM change_counter")
    for seq in (0, 1, head):
        began = time.monotonic()
        assert (await api.get(f"/api/v1/bills?min_seq={seq}")).status_code == 200
        assert time.monotonic() - began < 50, "less than one that is awaited may take"
    gone = await api.get(f"/api/v1/bills?min_seq={head + 1}")
    assert gone.status_code == 410
    assert f"ends at {head}" in gone.json()["detail"]


@asynccontextmanager
async def behind(client: Client, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LiveIndex]:
    """The API's index does not turn to new commits as long as this lasts."""
    index: LiveIndex = client.app.state.resources.index  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setattr(index, "_newest", lambda: None)
        yield index


async def test_an_entry_that_is_to_come_is_waited_for(
    serve: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch, connection: Any, write: Any
) -> None:
    async with serve() as client:
        async with behind(client, monkeypatch):
            await write([make_bill(600, title="Que vem depois")])
            head = await connection.fetchval("SELECT last_seq FROM change_counter")
            asked = asyncio.create_task(client.get(f"/api/v1/bills?q=depois&min_seq={head}"))
            await asyncio.sleep(0.3)
            assert not asked.done()
            assert (await client.get("/api/v1/bills?q=depois")).json()["data"] == [], "who does not ask does not wait"
        reply = await asked
        assert [bill["id"] for bill in reply.json()["data"]] == ["camara-600"]
        assert int(reply.headers["legis-index-seq"]) >= head


async def test_waiting_has_an_end_and_a_client_may_wait_a_few_times_at_once(
    serve: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch, connection: Any, write: Any
) -> None:
    most = container.INDEX_WAITERS_OF_A_CLIENT
    async with serve(request_timeout_seconds=60) as client:

        async def ask(address: str, number: int) -> httpx2.Response:
            path = f"/api/v1/bills?limit={number}&min_seq={head}"
            return await client.get(path, headers={"X-Forwarded-For": address})

        async with behind(client, monkeypatch):
            await write([make_bill(601)])
            head = await connection.fetchval("SELECT last_seq FROM change_counter")
            monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 50.0)
            asked = [asyncio.create_task(ask("203.0.113.70", number)) for number in range(1, most + 4)]
            await until(lambda: sum(one.done() for one in asked) == 3, "three refused")
            monkeypatch.setattr(waiting_for_index, "WAIT_SECONDS", 1.0)
            began = time.monotonic()
            waited = await ask("203.0.113.71", 1)
            assert time.monotonic() - began > 0.9, "the other client waits"
            refused = [one.result() for one in asked if one.done()]
            for reply in (*refused, waited):
                assert reply.status_code == 503
                assert int(reply.headers["retry-after"]) >= 1
                assert reply.headers["content-type"] == "application/problem+json"
            assert ["Too many" in reply.json()["detail"] for reply in (*refused, waited)] == [True, True, True, False]
        assert sorted(reply.status_code for reply in await asyncio.gather(*asked)) == [200] * most + [503] * 3


async def test_lists_wait_for_a_first_index(serve: Any, tmp_path: Path) -> None:
    async with serve(index_folder=str(tmp_path)) as client:
        for path in ("/api/v1/bills", "/api/v1/bills/suggest?q=a", "/api/v1/stats", "/api/v1/resolve?q=PL+1/2024",
                     "/api/v1/feeds/bills.atom", "/api/v1/bills/camara-1/similar",
                     "/api/v1/bills/events.ics"):  # fmt: skip
            reply = await client.get(path)
            assert reply.status_code == 503, path
            assert reply.headers["retry-after"] == "2"
            assert reply.json()["detail"] == "The search index is being built; try again shortly."
            told = await client.get(path, headers={"Accept-Language": "pt-BR"})
            assert told.json()["detail"] == "O índice de busca está sendo montado; tente de novo em instantes."
            assert told.headers["content-language"] == "pt-BR"
        for path in ("/api/v1/bills/camara-1", "/api/v1/changes", "/api/v1/changes?type=PL", "/api/v1/sources"):
            assert (await client.get(path)).status_code == 200, path
        async with asyncio.timeout(60):
            while not (checks := (await client.get("/api/health")).json()["checks"])["index"]["error"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert checks["index"]["required"]
        assert (await client.get("/api/health/ready")).status_code == 503
        assert (await client.get("/api/health/live")).status_code == 200


async def test_an_index_of_another_epoch_is_not_searched(serve: Any, connection: Any) -> None:
    async with serve() as client:
        shared = client.app.state.resources
        await until(lambda: shared.status_monitor.snapshot.epoch, "the epoch of the database is known")
        assert (await client.get("/api/v1/bills")).status_code == 200
        monitor, known = shared.status_monitor, shared.status_monitor.snapshot.epoch

        async def restored() -> Any:
            monitor.snapshot = replace(monitor.snapshot, epoch="another")  # until the monitor looks again
            return await client.get("/api/v1/bills")

        reply = await eventually(restored, lambda reply: reply.status_code == 503)
        assert "restored" in reply.json()["detail"]
        await until(lambda: monitor.snapshot.epoch == known, "the monitor has looked again")
        assert (await client.get("/api/v1/bills")).status_code == 200
