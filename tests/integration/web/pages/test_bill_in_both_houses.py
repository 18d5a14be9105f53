"""The page of a bill that both houses have, former numbers, and what changed last, over a real API."""

import re
from typing import Any

import httpx2
import pytest
from integration.store.records.record_readings import votes, voting
from integration.web.pages.test_pages import seen
from legis.domain.bill import OtherIdentifier
from legis.domain.vocabulary import Chamber, Source

Client = httpx2.AsyncClient


def _formerly(number: int) -> OtherIdentifier:
    return OtherIdentifier(identifier=f"PLS {number}/2019", type_code="PLS", number=number, year=2019)


@pytest.fixture(scope="module", autouse=True)
async def records(store: Any, put: Any, make_bill: Any) -> None:
    title = "Lei da liberdade e transparência na Internet"
    await store(
        [
            *(
                make_bill(
                    number, source=Source.SENADO, upstream_id=f"{number}", title=f"Assunto {number}.",
                    other_identifiers=(_formerly(was),),
                )
                for number, was in ((107, 7), (108, 8), (109, 8))
            ),
            make_bill(2630, year=2020, title=title, upstream_id="2256735"),
            make_bill(2630, source=Source.SENADO, year=2020, title=title, upstream_id="7914763"),
        ]
    )  # fmt: skip
    in_senado = {"id": "senado-vote-2", "source": Source.SENADO, "house": Chamber.SENADO}
    await put(
        voting(1, bill="camara-2256735", nominal=True, votes=votes("Y" * 30 + "N" * 12)),
        voting(2, bill="senado-7914763").model_copy(update=in_senado),
    )


async def test_a_former_number_leads_on_or_to_a_choice(site: Client) -> None:
    reply = await site.get("/pls/7/2019")
    assert (reply.status_code, reply.headers["location"]) == (301, "/bills/senado-107")
    page = await seen(site, "/pls/8/2019")
    assert "2 projetos já tiveram o número PLS 8/2019" in page.text
    assert {"/bills/senado-108", "/bills/senado-109"} <= {one.get("href") for _, one in page.tags}


async def test_votings_and_feeds_of_both_houses_are_on_the_page(site: Client, api: Client) -> None:
    page = await seen(site, "/pl/2630/2020")
    links = [one.get("href") or "" for tag, one in page.tags if tag == "a"]
    assert {"/votes/camara-vote-1", "/votes/senado-vote-2"} <= set(links)
    feeds = [one for one in links if ("/feeds/" in one or ".ics" in one) and "?" in one]
    assert len(feeds) == 2
    for address in feeds:
        assert {"camara-2256735", "senado-7914763"} <= set(re.findall(r"(?:camara|senado)-\d+", address))
        assert (await api.get(address.replace("https://legis.example", ""))).status_code == 200
    assert "/api/v1/bills/camara-2256735" in links
    rest = await seen(site, "/votes?bill=camara-2256735&bill=senado-7914763")
    assert {"/votes/camara-vote-1", "/votes/senado-vote-2"} <= {one.get("href") for _, one in rest.tags}


async def test_what_changed_last_is_the_newest_news(site: Client, store: Any, make_bill: Any) -> None:
    for title in ("Um.", "Dois.", "Três."):
        await store([make_bill(77, upstream_id="77", title=title)])
    page = await seen(site, "/bills/camara-77")
    assert "Antes: Dois. → Agora: Três." in page.text
    assert "Antes: Um." not in page.text
