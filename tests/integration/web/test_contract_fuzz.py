"""Generated requests against the running API: no 5xx, no undocumented status, no reply that breaks its schema."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from integration.store.records.record_readings import agenda, event, legislator, votes, voting
from integration.web.asking import eventually, health
from integration.web.records.asking_records import organization
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
OF_HTTP_ITSELF = {"content-length", "content-type", "date", "transfer-encoding"}
EXAMPLES = 15
OF_OWNERS = "/api/v1/subscriptions"
"""They take a key of the scope `subscriptions`, and have tests of their own."""


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any, put: Any) -> None:
    await store([make_bill(number, upstream_id=str(2256734 + number)) for number in range(1, 8)])
    await put(legislator(1), legislator(2), organization(1), *(voting(number, votes=votes("YN")) for number in (1, 2)))
    await put(event(80001, agenda=agenda("camara-2256735")))


@pytest.mark.timeout(900)
async def test_no_generated_request_breaks_the_contract(api: httpx2.AsyncClient) -> None:
    base = str(api.base_url)
    document = (await api.get("/openapi.json")).json()
    # the blocking caller needs a thread of its own: the server runs in this loop
    await asyncio.wait_for(asyncio.to_thread(run, document, base), 840)


def run(document: dict[str, Any], base: str) -> None:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=base)
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        if operation.path.endswith("/stream"):
            continue  # has no end to wait for
        if operation.method.upper() != "GET" and operation.path.startswith(OF_OWNERS):
            continue  # a body without a key: the matrix of keys has it

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


TOGETHER = {"option": {"legislator": "camara-deputy-1"}}
"""Parameters that are only taken with others."""


def requests_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The example of each operation, and then each of its other parameters with an example of its own."""
    for path, item in document["paths"].items():
        if path.startswith(OF_OWNERS) or "{export_id}" in path:  # there is no export here
            continue
        operation = item["get"]
        parameters = operation.get("parameters", [])
        shown = {one["name"]: one["example"] for one in parameters if "example" in one}
        url = path.format(**shown)
        asked = {one["name"]: shown[one["name"]] for one in parameters if one["in"] == "query" and "example" in one}
        yield path, url, asked
        needed = {one["name"]: shown[one["name"]] for one in parameters if one["in"] == "query" and one["required"]}
        for one in parameters:
            for value in one["schema"].get("examples", ()):
                yield (
                    path,
                    url,
                    {
                        **needed,
                        **TOGETHER.get(one["name"], {}),
                        one["name"]: str(value).lower() if isinstance(value, bool) else value,
                    },
                )


async def test_every_example_of_the_description_runs(api: httpx2.AsyncClient) -> None:
    await eventually(lambda: health(api), lambda seen: seen[0] == 200, 60)  # the index was being built
    document = (await api.get("/openapi.json")).json()
    ran = 0
    for path, url, asked in requests_of(document):
        if path.endswith("/stream"):
            continue  # has no end to wait for
        reply = await api.get(url, params=asked)
        assert reply.status_code == 200, (path, asked, reply.text)
        ran += 1
    assert ran > 80


async def test_the_example_of_one_bill_is_a_stored_one(api: httpx2.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()
    newest = (await api.get("/api/v1/bills", params={"sort": "-introduced_on", "limit": 1})).json()["data"][0]
    asked = {path: asked for path, _, asked in reversed(list(requests_of(document)))}
    urls = {path: url for path, url, _ in requests_of(document)}
    assert urls["/api/v1/bills/{bill_id}/votes"] == f"/api/v1/bills/{newest['id']}/votes"
    assert asked["/api/v1/resolve"] == {"q": newest["identifier"]}
    found = await api.get("/api/v1/resolve", params=asked["/api/v1/resolve"])
    assert newest["id"] in [bill["id"] for bill in found.json()["data"]]


async def test_every_header_of_a_reply_is_described(api: httpx2.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()
    bad = {"no_such_parameter": "1"}
    seen = set()
    for path, url, asked in requests_of(document):
        if path.endswith("/stream"):
            continue
        good = await api.get(url, params=asked)
        again = await api.get(url, params=asked, headers={"If-None-Match": good.headers.get("etag", '"none"')})
        for reply in (good, again, await api.get(url, params=bad), await api.post(url)):
            told = {*reply.headers} - OF_HTTP_ITSELF
            assert told <= described_headers(document, path, reply.status_code), (path, reply.status_code)
            seen.add(reply.status_code)
    assert {200, 304, 400, 405} <= seen


def described_headers(document: dict[str, Any], path: str, status: int) -> set[str]:
    response = document["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return {name.lower() for name in response["headers"]}
