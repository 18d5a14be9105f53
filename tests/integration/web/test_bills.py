"""Lists and details of bills: shapes, words, pages, complaints."""

from typing import Any

import httpx2
import pytest
from api_gateway.documents.models import BillDetail, BillSummary
from api_gateway.web.responses.search_schemas import BillList
from legis.domain.bill import Enactment, Organization
from legis.domain.vocabulary import BillStatus, Source

Client = httpx2.AsyncClient


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store(
        [
            make_bill(1, title="Institui a Política Nacional de Educação Digital."),
            make_bill(2, title="Altera a lei das diretrizes da educacao básica."),
            make_bill(3, title="DISPÕE SOBRE AS EDUCAÇÕES INFANTIL E ESPECIAL"),
            make_bill(
                4,
                title="Trata do transporte escolar e da merenda.",
                type_code="PEC",
                enactment=Enactment(title="Lei Ordinária 14811/2024", number="14811", year=2024),
            ),
            make_bill(
                2630, year=2020, title="Lei da liberdade & transparência > tudo na Internet", upstream_id="2256735"
            ),
            make_bill(
                2630,
                source=Source.SENADO,
                year=2020,
                title="Lei da liberdade & transparência > tudo na Internet",
                upstream_id="7914763",
                organization=Organization(acronym="CCJ", name="Comissão"),
                status=BillStatus.APPROVED,
            ),
        ]
    )


async def ids(api: Client, **parameters: Any) -> list[str]:
    reply = await api.get("/api/v1/bills", params=parameters)
    assert reply.status_code == 200, reply.text
    return [bill["id"] for bill in reply.json()["data"]]


async def test_a_list_has_the_envelope_of_the_contract(api: Client) -> None:
    reply = await api.get("/api/v1/bills", params={"limit": 2})
    body = reply.json()
    assert list(body) == ["data", "page", "meta"]
    assert list(body["page"]) == ["limit", "next_cursor", "next", "count"]
    assert body["page"]["limit"] == 2
    assert body["page"]["count"] is None
    assert body["meta"]["dataset"] == "live"
    assert [f["source"] for f in body["meta"]["freshness"]] == ["camara", "senado"]
    assert {"source", "state", "last_success_at", "reasons"} == set(body["meta"]["freshness"][0])
    assert reply.headers["link"] == f'<{body["page"]["next"]}>; rel="next"'
    for bill in body["data"]:
        BillSummary.model_validate(bill)
    BillList.model_validate(body)


async def test_the_newest_action_comes_first(api: Client) -> None:
    assert await ids(api) == ["camara-1", "camara-2", "camara-3", "camara-4", "senado-7914763", "camara-2256735"]


@pytest.mark.parametrize("word", ["educacao", "educação", "EDUCAÇÕES", "Educacoes", '"educação"'])
async def test_accents_case_and_plural_do_not_hide_a_match(api: Client, word: str) -> None:
    assert await ids(api, q=word) == ["camara-1", "camara-2", "camara-3"]


async def test_words_can_be_joined_excluded_and_quoted(api: Client) -> None:
    assert await ids(api, q="educação -digital") == ["camara-2", "camara-3"]
    assert await ids(api, q="merenda OR digital") == ["camara-1", "camara-4"]
    assert await ids(api, q="merenda OU digital") == ["camara-1", "camara-4"]
    assert await ids(api, q="(merenda OR digital) educação") == ["camara-1"]
    assert await ids(api, q="merenda or digital") == [], "in small letters it is a word"
    assert await ids(api, q='"transporte escolar"') == ["camara-4"]
    assert await ids(api, q='"escolar transporte"') == []


@pytest.mark.parametrize(
    "label",
    ["PL 2630/2020", "pl 2.630/2020", "PL nº 2630 de 2020", "2630/2020", "pl-2630-2020", "PL 2630/20",
     "projeto de lei nº 2.630, de 2020", "Projeto de Lei 2630 de 2020", "PL n. 2630, de 2020"],
)  # fmt: skip
async def test_a_label_finds_the_bill_in_both_houses(api: Client, label: str) -> None:
    assert sorted(await ids(api, q=label)) == ["camara-2256735", "senado-7914763"]


