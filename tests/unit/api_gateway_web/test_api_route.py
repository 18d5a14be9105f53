"""Parameters read at once are what FastAPI reads one by one, and complaints have the same form."""

from typing import Annotated, Any

import httpx2
import pytest
from api_gateway.web.api_route import ApiRoute, Remembered
from api_gateway.web.dependencies import BillId
from api_gateway.web.error_handlers import add_error_handlers
from api_gateway.web.params.input_errors import MAX_ERRORS
from api_gateway.web.params.lookup_params import ResolveParameters
from api_gateway.web.params.parameters import ActionParameters, BillParameters, ChangeParameters
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext
from api_gateway.web.pipeline.route_policy import NO_ROUTE
from fastapi import APIRouter, FastAPI, Query
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


class _Context:
    """What the outermost layer leaves in the scope."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[CONTEXT] = RequestContext({}, NO_ROUTE, "client", scope["query_string"])
        await self.app(scope, receive, send)


def client_of(route_class: type[APIRoute]) -> httpx2.AsyncClient:
    router = APIRouter(route_class=route_class)

    @router.get("/bills")
    async def bills(asked: Annotated[BillParameters, Query()]) -> Response:
        return JSONResponse(asked.model_dump(mode="json", exclude_unset=True))

    @router.get("/changes")
    async def changes(asked: Annotated[ChangeParameters, Query()]) -> Response:
        return JSONResponse(asked.model_dump(mode="json", exclude_unset=True))

    @router.get("/resolve")
    async def resolve(asked: Annotated[ResolveParameters, Query()]) -> Response:
        return JSONResponse(asked.model_dump(mode="json", exclude_unset=True))

    @router.get("/bills/{bill_id}/actions")
    async def actions(bill_id: BillId, asked: Annotated[ActionParameters, Query()]) -> Response:
        return JSONResponse([bill_id, asked.model_dump(mode="json", exclude_unset=True)])

    app = FastAPI()
    app.router.routes.extend(router.routes)
    add_error_handlers(app)
    app.add_middleware(_Context)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


PATHS = [
    "/bills",
    "/bills?type=PL&type=PEC&year=2020&limit=7&in_progress=true&q=educa%C3%A7%C3%A3o",
    "/bills?type=PL,PEC&fields=&facets=type&facets=year",
    "/bills?q=",
    "/bills?limit=x&chambre=SENADO&highlight=perhaps&count=all",
    "/bills?x=1&y=2&x=3",
    "/bills?in_progress=1&highlight=yes",
    "/bills?cursor=" + "a" * 1001,
    "/bills?" + "&".join(f"type=T{n}" for n in range(101)),
    "/bills?=&=&=&limit",
    "/bills?q=%FF%FE",
    "/changes?after=9223372036854775808",
    "/changes?after=-1&wait=31&epoch=",
    "/changes?after=1.0",
    "/resolve",
    "/resolve?q=PL+1/2020",
    "/resolve?p=1",
    "/bills/camara-1/actions?kind=VOTED&limit=2",
    "/bills/camara-1/actions?limit=101",
    "/bills/nowhere-1/actions",
    "/bills/camara-" + "1" * 200 + "/actions?limit=x",
]


@pytest.mark.parametrize("path", PATHS, ids=[path[:40] for path in PATHS])
async def test_an_answer_is_what_fastapis_own_resolution_gives(path: str) -> None:
    async with client_of(ApiRoute) as ours, client_of(APIRoute) as theirs:
        for _ in range(3):  # the third time from memory, where it is good
            reply, wanted = await ours.get(path), await theirs.get(path)
            assert (reply.status_code, _untraced(reply)) == (wanted.status_code, _untraced(wanted))


def _untraced(reply: httpx2.Response) -> Any:
    """The body without the id of its request's own trace, which other tests of the process may have turned on."""
    body = reply.json()
    return {name: value for name, value in body.items() if name != "trace_id"} if isinstance(body, dict) else body


def test_an_endpoint_may_not_take_what_the_route_class_cannot_read() -> None:
    router = APIRouter(route_class=ApiRoute)
    with pytest.raises(TypeError, match="cannot take limit"):

        @router.get("/bills")
        async def bills(limit: int = 5) -> Response:
            raise AssertionError


def test_results_are_remembered_from_the_second_time_on_and_bounded() -> None:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key * 2

    remembered = Remembered(make, most=10)
    assert [remembered(5) for _ in range(4)] == [10] * 4
    assert made == [5, 5], "the second call is remembered"
    for number in range(100, 200):
        remembered(number)
        if number % 5 == 0:
            remembered(5)
    assert made.count(5) == 2, "what is asked now and then stays known"
    remembered(6), [remembered(number) for number in range(300, 330)], remembered(6)
    assert made.count(6) == 2, "what is not asked again is forgotten"


@pytest.mark.parametrize(
    ("path", "parameter", "english", "portuguese"),
    [
        ("/bills?limit=1&limit=2", "limit", "more than once", "mais de uma vez"),
        ("/bills?q=a&q=a", "q", "more than once", "mais de uma vez"),
        ("/bills?limit=", "limit", "is empty", "está vazio"),
        ("/bills?count=", "count", "is empty", "está vazio"),
        ("/changes?epoch=", "epoch", "is empty", "está vazio"),
        ("/bills?limit=0", "limit", "at least 1", "no mínimo 1"),
        ("/bills?count=all", "count", "Allowed: none, estimated, exact", "Valores: none, estimated, exact"),
        ("/bills?casa=SENADO", "casa", "did you mean chamber?", "você quis dizer chamber?"),
        ("/resolve?foo=1&q=a", "foo", "Allowed: q", "Parâmetros: q"),
        ("/resolve", "q", "required", "obrigatório"),
    ],
)
async def test_wrong_input_is_told_in_both_languages(path: str, parameter: str, english: str, portuguese: str) -> None:
    async with client_of(ApiRoute) as client:
        for language, said in (("en", english), ("pt", portuguese)):
            reply = await client.get(path, headers={"Accept-Language": language})
            assert reply.status_code == 400
            (error,) = reply.json()["errors"]
            assert error["parameter"] == parameter
            assert said in error["detail"]
            assert reply.json()["detail"] == f"{parameter}: {error['detail']}"


async def test_of_very_many_wrong_names_the_first_ones_are_told() -> None:
    async with client_of(ApiRoute) as client:
        reply = await client.get("/bills?" + "&".join(f"x{n}=1" for n in range(1500)))
    assert [error["parameter"] for error in reply.json()["errors"]] == [f"x{n}" for n in range(MAX_ERRORS)]
