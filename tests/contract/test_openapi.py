"""The public API equals its golden description, and the description is whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from api_gateway.web.files.file_format import OFFERED
from api_gateway.web.openapi import document_bytes
from openapi_spec_validator import OpenAPIV31SpecValidator

GOLDEN = Path(__file__).parent / "golden" / "openapi.json"

GOOD_KINDS = {
    "application/json", "application/atom+xml", "application/ld+json", "text/event-stream", "text/calendar",
}  # fmt: skip
"""Media types of successful replies."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(document_bytes())
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, item in document["paths"].items() for operation in item.values()]


def test_the_description_is_the_one_that_was_read_and_agreed() -> None:
    # to change it: python -m api_gateway.web.openapi > tests/contract/golden/openapi.json, and read the diff
    assert document_bytes() == GOLDEN.read_bytes()


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_resource_of_the_contract_is_there(document: dict[str, Any]) -> None:
    v1 = ["bills", "bills/{bill_id}", "resolve", "changes", "changes/stream", "feeds/bills.atom", "sources", "stats"]
    v1 += ["bills/suggest", "sources/days", "sources/{source_id}/history", "exports", "exports/catalog.jsonld"]
    v1 += ["exports/{export_id}", "exports/{export_id}/datapackage.json", "exports/{export_id}/files/{name}"]
    v1 += [*(f"bills/{{bill_id}}/{part}" for part in ("actions", "versions", "votes", "similar", "events", "journey"))]
    v1 += ["events", "events/{event_id}", "events.ics", "bills/{bill_id}/events.ics"]
    v1 += ["legislators", *(f"legislators/{{legislator_id}}{part}" for part in ("", "/bills", "/votes"))]
    v1 += ["organizations", *(f"organizations/{{organization_id}}{part}" for part in ("", "/members"))]
    v1 += ["vote-events", "vote-events/{vote_event_id}", "vote-events/agreement"]
    wanted = {f"/api/v1/{name}" for name in v1}
    wanted |= {
        "/",
        "/api/v1",
        "/api/v1/subscriptions",
        "/api/v1/subscriptions/options",
        "/api/v1/subscriptions/{subscription_id}",
        "/api/v1/subscriptions/{subscription_id}/deliveries",
        "/api/v1/subscriptions/{subscription_id}/replay",
        "/api/v1/subscriptions/{subscription_id}/rotate-secret",
        "/api/v1/subscriptions/{subscription_id}/test",
        "/api/health",
        "/api/health/live",
        "/api/health/ready",
        "/api/health/startup",
        "/api/metrics",
    }
    assert set(document["paths"]) == wanted


def test_every_parameter_is_described_with_an_example(document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            where = f"{path} {parameter['name']}"
            assert parameter.get("description") or parameter["schema"].get("description"), where
            if parameter["name"] not in ("cursor", "epoch", "highlight", "sort", "dialect"):
                assert "example" in parameter or parameter["schema"].get("examples"), where


def reply(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document
    for name in response.get("$ref", "").split("/")[1:]:
        found = found[name]
    return found if "$ref" in response else response


def test_every_error_is_a_problem_and_every_good_reply_has_a_shape(document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"], path
        statuses = set(operation["responses"])
        assert statuses & {"200", "201", "202", "204"}, path
        every = {"400", "401", "403", "405", "406", "413", "414", "429", "431", "500", "503", "504"}
        assert every <= statuses, path
        assert "422" not in statuses, path
        if "_id}" in path and "{source_id}" not in path:
            assert "404" in statuses, path
        for status, response in operation["responses"].items():
            described = reply(document, response)
            assert described["description"], (path, status)
            if status in ("204", "302", "303", "304", "307") or (status == "202" and path.endswith("/test")):
                assert "content" not in described, path
                continue
            kind, *files = described["content"]
            others = ["text/markdown"] if path.endswith("/versions") else sorted(OFFERED[1:])
            if operation["operationId"] == "getExportFile" and int(status) < 400:
                assert [kind, *files] == ["application/gzip", "application/vnd.apache.parquet"]
                continue
            assert files == (others if files and status == "200" else []), (path, status)
            if int(status) < 400:
                assert kind in GOOD_KINDS, (path, status)
            elif not (status == "503" and path.startswith("/api/health")):
                assert kind == "application/problem+json", (path, status)
                assert described["content"][kind]["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert described["content"][kind].get("schema"), (path, status)