async def test_relevance_puts_the_named_bill_first_and_pages(api: Client) -> None:
    first = (await api.get("/api/v1/bills", params={"q": "educação", "sort": "relevance", "limit": 2})).json()
    rest = (await api.get(first["page"]["next"])).json()
    seen = [b["id"] for b in first["data"] + rest["data"]]
    assert sorted(seen) == ["camara-1", "camara-2", "camara-3"]
    assert rest["page"]["next_cursor"] is None


async def test_fields_reduce_and_highlight_marks_safely(api: Client) -> None:
    parameters: dict[str, Any] = {"q": "transparencias", "fields": "title,identifier", "highlight": "true", "limit": 1}
    (bill,) = (await api.get("/api/v1/bills", params=parameters)).json()["data"]
    assert list(bill) == ["id", "identifier", "title", "highlight"]
    marked = "Lei da liberdade &amp; <mark>transparência</mark> &gt; tudo na Internet"
    assert bill["highlight"] == {"title": marked, "matches": [{"field": "title", "excerpt": marked}]}


async def test_facets_and_counts_are_labelled(api: Client) -> None:
    parameters: dict[str, Any] = {"facets": "type,status,year,chamber,party", "count": "exact", "limit": 1}
    body = (await api.get("/api/v1/bills", params=parameters)).json()
    assert body["page"]["count"] == {"value": 6, "kind": "exact"}
    assert body["facets"]["complete"] is True
    assert body["facets"]["counted"] == 6
    assert body["facets"]["values"]["type"] == [{"value": "PL", "count": 5}, {"value": "PEC", "count": 1}]
    assert body["facets"]["values"]["year"] == [{"value": 2024, "count": 4}, {"value": 2020, "count": 2}]
    assert body["facets"]["values"]["party"] == [{"value": "PSB", "count": 6}]
    estimated = (await api.get("/api/v1/bills", params={"count": "estimated"})).json()["page"]["count"]
    assert estimated == {"value": 6, "kind": "exact"}


async def test_a_bill_is_complete_and_linked_to_the_other_house(api: Client) -> None:
    reply = await api.get("/api/v1/bills/camara-2256735")
    body = reply.json()
    bill = BillDetail.model_validate(body["data"])
    assert bill.identifier == "PL 2630/2020"
    assert body["meta"]["dataset"] == "live"
    links = {link["id"]: link for link in body["data"]["counterparts"]}
    if links:  # the rule that links them is the domain's
        assert links["senado-7914763"]["title"].startswith("Lei da liberdade")
        link = links["senado-7914763"]
        assert link["evidence"] == [one["text"] for one in link["evidence_parts"]] != []
        kinds = {one["kind"] for one in link["evidence_parts"]}
        assert kinds == {"SAME_NUMBER", "NUMBERED_BEFORE", "TITLES_ALIKE"}


@pytest.mark.parametrize("path", ["camara-404", "alesp-1", "camara-%00", "x" * 500, "camara-1/nothing"])
async def test_what_is_not_there_is_a_404_problem(api: Client, path: str) -> None:
    reply = await api.get(f"/api/v1/bills/{path}")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == 404


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("chambr=CAMARA", "chambr", "chamber"),
        ("sort=-last_action", "sort", "-last_action_at"),
        ("status=IN_COMITTEE", "status", "IN_COMMITTEE"),
        ("type=PLL", "type", "PL"),
        ("state=SX", "state", "did you mean S"),
        ("fields=titl", "fields", "title"),
        ("facets=parties", "facets", "party"),
        ("limit=101", "limit", "100"),
        ("limit=0", "limit", "1"),
        ("limit=x", "limit", "whole number"),
        ("number=2147483648", "number", "2147483647"),
        ("number=-2147483648", "number", "2147483647"),
        ("year=9223372036854775808", "year", "2147483647"),
        ("introduced_from=2024-02-30", "introduced_from", "date"),
        ("introduced_from=2024-03-01&introduced_to=2024-02-01", "introduced_to", "swap"),
        ("last_action_from=2024-03-01&last_action_to=2024-02-01", "last_action_to", "swap"),
        ("min_seq=-1", "min_seq", "0"),
        ("changed_since=yesterday", "changed_since", "instant"),
        ("sort=relevance", "sort", "q"),
        ("q=", "q", "empty"),
        ("q=%00", "q", "control"),
        ("q=%ED%A0%80", "q", "UTF-8"),
        ("q=" + "a" * 1001, "q", "1000"),
        ("author=" + "%22" * 2000, "author", "100"),
        ("ids=" + ",".join(f"camara-{n}" for n in range(101)), "ids", "100"),
        ("cursor=abc", "cursor", "cursor"),
        ("in_progress=maybe", "in_progress", "true or false"),
        ("count=all", "count", "exact"),
    ],
)
async def test_a_wrong_parameter_is_named_with_what_is_right(
    api: Client, query: str, parameter: str, said: str
) -> None:
    reply = await api.get(f"/api/v1/bills?{query}")
    assert reply.status_code == 400, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    (error,) = reply.json()["errors"]
    assert error["parameter"] == parameter
    assert said in error["detail"]


