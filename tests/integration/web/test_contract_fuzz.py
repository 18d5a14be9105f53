"""Generated requests against the running API: no 5xx, no undocumented status, no reply that breaks its schema."""

import asyncio
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 15


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number, upstream_id=str(2256734 + number)) for number in range(1, 8)])


async def test_no_generated_request_breaks_the_contract(api: httpx2.AsyncClient) -> None:
    base = str(api.base_url)
    document = (await api.get("/openapi.json")).json()
    # the blocking caller needs a thread of its own: the server runs in this loop
    await asyncio.wait_for(asyncio.to_thread(run, document, base), 110)


def run(document: dict[str, Any], base: str) -> None:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=base)
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        if operation.path.endswith("/stream"):
            continue  # has no end to wait for

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal called
            called += 1
            if "wait" in (case.query or {}):
                case.query.pop("wait")
            case.call_and_validate(checks=CHECKS, timeout=30)

        ask()
    assert called > 100


async def test_every_example_of_the_description_runs(api: httpx2.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()
    ran = 0
    for path, item in document["paths"].items():
        if path.endswith("/stream"):
            continue
        given_by_name = {p["name"]: p for p in item["get"].get("parameters", [])}
        path_values = {n: p["example"] for n, p in given_by_name.items() if p["in"] == "path"}
        url = path.format(**path_values)
        needed = {n: p["example"] for n, p in given_by_name.items() if p["in"] == "query" and p.get("required")}
        for name, parameter in given_by_name.items():
            if parameter["in"] == "query" and "example" in parameter:
                value = parameter["example"]
                asked = {**needed, name: str(value).lower() if isinstance(value, bool) else value}
                reply = await api.get(url, params=asked)
                assert reply.status_code == 200, (path, name, reply.text)
                ran += 1
        assert (await api.get(url, params=needed)).status_code == 200, path
    assert ran > 40
