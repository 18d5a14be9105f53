"""Pages of figures and guides over a real API: every number is one of its replies, every shown request works."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest
from api_gateway.site.pages.developers_page import CHANGES, SEARCH
from api_gateway.site.pages.stats_page import COUNTS
from api_gateway.site.texts.guides import NAMES, requests_of
from integration.web.asking import eventually
from integration.web.pages.conftest import site_of
from legis.domain.bill import Action, Decision, Enactment
from legis.domain.vocabulary import ActionKind
from legis.languages import Language
from legis.service.problem_types import PROBLEM_TYPES

Client = httpx2.AsyncClient
SPAN = ("stage", "bills", "first_quarter", "median", "third_quarter")
PAGES = (
    "/status", "/stats", "/developers", "/developers/problems", "/developers/changelog",
    *(f"/developers/{name}" for name in NAMES),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any, connection: Any) -> None:
    await store(
        [
            make_bill(1, title="Institui a Política Nacional de Saúde Digital.", subjects=("Saúde",)),
            make_bill(2, type_code="PEC", title="Trata da merenda.", authors=[("Ana", "PT", "SP")]),
            make_bill(
                2630, year=2020, title="Institui a lei da saúde.", introduced=date(2024, 2, 1),
                decision=Decision(decided_on=date(2024, 3, 1)), enactment=Enactment(signed_on=date(2024, 4, 1)),
                actions=(
                    Action(date=date(2024, 2, 5), order=1, kind=ActionKind.REFERRED),
                    Action(date=date(2024, 2, 20), order=2, kind=ActionKind.OPINION),
                    Action(date=date(2024, 2, 22), order=3, kind=ActionKind.REFERRED),
                ),
            ),
        ]
    )  # fmt: skip
    for state, hours in (("FRESH", 50), ("STALE", 30), ("FRESH", 27)):
        await connection.execute(
            "INSERT INTO source_state_change (source, to_state, reason, at) VALUES ('camara', $1, 'x', $2)",
            state, datetime.now(UTC) - timedelta(hours=hours),
        )  # fmt: skip


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.cells: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.cells.append([])
        elif tag in ("th", "td") and self.cells:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.cells.append([])

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.cells and self.cells[-1]:
            self.cells[-1][-1] += data.strip()

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


async def page_at(site: Client, path: str) -> _Page:
    reply = await site.get(path)
    assert reply.status_code == 200, reply.text
    return _Page(reply.text)


async def data_of(api: Client, path: str) -> Any:
    return (await api.get(path)).json()["data"]


async def test_every_count_is_that_of_the_api(site: Client, api: Client) -> None:
    stats = await data_of(api, "/api/v1/stats")
    page = await page_at(site, "/en/stats")
    assert f"{stats['total']} bills known" in page.text
    rows = [tuple(cells) for cells in page.cells]
    for name in ("type", "status", "party", "state", "subject", "chamber"):
        for one in stats[name]:
            assert any(row[-2:-1] == (str(one["count"]),) for row in rows if len(row) == 4), (name, one)
    for name in COUNTS:
        text = (await site.get(f"/stats/{name}.csv")).text.splitlines()
        assert len(text) == 1 + len(stats[name])
        for one, line in zip(stats[name], text[1:], strict=True):
            assert line.startswith(f"{one['value']},")
            assert line.endswith(f",{one['count']}")
    told = [tuple(one[name] for name in SPAN) for one in stats["stages"]]
    assert told == [("REFERRED", 1, 4, 4, 4), ("OPINION", 1, 19, 19, 19), ("DECISION", 1, 29, 29, 29),
                    ("LAW", 1, 60, 60, 60)]  # fmt: skip
    written = csv.DictReader(io.StringIO((await site.get("/en/stats/spans.csv")).text))
    names = ["Referral to a committee", "First opinion", "Final decision of the house", "Signature of the law"]
    for row, one, name in zip(written, told, names, strict=True):
        assert (row["value"], row["label"]) == (one[0], name)
        assert tuple(int(row[figure]) for figure in SPAN[1:]) == one[1:]
        assert (name, *(f"{days} days" for days in one[2:]), str(one[1])) in rows
    assert (await site.get("/stats/nothing.csv")).status_code == 404


async def test_the_status_is_that_of_the_api(site: Client, api: Client) -> None:
    await eventually(lambda: api.get("/api/metrics"), lambda reply: reply.json()["index"]["behind"] == 0)
    sources, days = await data_of(api, "/api/v1/sources"), await data_of(api, "/api/v1/sources/days")
    metrics = (await api.get("/api/metrics")).json()
    page, told = await page_at(site, "/en/status"), (await site.get("/en/status.json")).json()
    assert [(one["source"], one["state"], one["reasons"]) for one in told["sources"]] == [
        (one["source"], one["state"], one["reasons"]) for one in sources
    ]
    assert told["service"]["index"] == metrics["index"]
    assert told["text"] in page.text
    assert f"Changes on record {metrics['index']['head']}" in page.text
    recorded = [day for day in days[0]["days"] if day["seconds"]]
    rows = [cells for cells in page.cells if len(cells) == 3 and cells[-1].endswith("%")]
    assert len(rows) == len(recorded)
    assert any("Late" in cells for cells in rows)
    feed = ElementTree.fromstring((await site.get("/status.atom")).content)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 3


async def test_the_status_is_there_while_the_api_is_away(closed_port: int) -> None:
    async with site_of(f"http://127.0.0.1:{closed_port}") as site:
        await site.get("/status")
        page = await page_at(site, "/status")
        assert "A API não responde a esta página desde" in page.text
        told = (await site.get("/status.json")).json()
        assert (told["status"], told["sources"], told["service"]) == ("away", None, None)
        assert told["api_away_since"] is not None
        assert (await site.get("/status.atom")).status_code == 200
        assert "A API não respondeu agora" in (await page_at(site, "/developers")).text
        assert (await site.get("/stats")).status_code == 503


async def test_the_quickstart_shows_replies_of_just_now(site: Client, api: Client) -> None:
    page = await page_at(site, "/developers")
    (found,) = (await api.get("/api/v1/bills", params=SEARCH)).json()["data"]
    (change,) = (await api.get("/api/v1/changes", params=CHANGES)).json()["data"] or [None]
    assert f'"identifier": "{found["identifier"]}"' in page.text
    assert f"/api/v1/bills/{found['id']}'" in page.text
    assert change is None or f'"seq": {change["seq"]}' in page.text
    for address in re.findall(r"curl 'https://legis\.example(/\S*)'", page.text):
        assert (await api.get(address)).status_code == 200, address


@pytest.mark.parametrize("name", NAMES)
async def test_every_request_of_a_guide_works(site: Client, api: Client, name: str) -> None:
    page = (await site.get(f"/developers/{name}")).text
    for path in requests_of(name, Language.PORTUGUESE):
        assert path in unescape(page)
        assert (await api.get(path)).status_code == 200, path


async def test_every_problem_is_explained(site: Client) -> None:
    portuguese, english = await page_at(site, "/developers/problems"), await page_at(site, "/en/developers/problems")
    for one in PROBLEM_TYPES:
        assert one.text.told(Language.PORTUGUESE) in portuguese.text
        assert one.text.told(Language.ENGLISH) in english.text


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_there_in_both_languages_within_its_budget(site: Client, path: str) -> None:
    for prefix, language in (("", "pt-BR"), ("/en", "en")):
        reply = await site.get(prefix + path, headers={"Accept-Encoding": "gzip"})
        assert (reply.status_code, reply.headers["content-language"]) == (200, language)
        assert " style=" not in reply.text
        again = await site.get(prefix + path, headers={"If-None-Match": reply.headers["etag"]})
        assert again.status_code in (200, 304), "figures may have moved"


async def test_the_design_guide_is_for_development_alone(site: Client, api: Client) -> None:
    assert (await site.get("/design")).status_code == 404
    async with site_of(str(api.base_url), site_design=True) as developing:
        assert "--marker-ink" in (await page_at(developing, "/design")).text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/problems", "/problems/not-found"])
async def test_the_apis_own_pages_lead_to_the_site_where_there_is_one(serve: Any, path: str) -> None:
    asked = {"Accept": "text/html", "Accept-Language": "en"}
    async with serve(site_url="https://legis.example") as client:
        reply = await client.get(path, headers=asked)
        assert 'href="https://legis.example/en/developers"' in reply.text
        assert "style-src 'self'" in reply.headers["content-security-policy"]
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', reply.text):
            assert (await client.get(address)).status_code == 200, address
    async with serve() as client:
        assert "/developers" not in (await client.get(path, headers=asked)).text
