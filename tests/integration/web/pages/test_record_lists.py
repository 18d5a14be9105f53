"""Lists of records and what home shows of them over a real API: each row and number is one of its replies."""

import re

import httpx2
import pytest
from integration.web.pages.test_pages import seen
from integration.web.pages.test_record_pages import data, hrefs, records

__all__ = ["records"]
"""The fixture: these pages are of the same records."""

Client = httpx2.AsyncClient


async def test_the_last_vote_at_home_is_the_newest_by_name(site: Client, api: Client) -> None:
    (vote,) = await data(api, "/vote-events?nominal=true&limit=1")
    page = await seen(site, "/")
    assert f"/votes/{vote['id']}" in hrefs(page)
    assert (vote["counts_published"] or vote["counts"])["yes"] > 0
    counts = vote["counts_published"] or vote["counts"]
    for name, word in (("yes", "Sim"), ("no", "Não")):
        assert f"{word} {counts[name]}" in page.text


@pytest.mark.parametrize("query", ["", "&house=CAMARA&party=PT", "&q=membro 2", "&state=AC"])
async def test_the_list_of_legislators_is_that_of_the_api(site: Client, api: Client, query: str) -> None:
    listed, page = await data(api, f"/legislators?in_office=true{query}"), await seen(site, f"/legislators?{query}")
    shown = {link for link in hrefs(page) if re.fullmatch(r"/legislators/[\w-]+", link)}
    assert shown == {f"/legislators/{one['id']}" for one in listed}
    assert len(listed) == {"": 2, "&q=membro 2": 1, "&state=AC": 0}.get(query, 2)
    for one in listed:
        assert f"{one['name']}{one['party']}-{one['state']}" in page.text
    assert ("Ninguém com esses filtros." in page.text) == (not listed)


async def test_every_vote_of_a_legislator_is_that_of_the_api(site: Client, api: Client) -> None:
    who, path = await data(api, "/legislators/camara-deputy-1"), "/legislators/camara-deputy-1/votes"
    votes_of, page = await data(api, f"{path}?limit=100"), await seen(site, f"{path}?limit=100")
    assert f"{who['counts']['votes']} votos" in page.text
    shown = [link for link in hrefs(page) if re.fullmatch(r"/votes/[\w-]+", link)]
    assert set(shown) == {f"/votes/{one['vote_event']['id']}" for one in votes_of}
    assert len(votes_of) == who["counts"]["votes"] == 13


async def test_the_list_of_committees_is_that_of_the_api(site: Client, api: Client) -> None:
    asked = "active=true&classification=PERMANENT"
    listed, page = await data(api, f"/organizations?{asked}"), await seen(site, f"/committees?{asked}")
    shown = {link for link in hrefs(page) if re.fullmatch(r"/committees/[\w-]+", link)}
    assert shown == {f"/committees/{one['id']}" for one in listed} == {"/committees/camara-org-2003"}
    assert f"{listed[0]['name']} {listed[0]['acronym']}" in page.text
    assert "/committees/camara-org-2003" in hrefs(await seen(site, "/committees")), "without a choice: those that meet"
    assert not [1 for link in hrefs(await seen(site, "/committees?active=false")) if link.startswith("/committees/c")]


async def test_a_meeting_is_what_the_api_says(site: Client, api: Client) -> None:
    for number in (1, 2):
        met, page = (
            await data(api, f"/events/camara-event-{number}"),
            await seen(site, f"/agenda/camara-event-{number}"),
        )
        assert met["name"] in page.text
        assert met["location"] is None or met["location"] in page.text
        assert ("Cancelada" in page.text) == (met["status"] == "CANCELLED")
        for item in met["agenda"]:
            assert item["identifier"] is None or item["identifier"] in page.text
            assert f"/bills/{item['bill_ids'][0]}" in hrefs(page)
        assert ("Nenhum item de pauta publicado até agora." in page.text) == (not met["agenda"])
