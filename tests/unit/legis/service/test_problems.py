"""The registry of problem types, and problems in both languages."""

import json
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from legis.languages import Text
from legis.service.problem_types import BY_NAME, PROBLEM_TYPES
from legis.service.problems import ProblemResponse, problem

PT = {"Accept-Language": "pt-BR"}


async def sent(reply: ProblemResponse, **headers: str) -> Response:
    """The reply as a client of these headers gets it."""
    async with AsyncClient(transport=ASGITransport(reply), base_url="http://test") as client:
        return await client.get("/", headers=headers)


def test_each_type_has_a_name_of_its_own_and_both_languages() -> None:
    assert len(BY_NAME) == len(PROBLEM_TYPES)
    for name, one in BY_NAME.items():
        assert name.replace("-", "").isalpha()
        assert 400 <= one.status < 600
        for text in (one.title, one.text):
            assert text.en
            assert text.pt
            assert text.en != text.pt


async def test_a_problem_is_told_in_the_language_that_is_preferred() -> None:
    errors = [{"parameter": "q", "detail": Text("is empty", "está vazio")}]
    reply = problem(400, "Invalid parameter", Text("q: is empty", "q: está vazio"), errors=errors)
    english, portuguese = await sent(reply), await sent(reply, **{"Accept-Language": "pt-BR"})
    assert english.json()["title"] == "Invalid parameter"
    assert portuguese.json()["title"] == "Parâmetro inválido"
    assert portuguese.json()["detail"] == "q: está vazio"
    assert portuguese.json()["errors"] == [{"parameter": "q", "detail": "está vazio"}]
    for found, language in ((english, "en"), (portuguese, "pt-BR")):
        assert found.headers["content-language"] == language
        assert "Accept-Language" in found.headers["vary"]
        assert found.json()["type"] == "/problems/invalid-parameter"
        assert int(found.headers["content-length"]) == len(found.content)


async def test_a_detail_in_english_alone_becomes_the_types_text() -> None:
    reply = problem(503, "Too busy", "Wait a little.")
    portuguese: dict[str, Any] = (await sent(reply, **PT)).json()
    assert portuguese["detail"] == BY_NAME["too-busy"].text.pt
    assert json.loads(bytes(problem(503, "Too busy", "Wait a little.").body))["detail"] == "Wait a little."


@pytest.mark.parametrize("title", ["Teapot", "Error"])
def test_a_problem_outside_the_registry_has_no_page(title: str) -> None:
    assert json.loads(bytes(problem(418, title, "x").body))["type"] == "about:blank"


async def test_a_problem_may_have_further_members() -> None:
    reply = problem(410, "Gone", "x", headers={"Retry-After": "2"}).extended({"head": 7})
    found = await sent(reply, **PT)
    assert found.json()["head"] == 7
    assert found.json()["title"] == "Não existe mais"
    assert found.headers["retry-after"] == "2"
