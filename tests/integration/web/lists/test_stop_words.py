"""Texts that hold no word to search for: 84 of them, none of which may be an error of ours."""

from typing import Any

import httpx2
import pytest

Client = httpx2.AsyncClient

STOP_WORDS = ["de", "a", "o", "e", "é", "para", "que", "de da do", "da", "do", "em", "com", "ao", "à", "os", "as", "um",
              "uma", "ou", "não", "se", "por", "De", "QUE", "e o que", "a a a"]  # fmt: skip
SIGNS = ["-", "--", "---", '""', '"', '" "', "*", "**", "%", "%%", "'", "''", "`", "(", ")", "()", "(())", ")(", "!",
         "!!", "|", "||", "&", "&&", "&|!", ":", ":*", "a:*", "<->", "<2>", "\\", "\\\\", "/", "?", ".", ",,", ";", "+",
         "~", "^", "$", "#", "@", "=", "[", "{}", "_", "🗳", "\u200b", "º"]  # fmt: skip
MIXED = ["-de", '"de"', "de OR que", "de AND", "OR", "-(de)", "(de", "nº"]
TEXTS = STOP_WORDS + SIGNS + MIXED


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number, title="Dispõe sobre o que é de interesse de todos.") for number in range(1, 6)])


def test_there_are_as_many_as_were_tried() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 84


async def asked(api: Client, path: str, **parameters: Any) -> httpx2.Response:
    reply: httpx2.Response = await api.get(path, params=parameters)
    assert reply.status_code in (200, 400), (path, parameters, reply.text)
    if reply.status_code == 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["errors"][0]["parameter"] in parameters
    return reply


@pytest.mark.parametrize(
    "name", ["q", "author", "rapporteur", "regime", "subject", "organization", "party", "ids", "urns"]
)
async def test_a_list_of_nothing_is_no_error(api: Client, name: str) -> None:
    for text in TEXTS:
        await asked(api, "/api/v1/bills", **{name: text})


@pytest.mark.parametrize(
    "more",
    [
        {"sort": "relevance"}, {"count": "exact"}, {"facets": "type,author"}, {"highlight": "true"},
        {"sort": "relevance", "count": "exact", "facets": "year", "highlight": "true", "type": "PL"},
    ],
)  # fmt: skip
async def test_nor_is_it_with_all_that_may_be_asked_beside(api: Client, more: dict[str, str]) -> None:
    for text in TEXTS:
        reply = await asked(api, "/api/v1/bills", q=text, **more)
        if reply.status_code == 200 and "count" in more:
            assert reply.json()["page"]["count"]["value"] == len(reply.json()["data"])


@pytest.mark.parametrize("path", ["/api/v1/feeds/bills.atom", "/api/v1/changes"])
@pytest.mark.parametrize("name", ["q", "author"])
async def test_nor_in_feeds_and_changes(api: Client, path: str, name: str) -> None:
    for text in TEXTS:
        await asked(api, path, **{name: text})


@pytest.mark.parametrize("path", ["/api/v1/bills/suggest", "/api/v1/resolve"])
async def test_nor_in_suggestions_and_names(api: Client, path: str) -> None:
    for text in TEXTS:
        await asked(api, path, q=text)


async def test_stop_words_alone_find_what_has_them_and_signs_find_nothing(api: Client) -> None:
    found = await asked(api, "/api/v1/bills", q="de que")
    assert len(found.json()["data"]) == 5
    for text in ("%", "()", "* '", "\u200b"):
        nothing = await asked(api, "/api/v1/bills", q=text)
        assert nothing.json()["data"] == []