async def test_a_cursor_belongs_to_its_question(api: Client) -> None:
    cursor = (await api.get("/api/v1/bills?limit=1")).json()["page"]["next_cursor"]
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert (await api.get("/api/v1/bills", params={"cursor": cursor, "limit": 3})).status_code == 200
    other = await api.get("/api/v1/bills", params={"cursor": cursor, "type": "PL"})
    assert other.status_code == 400
    assert "other parameters" in other.json()["detail"]
    for place in range(0, len(cursor), 7):
        wrong = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert (await api.get("/api/v1/bills", params={"cursor": wrong})).status_code == 400


async def test_the_next_page_of_repeated_values_is_found_by_its_link(api: Client) -> None:
    first = (await api.get("/api/v1/bills?type=PL&type=PEC&limit=1")).json()
    assert first["page"]["next"] is not None
    following = await api.get(first["page"]["next"])
    assert following.status_code == 200
    assert following.json()["data"][0]["id"] != first["data"][0]["id"]


async def test_batch_get_by_ids_and_urns(api: Client) -> None:
    assert sorted(await ids(api, ids="camara-1,senado-7914763,camara-0")) == ["camara-1", "senado-7914763"]
    urn = (await api.get("/api/v1/bills/senado-7914763")).json()["data"]["urn_lex"]
    assert await ids(api, urns=urn.upper()) == ["senado-7914763"]


@pytest.mark.parametrize(
    ("q", "kind"),
    [
        ("PL 2630/2020", "LABEL"),
        ("camara-2256735", "ID"),
        ("2256735", "UPSTREAM_ID"),
        ("https://www.camara.leg.br/proposicoesWeb/fichadetramitacao?idProposicao=2256735", "URL"),
        ("https://www.camara.leg.br/propostas-legislativas/2256735", "URL"),
        ("https://dadosabertos.camara.leg.br/api/v2/proposicoes/2256735", "URL"),
        ("pl-2630-2020", "LABEL"),
        ("pl 2.630/2020", "LABEL"),
        ("PL nº 2630, de 2020", "LABEL"),
        ("PL 2630/20", "LABEL"),
        ("2630/2020", "LABEL"),
        ("projeto de lei nº 2.630, de 2020", "LABEL"),
    ],
)
async def test_any_name_resolves(api: Client, q: str, kind: str) -> None:
    body = (await api.get("/api/v1/resolve", params={"q": q})).json()
    assert body["resolved"] == {"kind": kind, "q": q}
    assert "camara-2256735" in [bill["id"] for bill in body["data"]]


@pytest.mark.parametrize("q", ["Lei 14.811/2024", "lei nº 14.811, de 12 de janeiro de 2024", "lei 14811"])
async def test_a_law_resolves_to_the_bill_that_became_it(api: Client, q: str) -> None:
    body = (await api.get("/api/v1/resolve", params={"q": q})).json()
    assert body["resolved"] == {"kind": "LAW", "q": q}
    assert [bill["id"] for bill in body["data"]] == ["camara-4"]
    assert (await api.get("/api/v1/resolve", params={"q": "Lei 14.812/2024"})).json()["data"] == []


async def test_the_other_houses_page_resolves(api: Client) -> None:
    page = "https://www25.senado.leg.br/web/atividade/materias/-/materia/7914763"
    body = (await api.get("/api/v1/resolve", params={"q": page})).json()
    assert "senado-7914763" in [bill["id"] for bill in body["data"]]
    wrong = await api.get("/api/v1/resolve", params={"q": "https://example.org/1"})
    assert wrong.status_code == 400


async def test_sorts_run_both_ways(api: Client) -> None:
    for key in ("last_action_at", "introduced_on", "changed_at"):
        up, down = await ids(api, sort=key), await ids(api, sort=f"-{key}")
        assert up == down[::-1]
        assert len(up) == 6
