"""Suggestions, similar bills, counts and names over HTTP: what the index answers beside lists."""

from datetime import date
from typing import Any

import httpx2
import pytest
from api_gateway.web.responses.reply_schemas import Span, StatsReply
from api_gateway.web.responses.search_schemas import BillList, SimilarBills, SuggestionsReply
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
