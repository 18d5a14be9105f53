"""Pages over a real API: what they say is what it replies, in both languages, and so are its errors."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from integration.web.asking import eventually
from integration.web.pages.conftest import site_of
from legis.domain.bill import Enactment, Organization
from legis.domain.vocabulary import BillStatus, Source
from pydantic import SecretStr

Client = httpx2.AsyncClient
HOSTILE = """</title></script><img src=x onerror=alert(1)>"'&{{7*7}}"""
PAGES = ("/", "/?q=educacao&sort=relevance", "/bills/camara-101", "/pl/2630/2020", "/pl/1/2024")


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    title = "Lei da liberdade & transparência > tudo na Internet"
    await store(
        [
            make_bill(
                1, title="Institui a Política Nacional de Educação Digital.", upstream_id="101",
                enactment=Enactment(title="Lei nº 16.000 de 02/05/2024"),
            ),
            make_bill(1, title="Outro assunto, de outra casa.", source=Source.SENADO, upstream_id="102"),
            make_bill(2, title=HOSTILE, upstream_id="103", authors=[(HOSTILE, "PT", "SP")]),
            make_bill(
                4, title="Trata da educação e da merenda.", type_code="PEC", upstream_id="104",
                enactment=Enactment(title="Lei Ordinária 14811/2024", number="14811", year=2024),
            ),
            make_bill(5, enactment=Enactment(type_code="LEI-n", number="15000", year=2024), upstream_id="105"),
            make_bill(6, enactment=Enactment(title="Lei nº 15.000 de 02/05/2024"), upstream_id="106"),
            make_bill(2630, year=2020, title=title, upstream_id="2256735"),
            make_bill(
                2630, source=Source.SENADO, year=2020, title=title, upstream_id="7914763",
                organization=Organization(acronym="CCJ", name="Comissão"), status=BillStatus.APPROVED,
            ),
        ]
    )  # fmt: skip


class _Text(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.said))


async def seen(site: Client, path: str, status: int = 200) -> _Text:
    reply = await site.get(path, follow_redirects=True)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    return _Text(reply.text)


async def test_results_say_what_the_api_says(site: Client, api: Client) -> None:
    query = "q=educacao&type=PL&sort=relevance"
    replied = (await api.get(f"/api/v1/bills?{query}&count=exact&facets=type&highlight=true")).json()
    page = await seen(site, f"/?{query}")
    assert f"{replied['page']['count']['value']} projeto" in page.text
    for bill in replied["data"]:
        assert bill["identifier"] in page.text
        assert bill["title"] in page.text
        assert unescape(re.sub("</?mark>", "", bill["highlight"]["title"])) == bill["title"]
    addresses = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    (csv,) = [one for one in addresses if one and "format=csv" in one]
    assert (await api.get(csv.replace("https://legis.example", ""))).status_code == 200
    (calendar,) = [one["href"] for tag, one in page.tags if tag == "link" and one.get("type") == "text/calendar"]
    assert calendar in addresses
    assert (await api.get((calendar or "").replace("https://legis.example", ""))).status_code == 200
    boxes = [one for tag, one in page.tags if tag == "input" and one.get("type") == "checkbox"]
    assert {"PL", "PEC"} <= {one["value"] for one in boxes if one["name"] == "type"}, "counted as if none was chosen"


async def test_the_home_page_says_what_moved_today(site: Client, api: Client, store: Any, make_bill: Any) -> None:
    assert "Nada mudou hoje até agora." in (await seen(site, "/")).text
    await store([make_bill(1, title="Outro.", source=Source.SENADO, upstream_id="102", status=BillStatus.APPROVED)])
    (entry,) = (await api.get("/api/v1/changes?sort=-seq&kind=MOVED&limit=6")).json()["data"]
    assert ("IN_COMMITTEE", "APPROVED") in [(one["old"], one["new"]) for one in entry["changes"]]
    for path, words in (("/", ("Em comissão", "Aprovado")), ("/en", ("In committee", "Passed"))):
        page = await seen(site, path)
        moved = page.text.partition("O que mudou hoje" if path == "/" else "What changed today")[2]
        places = [moved.index(one) for one in (entry["identifier"], *words)]
        assert places == sorted(places)
        assert ("time", {"datetime": entry["changed_at"]}) in page.tags


