"""The pipeline's order, and the policy of every route."""

import re

import pytest
from api_gateway.settings import WebSettings
from api_gateway.web.app import create_app
from api_gateway.web.pipeline.middleware import LAYERS
from api_gateway.web.pipeline.request_context import RequestContext
from api_gateway.web.pipeline.route_policy import NO_ROUTE, POLICIES, RouteTable
from fastapi import FastAPI
from starlette.routing import Match, Route


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(WebSettings())


@pytest.fixture(scope="module")
def table(app: FastAPI) -> RouteTable:
    return RouteTable(app.routes)


def test_the_layers_are_those_of_the_list_in_its_order(app: FastAPI) -> None:
    assert [one.cls for one in app.user_middleware] == [one.middleware for one in LAYERS]
    assert len({one.name for one in LAYERS}) == len(LAYERS)
    assert all(one.purpose for one in LAYERS)


def test_every_route_has_its_policy_and_no_policy_is_left_over(app: FastAPI) -> None:
    assert {one.path for one in app.routes if isinstance(one, Route)} == set(POLICIES)
    with pytest.raises(KeyError):
        RouteTable([*app.routes, Route("/new", lambda request: None)])


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/api/v1/bills", "/api/v1/bills"),
        ("/api/v1/bills/suggest", "/api/v1/bills/suggest"),
        ("/api/v1/bills/camara-1", "/api/v1/bills/{bill_id}"),
        ("/api/v1/bills/camara-1/votes", "/api/v1/bills/{bill_id}/votes"),
        ("/api/v1/bills/", "none"),
        ("/api/v1/bills/camara-1/votes/2", "none"),
        ("/static/docs-init.js", "/static/{path:path}"),
    ],
)
def test_a_path_is_known_by_its_template(table: RouteTable, path: str, template: str) -> None:
    assert table.find(path).template == template


def test_the_table_finds_whatever_the_router_would(app: FastAPI, table: RouteTable) -> None:
    """Else a request would run without the scope, cost and slot of its route."""
    routes = [one for one in app.routes if isinstance(one, Route)]
    for template in POLICIES:
        path = re.sub("{[^}]*}", "camara-1", template)
        for odd in (path, f"{path}\n", f"{path}\r", f"{path}/", f"/{path}", path.upper(), f"{path};x"):
            scope = {"type": "http", "method": "GET", "path": odd, "headers": []}
            taken = next((one.path for one in routes if one.matches(scope)[0] is not Match.NONE), "none")
            assert table.find(odd).template == taken, odd


@pytest.mark.parametrize(
    ("path", "query", "units", "slots"),
    [
        ("/api/v1/bills", b"", 1, 1),
        ("/api/v1/bills", b"type=PL", 1, 1),
        ("/api/v1/bills", b"q=lei", 2, 2),
        ("/api/v1/bills", b"q=lei&facets=type", 3, 3),
        ("/api/v1/bills", b"type=q=facets=", 1, 1),
        ("/api/v1/bills", b"q=wait=1%26min_seq=2", 2, 2),
        ("/api/v1/bills", b"min_seq=0&q=lei", 2, 0),
        ("/api/v1/bills", b"min_seq=0&facets=type", 3, 0),
        ("/api/v1/bills", b"format=csv&q=lei", 2, 0),
        ("/api/v1/bills/camara-1/journey", b"min_seq=1", 2, 0),
        ("/api/v1/changes", b"wait=0", 1, 0),
        ("/api/v1/changes", b"%77ait=0", 1, 0),
        ("/api/v1/changes", b"field=wait", 1, 1),
        ("/api/v1/changes/stream", b"", 1, 0),
        ("/api/health", b"", 1, 0),
        ("/nothing", b"q=lei", 1, 0),
    ],
)
def test_a_request_costs_what_its_route_says_of_its_parameters_whoever_takes_its_slots(
    table: RouteTable, path: str, query: bytes, units: int, slots: int
) -> None:
    context = RequestContext({}, table.find(path), "192.0.2.1", query)
    assert (context.units, context.slots) == (units, slots)


def test_what_has_no_route_is_neither_kept_nor_exempt() -> None:
    assert not NO_ROUTE.policy.kept
    assert not NO_ROUTE.policy.operations
