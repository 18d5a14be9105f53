"""The search box of the pages finds a bill by a name that no bill has as words: law, id, URN, address."""

import re
from typing import Any

import pytest
from httpx2 import AsyncClient as Client
from legis.domain.bill import Enactment

NAMES = (
    "lei 16.000/2024", "camara-101", "101", "urn:lex:br:camara.deputados:projeto.lei;pl:2024;1",
    "https://www.camara.leg.br/propostas-legislativas/101", "www.camara.leg.br/propostas-legislativas/101",
)  # fmt: skip
OFFERED = "Você procura este projeto?"


@pytest.fixture(scope="module", autouse=True)
async def stored(store: Any, make_bill: Any) -> None:
    await store(
        [
            make_bill(1, title="Merenda.", upstream_id="101", enactment=Enactment(title="Lei nº 16.000 de 2/5/2024")),
            make_bill(2, title="Trata da educação.", upstream_id="102"),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("q", NAMES)
async def test_where_no_bill_has_the_words_the_bill_of_the_name_is_offered(site: Client, q: str) -> None:
    for path, offered in (("/", OFFERED), ("/en", "Are you looking for this bill?")):
        text = (await site.get(path, params={"q": q})).text
        assert offered in text
        assert re.search(r'<a href="(/en)?/bills/camara-101"', text)
        assert "camara-102" not in text


async def test_with_filters_too(site: Client) -> None:
    text = (await site.get("/", params={"q": "lei 16.000/2024", "type": "PEC", "year": "1999"})).text
    assert OFFERED in text


@pytest.mark.parametrize("q", ["merenda", "xyzw", "lei 99.999/2024", "PL 1/2024"])
async def test_nothing_is_offered_beside_what_was_found_or_is_no_name(site: Client, q: str) -> None:
    assert OFFERED not in (await site.get("/", params={"q": q})).text