async def test_an_empty_search_with_a_filter_offers_the_way_out(site: Client) -> None:
    page = await seen(site, "/?q=educacao&type=PDL&sort=relevance")
    assert "sem “Projeto de decreto legislativo (PDL)” há 2 projetos" in page.text
    assert "/?q=educacao&sort=relevance" in [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
    several = await seen(site, "/?q=educacao&type=PDL&in_progress=false&author=ninguem&sort=relevance")
    assert "sem os filtros há 2 projetos" in several.text


async def test_each_chosen_facet_keeps_its_other_values(site: Client) -> None:
    for chosen in ("type=PL&chamber=CAMARA", "type=PL&chamber=CAMARA&year=2024"):
        page = await seen(site, f"/?q=projeto+OR+educacao+OR+outro&{chosen}")
        boxes = [(one["name"], one["value"]) for tag, one in page.tags if one.get("type") == "checkbox"]
        assert {("type", "PL"), ("type", "PEC"), ("chamber", "CAMARA"), ("chamber", "SENADO")} <= set(boxes), chosen


async def test_every_text_of_a_bill_is_on_its_page(site: Client, api: Client) -> None:
    bill = (await api.get("/api/v1/bills/camara-2256735")).json()["data"]
    page = await seen(site, "/pl/2630/2020")
    for name in ("identifier", "title", "status_text", "type_text", "sponsors_text"):
        assert not bill[name] or bill[name] in page.text, name
    for one in (*bill["sponsorships"], *bill["subjects"]):
        assert one["name"] in page.text
    assert bill["counterparts"][0]["identifier"] in page.text
    links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
    assert {document["url"] for document in bill["documents"]} <= links


async def test_both_houses_of_a_bill_are_one_page(site: Client) -> None:
    for path in ("/bills/camara-2256735", "/bills/senado-7914763"):
        reply = await site.get(path)
        assert (reply.status_code, reply.headers["location"]) == (301, "/pl/2630/2020")
    assert (await site.get("/en/bills/camara-2256735")).headers["location"] == "/en/pl/2630/2020"
    for path in ("/PL/2630/2020", "/pl/2.630/2020", "/pl/02630/2020"):
        reply = await site.get(path)
        assert (reply.status_code, reply.headers["location"]) == (301, "/pl/2630/2020"), path


async def test_two_bills_of_one_number_are_a_choice(site: Client) -> None:
    page = await seen(site, "/pl/1/2024")
    assert "Há 2 projetos com o número PL 1/2024" in page.text
    assert (await site.get("/bills/camara-101")).status_code == 200, "its number is not its own"


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_there_in_both_languages(site: Client, path: str) -> None:
    english = await site.get(f"/en{'' if path == '/' else path}".replace("/en/?", "/en?"))
    assert english.headers["content-language"] == "en"
    assert '<html lang="en">' in english.text
    other = next(one for tag, one in _Text(english.text).tags if tag == "a" and one.get("class") == "lang")
    assert other["href"] == path
    assert (await site.get(path)).headers["content-language"] == "pt-BR"


async def test_a_hostile_record_is_text(site: Client) -> None:
    for path in ("/pl/2/2024", "/?q=onerror&sort=relevance", "/?sort=-introduced_on"):
        page = await seen(site, path)
        assert not [tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)]
        assert not [tag for tag, _ in page.tags if tag == "img"]
        assert HOSTILE in page.text


async def test_the_policy_forbids_what_is_inline(site: Client) -> None:
    reply = await site.get("/")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"


