"""Pages of votings, people, bodies, meetings and changes: what they say is what the API replies."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from integration.store.records.record_readings import agenda, event, legislator, votes, voting
from integration.web.pages.conftest import site_of
from integration.web.pages.test_pages import seen
from legis.domain.bill import Rapporteur
from legis.domain.organization import Organization
from legis.domain.records.event_record import EventStatus
from legis.domain.records.membership import Member, Membership, MembershipKind
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.vocabulary import Chamber, Source
from legis.domain.voting import VoteCounts, VoteResult

Client = httpx2.AsyncClient
NOW = datetime.now(UTC).replace(microsecond=0)
CFT = Organization(code="2003", acronym="CFT", name="Comissão de Finanças")
PLENARY = Organization(code="180", acronym="PLEN", name=None)
TERM = Membership(kind=MembershipKind.TERM, legislature=57, start_date=date(2023, 2, 1))
SEAT = Membership(
    kind=MembershipKind.COMMITTEE,
    organization=CFT,
    organization_id="camara-org-2003",
    role="Presidente",
    start_date=date(2023, 3, 1),
)
HOUSE = "Y" * 30 + "N" * 12 + "AAOP"
PAGES = (
    "/votes", "/votes/camara-vote-1", "/votes/camara-vote-2", "/legislators", "/legislators/camara-deputy-1",
    "/legislators/camara-deputy-1/votes", "/legislators/camara-deputy-1/agreement?party=PT", "/committees",
    "/committees/camara-org-2003", "/committees/camara-org-2003/members", "/agenda",
    "/agenda/camara-event-1", "/changes",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
async def records(put: Any, store: Any, make_bill: Any) -> None:
    where = {"organization": CFT, "rapporteurs": (Rapporteur(name="Membro 1", legislator_id="1"),)}
    await store(
        [make_bill(10, year=2024, upstream_id="1", title="Trata da merenda.", **where), make_bill(11, upstream_id="2")]
    )
    seats = (
        Member(legislator_id="camara-deputy-1", name="Membro 1", role="Presidente", start_date=date(2023, 3, 1)),
        Member(legislator_id="camara-deputy-2", name="Membro 2", role="Titular", start_date=date(2023, 3, 1)),
        Member(legislator_id="camara-deputy-3", name="Membro 3", role="Titular", end_date=date(2024, 3, 1)),
    )
    await put(
        *(
            legislator(number, name=f"Membro {number}", in_office=True, party="PT", state="SP",
                       memberships={"terms": (TERM,), "committees": (SEAT,)})
            for number in (1, 2)
        ),
        OrganizationRecord(
            id="camara-org-2003", source=Source.CAMARA, upstream_id="2003", house=Chamber.CAMARA, acronym="CFT",
            classification=Classification.PERMANENT, active=True, name="Comissão de Finanças", members={"now": seats},
        ),
        voting(
            1, bill="camara-1", votes=votes(HOUSE, parties=("PT", "PL", "XYZ")), result=VoteResult.PASSED, nominal=True,
            counts_published=VoteCounts(yes=30, no=12, abstain=2, other=2), description="Aprovado o Projeto.",
            organization=PLENARY, organization_id="camara-org-180",
        ),
        voting(
            2, bill="camara-9", votes=votes("YYN", first=1), result=VoteResult.FAILED, nominal=True,
            counts_published=VoteCounts(yes=20, no=1), description="Rejeitado o Projeto.",
        ),
        *(voting(number, votes=votes("YN"), nominal=True) for number in range(3, 14)),
        event(1, start=NOW + timedelta(days=1), organizations=(CFT,), organization_ids=("camara-org-2003",),
              agenda=agenda("camara-1", "camara-2")),
        event(2, start=NOW + timedelta(days=2), status=EventStatus.CANCELLED),
    )  # fmt: skip


async def data(api: Client, path: str) -> Any:
    reply = await api.get(f"/api/v1{path}")
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


def hrefs(page: Any) -> set[str]:
    return {attributes["href"] for tag, attributes in page.tags if tag == "a" and attributes.get("href")}


async def test_every_vote_and_number_of_a_voting_is_on_its_page(site: Client, api: Client) -> None:
    vote, page = await data(api, "/vote-events/camara-vote-1"), await seen(site, "/votes/camara-vote-1")
    assert "Por 30 a 12, a Câmara aprova o PL 10/2024" in page.text
    for one in vote["votes"]:
        assert f"{one['name']} {one['state']}" in page.text
        assert f"/legislators/{one['legislator_id']}" in hrefs(page)
    for party in {one["party"] for one in vote["votes"]}:
        members = [one for one in vote["votes"] if one["party"] == party]
        assert re.search(rf"{party or 'Sem partido informado'} {len(members)}\b", page.text)
    for option, words in (
        ("YES", "Sim"),
        ("NO", "Não"),
        ("ABSTAIN", "Abstenção"),
        ("OBSTRUCTION", "Obstrução"),
        ("PRESIDING", "Preside"),
    ):
        assert f"{words} {sum(one['option'] == option for one in vote['votes'])}" in page.text
    assert vote["description"] in page.text
    assert "Trata da merenda." in page.text, "the bill's title, by a second request"
    assert "Publicado e contado batem." in page.text
    paths = [
        attributes["d"] or "" for tag, attributes in page.tags if tag == "path" and "h.1" in (attributes.get("d") or "")
    ]
    assert sum(path.count("h.1") for path in paths) == len(vote["votes"]) + 12, "a ring is its path again"


async def test_published_and_counted_totals_stand_side_by_side_where_they_differ(site: Client, api: Client) -> None:
    vote, page = await data(api, "/vote-events/camara-vote-2"), await seen(site, "/votes/camara-vote-2")
    assert vote["counts"]["yes"] == 2
    assert "Com 20 sim e 1 não, a Câmara rejeita" in page.text
    assert "não batem; mostramos os dois" in page.text
    assert re.search(r"Sim\s*20\s*2\b", page.text)


async def test_the_list_of_votings_is_that_of_the_api(site: Client, api: Client) -> None:
    query = "from=2026-01-01&result=PASSED&nominal=true"
    listed, page = await data(api, f"/vote-events?{query}"), await seen(site, f"/votes?{query}")
    shown = [link for link in hrefs(page) if re.fullmatch(r"/votes/[\w-]+", link)]
    assert set(shown) == {f"/votes/{one['id']}" for one in listed} != set()
    (csv,) = [link for link in hrefs(page) if "format=csv" in link]
    assert (await api.get(csv)).text.count("\n") == len(listed) + 1


async def test_lists_go_on_where_the_api_does(site: Client) -> None:
    found: list[str] = []
    path = "/votes?limit=5"
    for _ in range(10):
        page = await seen(site, path)
        found += [link for link in hrefs(page) if re.fullmatch(r"/votes/[\w-]+", link)]
        following = [attributes["href"] for tag, attributes in page.tags if attributes.get("rel") == "next"]
        if not following:
            break
        path = following[0] or ""
    assert len(found) == len(set(found)) == 13


async def test_a_legislator_is_what_the_api_says(site: Client, api: Client) -> None:
    who, page = await data(api, "/legislators/camara-deputy-1"), await seen(site, "/legislators/camara-deputy-1")
    assert f"{who['counts']['votes']} votos registrados" in page.text
    assert who["counts"]["votes"] == 13
    assert f"{who['party']}-{who['state']}" in page.text
    for one in await data(api, "/legislators/camara-deputy-1/votes?limit=8"):
        assert f"/votes/{one['vote_event']['id']}" in hrefs(page)
    for bill in await data(api, "/legislators/camara-deputy-1/bills"):
        assert bill["identifier"] in page.text
    assert "/committees/camara-org-2003" in hrefs(page)
    assert not [1 for tag, _ in page.tags if tag == "img"], "no photo from another server"
    none = await seen(site, "/legislators/camara-deputy-1?role=author")
    assert "Nenhum projeto neste papel" in none.text
    assert (await site.get("/legislators/camara-deputy-1?role=king")).status_code == 400


async def test_agreement_is_the_apis(site: Client, api: Client) -> None:
    told = await data(api, "/vote-events/agreement?a=camara-deputy-1&b=party-pt")
    page = await seen(site, "/legislators/camara-deputy-1/agreement?party=PT")
    assert told["common"] >= 10
    assert f"de acordo em {round(told['rate'] * 100)}" in page.text
    assert f"{told['same']} de {told['common']} votações" in page.text
    own = await seen(site, "/legislators/camara-deputy-1/agreement")
    assert "Membro 1 e PT" in own.text, "without a choice: the own party"
    await seen(site, "/legislators/camara-deputy-1/agreement?party=Nobody", 404)


async def test_a_committee_is_what_the_api_says(site: Client, api: Client) -> None:
    page = await seen(site, "/committees/camara-org-2003")
    for bill in await data(api, "/bills?organization=CFT&chamber=CAMARA&in_progress=true"):
        assert bill["identifier"] in page.text
    assert "PL 10/2024" in page.text
    assert "/agenda/camara-event-1" in hrefs(page)
    members = await seen(site, "/committees/camara-org-2003/members")
    body = await data(api, "/organizations/camara-org-2003")
    assert f"{body['members_now']} membros agora" in members.text
    assert members.text.index("Membro 1") < members.text.index("Membro 2") < members.text.index("Membros anteriores")
    assert members.text.index("Membros anteriores") < members.text.index("Membro 3")


async def test_a_week_is_that_of_the_api(site: Client, api: Client) -> None:
    for day in (NOW + timedelta(days=1), NOW + timedelta(days=2)):
        year, week, _ = (day - timedelta(hours=3)).isocalendar()
        monday = date.fromisocalendar(year, week, 1)
        listed = await data(api, f"/events?from={monday}&to={monday + timedelta(days=6)}&agenda=true")
        page = await seen(site, f"/agenda?week={year}-W{week:02d}")
        assert re.search(rf"\b{len(listed)} reuni", page.text)
        for one in listed:
            assert f"/agenda/{one['id']}" in hrefs(page)
            for entry in one["agenda"]:
                assert f"/bills/{entry['bill_ids'][0]}" in hrefs(page)
        assert ("Cancelada" in page.text) == any(one["status"] == "CANCELLED" for one in listed)
        empty = await seen(site, f"/agenda?week={year}-W{week:02d}&house=SENADO")
        assert "0 reuniões" in empty.text
    for link in hrefs(page):
        if ".ics" in link:
            assert (await api.get(link)).status_code == 200


async def test_changes_are_those_of_the_log(site: Client, api: Client) -> None:
    for kind in ("MOVED", "CREATED"):
        entries = (await api.get(f"/api/v1/changes?kind={kind}&limit=100")).json()["data"]
        page = await seen(site, f"/changes?kind={kind}")
        shown = [attributes["data-seq"] for _, attributes in page.tags if attributes.get("data-seq")]
        assert shown == [str(one["seq"]) for one in reversed(entries)]
        for one in entries:
            assert one["identifier"] in page.text
    assert "Trata da merenda." in page.text
    live = [attributes["data-stream"] for _, attributes in page.tags if attributes.get("data-stream")]
    assert live == ["/api/v1/changes/stream?kind=CREATED"]
    assert (await site.get("/changes?kind=WHATEVER")).status_code == 400
    assert (await site.get("/changes?before=x")).status_code == 400


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_both_languages_and_its_own_links(site: Client, path: str) -> None:
    for prefix, language in (("", "pt-BR"), ("/en", "en")):
        reply = await site.get(prefix + path)
        assert (reply.status_code, reply.headers["content-language"]) == (200, language), reply.text
        page = await seen(site, prefix + path)
        inner = {link for link in hrefs(page) if link.startswith("/") and not link.startswith("/api/")}
        assert {link for link in inner if not link.startswith("/en")} <= {path} | {"/docs"} if prefix else True


@pytest.mark.parametrize(
    "path", ["/votes/x", "/legislators/x", "/legislators/x/votes", "/legislators/x/agreement", "/committees/x",
             "/committees/x/members", "/agenda/x"]
)  # fmt: skip
async def test_a_record_that_is_not_there(site: Client, path: str) -> None:
    assert "Página não encontrada" in (await seen(site, path, 404)).text


@pytest.mark.parametrize(
    "path", ["/votes?result=GOOD", "/legislators?state=XX", "/committees?classification=CLUB", "/agenda?week=2026-W99",
             "/votes?from=2026-01-02&to=2026-01-01"]
)  # fmt: skip
async def test_what_the_api_refuses_is_refused(site: Client, path: str) -> None:
    await seen(site, path, 400)


async def test_while_the_api_is_away_these_pages_say_so_too(closed_port: int) -> None:
    async with site_of(f"http://127.0.0.1:{closed_port}") as site:
        for path in PAGES:
            reply = await site.get(path)
            assert (reply.status_code, "retry-after" in reply.headers) == (503, True), path
