"""Answers about people that do not have the shape that we read, from a server that a test tells what to say."""

import json
from typing import Any

import pytest
from aiohttp import web
from contract.upstream_client.conftest import make_client, upstream  # noqa: F401 - fixtures
from contract.upstream_client.double import MakeClient, Upstream
from ingest_camara.client.people_api import PAGE_SIZE, PeopleApi
from ingest_camara.wire.people_records import DeputyDetail, DeputyRow, Leadership
from legis.errors import RecordRejected, UpstreamSchemaChanged, UpstreamUnavailable


def sends(server: Upstream, dados: Any, total: int | None = None) -> None:
    headers = {} if total is None else {"X_Total_Count": str(total)}
    server.sends(json.dumps({"dados": dados, "links": []}).encode(), **headers)


GOOD = {"id": 7, "nome": "Fulana", "siglaPartido": "PT"}


async def test_a_row_that_does_not_fit_costs_itself_and_keeps_no_contact(
    upstream: Upstream, make_client: MakeClient  # noqa: F811
) -> None:  # fmt: skip
    api = PeopleApi(make_client(), upstream.base)
    sends(upstream, [GOOD, {"id": None, "nome": "Beltrano", "email": "x@y.br", "cpf": "12345678909"}])
    found = await api.rows("/deputados", DeputyRow)
    assert [row.id for row in found.rows] == ["7"]
    (broken,) = found.broken
    assert json.loads(broken.raw) == {"id": None, "nome": "Beltrano"}


async def test_a_list_of_which_no_row_fits_has_another_shape(
    upstream: Upstream, make_client: MakeClient  # noqa: F811
) -> None:  # fmt: skip
    api = PeopleApi(make_client(), upstream.base)
    sends(upstream, [{"lider": 1}] * 3)
    with pytest.raises(UpstreamSchemaChanged):
        await api.rows("/legislaturas/57/lideres", Leadership)


@pytest.mark.parametrize("dados", [None, {}, "x"])
async def test_what_is_no_list_is_no_answer(
    upstream: Upstream, make_client: MakeClient, dados: Any  # noqa: F811
) -> None:  # fmt: skip
    api = PeopleApi(make_client(), upstream.base)
    sends(upstream, dados)
    with pytest.raises(UpstreamUnavailable):
        await api.rows("/deputados", DeputyRow)


async def test_a_list_with_fewer_rows_than_upstream_counts_is_cut(
    upstream: Upstream, make_client: MakeClient  # noqa: F811
) -> None:  # fmt: skip
    api = PeopleApi(make_client(), upstream.base)
    sends(upstream, [GOOD], total=2)
    with pytest.raises(UpstreamUnavailable, match="1 of 2"):
        await api.rows("/deputados", DeputyRow)


async def test_pages_are_followed_until_one_is_empty(
    upstream: Upstream, make_client: MakeClient  # noqa: F811
) -> None:  # fmt: skip
    api = PeopleApi(make_client(), upstream.base)

    async def pages(request: web.Request) -> web.Response:
        number = int(request.query["pagina"])
        rows = [{**GOOD, "id": number}] if number < 3 else []
        return web.json_response({"dados": rows, "links": [{"rel": "next", "href": "?"}]})

    upstream.handler = pages
    found = await api.rows("/deputados", DeputyRow, {"idLegislatura": 57})
    assert [row.id for row in found.rows] == ["1", "2"]
    assert {request.query["itens"] for request in upstream.requests} == {str(PAGE_SIZE)}


async def test_a_detail_that_does_not_fit_names_the_record_and_keeps_no_contact(
    upstream: Upstream, make_client: MakeClient  # noqa: F811
) -> None:  # fmt: skip
    api = PeopleApi(make_client(), upstream.base)
    sends(upstream, {"id": 7, "redeSocial": 5, "cpf": "12345678909", "ultimoStatus": {"gabinete": {"sala": "771"}}})
    with pytest.raises(RecordRejected) as caught:
        await api.one("/deputados/7", DeputyDetail, "camara-deputy-7")
    assert caught.value.upstream_id == "camara-deputy-7"
    assert json.loads(caught.value.raw) == {"id": 7, "redeSocial": 5, "ultimoStatus": {}}
    assert "12345678909" not in str(caught.value)