async def test_a_page_that_did_not_change_is_not_sent_again(site: Client) -> None:
    first = await site.get("/pl/2630/2020")
    again = await site.get("/pl/2630/2020", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "public, max-age=15"


async def test_assets_may_be_kept_for_ever(site: Client) -> None:
    html = (await site.get("/")).text
    found = re.findall(r"/assets/[\w.-]+", html)
    assert len(set(found)) >= 3
    for address in set(found):
        reply = await site.get(address)
        assert (reply.status_code, "immutable" in reply.headers["cache-control"]) == (200, True)
    assert (await site.get("/assets/site.css")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/pl/99999/2024", "/bills/camara-9999999", "/bills/x", "/nothing", "/a/b/c", "/en/pl/0/2024"]
)
async def test_an_address_that_leads_nowhere(site: Client, path: str) -> None:
    page = await seen(site, path, 404)
    assert "Página não encontrada" in page.text or "Page not found" in page.text
    assert any(attributes.get("name") == "robots" for _, attributes in page.tags)


async def test_a_filter_that_does_not_exist(site: Client) -> None:
    page = await seen(site, "/?type=PLX&q=a", 400)
    assert "você quis dizer Projeto de lei (PL)?" in page.text
    assert "/?q=a" in [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
    assert "did you mean Bill (PL)?" in (await seen(site, "/en?type=PLX", 400)).text


async def test_other_methods_are_refused_with_a_page(site: Client) -> None:
    reply = await site.delete("/")
    assert (reply.status_code, set(reply.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert "text/html" in reply.headers["content-type"]


async def test_head_has_no_body(site: Client) -> None:
    reply = await site.head("/")
    assert (reply.status_code, reply.content) == (200, b"")


async def test_the_visitors_trace_goes_on(site: Client) -> None:
    given = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    reply = await site.get("/", headers={"traceparent": given})
    assert reply.headers["traceparent"].split("-")[1] == given.split("-")[1]


async def test_operators_addresses_are_not_there_for_who_comes_by_a_proxy(site: Client) -> None:
    for path in ("/metrics", "/health", "/health/ready"):
        assert (await site.get(path)).status_code == 200
        assert (await site.get(path, headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 404


async def test_a_law_leads_to_the_bill_that_became_it(site: Client) -> None:
    for path in ("/lei/14811/2024", "/lei/14.811/2024"):
        reply = await site.get(path)
        assert (reply.status_code, reply.headers["location"]) == (302, "/pec/4/2024")


async def test_a_law_leads_to_its_bill_where_the_number_is_another_bills_too(site: Client) -> None:
    assert (await site.get("/lei/16000/2024")).headers["location"] == "/bills/camara-101"


async def test_two_bills_of_one_law_are_a_choice(site: Client) -> None:
    page = await seen(site, "/lei/15000/2024")
    assert "2 projetos deram origem à Lei nº 15.000/2024" in page.text
    assert {"/bills/camara-105", "/bills/camara-106"} <= {one.get("href") for _, one in page.tags}


async def test_a_law_that_no_bill_became_leads_to_the_bills_that_name_it(site: Client) -> None:
    reply = await site.get("/lei/8112/1990")
    assert reply.status_code == 302
    assert "8.112" in reply.headers["location"]


async def test_following_is_offered_only_where_the_api_takes_it(site: Client) -> None:
    """This API sends no e-mail, so the form is not there and its address says so."""
    page = await seen(site, "/pl/2630/2020")
    assert not [one for tag, one in page.tags if one.get("name") == "email"]
    assert [one for tag, one in page.tags if (one.get("href") or "").startswith("https://legis.example/api/v1/feeds/")]
    reply = await site.post("/follow", data={"email": "a@example.org", "q": "x"})
    assert reply.status_code == 503


async def test_who_follows_by_e_mail_is_told_of_the_link(serve: Any) -> None:
    mail = {"smtp_url": SecretStr("smtp://127.0.0.1:9"), "mail_from": "legis@legis.example"}
    mail["signing_master_key"] = SecretStr("a" * 32)
    async with serve(**mail, public_base_url="https://legis.example") as api, site_of(str(api.base_url)) as site:
        page = await eventually(lambda: site.get("/pl/2630/2020"), lambda seen: 'name="email"' in seen.text, 30)
        assert "/follow" in page.text
        reply = await site.post("/follow", data={"email": "a@example.org", "ids": "camara-2256735", "back": "/"})
        assert (reply.status_code, "Enviamos um link para a@example.org" in reply.text) == (200, True)
        wrong = await site.post("/follow", data={"email": "not an address", "ids": "camara-2256735"})
        assert wrong.status_code == 400
