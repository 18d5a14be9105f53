"""Every problem that the code makes is of a registered type, and tells its detail in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_gateway.access.identity import Forbidden, NotAuthenticated
from api_gateway.access.scopes import Scope
from api_gateway.web.pipeline.access_refusals import forbidden, keys_unavailable, not_authenticated
from api_gateway.web.pipeline.authentication import sent_credential
from api_gateway.web.pipeline.request_refusals import address_too_long, no_body_taken
from legis.languages import Language
from legis.service.problem_types import BY_NAME, name_of
from legis.service.problems import ProblemResponse

ROOT = Path(__file__).parents[3]
PLACES = (ROOT / "services" / "api-gateway" / "src", ROOT / "shared" / "src")
BY_STATUS = {"_phrase(error.status_code)", "_phrase(400)", "_phrase(500)", "_phrase(503)", "title"}
"""Titles that are the phrase of their status."""

NO_TYPE = {"Error"}
"""Titles without a page: of exceptions that no route of ours raises."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Each call of `problem(…)`, and where it is."""
    for folder in PLACES:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


FOUND = dict(calls())


def test_the_calls_are_found() -> None:
    assert len(FOUND) > 25


@pytest.mark.parametrize("place", FOUND)
def test_a_title_is_that_of_a_registered_type_of_its_status(place: str) -> None:
    status, title = FOUND[place].args[:2]
    if not isinstance(title, ast.Constant):
        assert ast.unparse(title) in BY_STATUS
        return
    if title.value in NO_TYPE:
        return
    assert isinstance(title.value, str)
    assert isinstance(status, ast.Constant)
    assert BY_NAME[name_of(title.value)].status == status.value


@pytest.mark.parametrize("place", FOUND)
def test_no_detail_is_in_english_alone(place: str) -> None:
    assert not isinstance(FOUND[place].args[2], ast.Constant | ast.JoinedStr)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({b"x-api-key": b"legis_nothing"}, "dígito de controle"),
        ({b"authorization": b"Basic dXNlcjpwYXNz"}, "aceita `Bearer`"),
    ],
)
def test_a_refused_key_is_explained_in_portuguese(headers: dict[bytes, bytes], said: str) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        sent_credential(headers)
    assert said in told(not_authenticated(refused.value, "/x"))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (forbidden(Forbidden(Scope.SUBSCRIPTIONS), "/x"), "escopo subscriptions"),
        (keys_unavailable("/x"), "consultar chaves de API"),
        (address_too_long(9000, 8192, "/x"), "tem 9000 bytes; são lidos no máximo 8192"),
        (no_body_taken("/x"), "GET e HEAD não têm corpo"),
    ],
)
def test_a_refusal_says_the_same_in_portuguese(reply: ProblemResponse, said: str) -> None:
    assert said in told(reply)


def told(reply: object) -> str:
    """The reply in Portuguese."""
    assert isinstance(reply, ProblemResponse)
    return bytes(reply.told_in(Language.PORTUGUESE).body).decode()
