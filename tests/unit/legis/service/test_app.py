"""Routes and errors of an internal process, asked in memory."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, HTTPException, Query
from httpx2 import Response
from legis.errors import StoreUnavailable
from legis.service.app import build_app
from legis.service.health import Health
from legis.service.problems import problem
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import REGISTRY
from starlette.testclient import TestClient

FIELDS = {"type", "title", "status", "detail", "instance", "errors", "trace_id"}


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


@contextmanager
def client_of(health: Health | None, lifespan: Callable[..., Any] = nothing) -> Iterator[TestClient]:
    app = build_app("worker", lifespan=lifespan, health=health)

    async def boom() -> None:
        raise ZeroDivisionError("secret: division by zero")

    async def store() -> None:
        raise StoreUnavailable("postgresql://secret", retry_after=4.6)

    async def item(n: Annotated[int, Query(ge=1)], other: int = 0) -> int:
        return n

    async def teapot() -> None:
        raise HTTPException(418, "short and stout", headers={"X-Pot": "tea"})

    for path, handler in (("/boom", boom), ("/store", store), ("/item", item), ("/teapot", teapot)):
        app.add_api_route(path, handler)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_of(None) as made:
        yield made


def check_problem(response: Response, status: int) -> dict[str, Any]:
    document: dict[str, Any] = response.json()
    assert response.status_code == document["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert set(document) == FIELDS
    assert "secret" not in response.text
    return document


def test_an_unknown_route_is_a_problem(client: TestClient) -> None:
    document = check_problem(client.get("/nowhere?token=x"), 404)
    assert document["instance"] == "/nowhere"
    assert document["title"] == "Not Found"


def test_a_wrong_method_names_the_right_ones(client: TestClient) -> None:
    response = client.post("/health")
    check_problem(response, 405)
    assert response.headers["allow"] == "GET"


def test_bad_input_is_400_and_names_every_parameter(client: TestClient) -> None:
    document = check_problem(client.get("/item?n=0&other=x"), 400)
    assert [error["parameter"] for error in document["errors"]] == ["n", "other"]
    assert "n, other" in document["detail"]
    check_problem(client.get("/item"), 400)


def test_our_own_failure_tells_nothing_of_itself(client: TestClient) -> None:
    document = check_problem(client.get("/boom"), 500)
    assert "division" not in json.dumps(document)
    assert "Zero" not in json.dumps(document)


def test_a_part_that_is_away_is_503_with_a_time(client: TestClient) -> None:
    response = client.get("/store")
    check_problem(response, 503)
    assert response.headers["retry-after"] == "5"


def test_an_http_exception_keeps_its_words_and_headers(client: TestClient) -> None:
    response = client.get("/teapot")
    assert check_problem(response, 418)["detail"] == "short and stout"
    assert response.headers["x-pot"] == "tea"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_are_no_docs(client: TestClient, path: str) -> None:
    check_problem(client.get(path), 404)


def test_a_problem_carries_what_it_is_given_and_the_trace() -> None:
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        response = problem(
            429,
            "Too Many",
            "slow down",
            type="https://x/limit",
            errors=[{"parameter": "q"}],
            headers={"Retry-After": "3"},
        )
    document = json.loads(bytes(response.body))
    assert document["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert (document["type"], document["errors"]) == ("https://x/limit", [{"parameter": "q"}])
    assert response.headers["retry-after"] == "3"
    assert response.headers["cache-control"] == "no-store"


def test_metrics_are_prometheus_text(client: TestClient) -> None:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert "legis_loop_lag_seconds" in response.text
    openmetrics = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text")
    assert openmetrics.text.endswith("# EOF\n")


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/health/startup"])
def test_without_checks_all_is_well(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.headers["cache-control"] == "no-store"


def test_checks_run_around_the_lifespan_and_decide_the_probes() -> None:
    health = Health()
    broken = False

    async def database() -> None:
        if broken:
            raise OSError

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, int]]:
        health.add("database", database, required=True)
        yield {"resource": 7}

    with client_of(health, lifespan) as client:
        until(lambda: client.get("/health/startup").status_code == 200)
        assert client.get("/health").json()["checks"]["database"]["status"] == "ok"
        health.drain()
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200
        broken = True
        until(lambda: client.get("/health").status_code == 503)
        assert client.get("/health").json()["status"] == "unavailable"
        assert client.get("/health/startup").status_code == 200


def until(true: Callable[[], bool]) -> None:
    import time

    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_requests_of_operators_are_counted_and_polls_are_not(client: TestClient) -> None:
    def count(handler: str, status: str) -> float:
        labels = {"handler": handler, "method": "GET", "status": status}
        return REGISTRY.get_sample_value("http_requests_total", labels) or 0.0

    before = count("/item", "200"), count("/item", "400"), count("/health", "200")
    client.get("/item?n=1")
    client.get("/item?n=0")
    client.get("/health")
    assert (count("/item", "200"), count("/item", "400"), count("/health", "200")) == (
        before[0] + 1, before[1] + 1, before[2],
    )  # fmt: skip
