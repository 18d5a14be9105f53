"""The public API equals its golden description, and the description is whole."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from api_gateway.settings import WebSettings
from api_gateway.web.files.file_format import OFFERED
from api_gateway.web.openapi import document_bytes
from api_gateway.web.pipeline.headers import EXPOSED
from jsonschema import Draft202012Validator
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
    v1 += ["events", "events/{event_id}", "events.ics", "bills/events.ics", "bills/{bill_id}/events.ics"]
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


def test_every_example_of_a_parameter_is_valid_by_its_schema(document: dict[str, Any]) -> None:
    shown = 0
    for path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                shown += 1
                schema = {**parameter["schema"], "components": document["components"]}
                errors = [error.message for error in Draft202012Validator(schema).iter_errors(parameter["example"])]
                assert errors == [], f"{path} {parameter['name']}"
    assert shown > 30


def test_every_parameter_is_described_with_an_example(document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            where = f"{path} {parameter['name']}"
            assert parameter.get("description") or parameter["schema"].get("description"), where
            if parameter["name"] not in ("cursor", "epoch", "highlight", "sort", "dialect"):
                assert "example" in parameter or parameter["schema"].get("examples"), where


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    bodies = {
        operation["operationId"]: list(operation["requestBody"]["content"].values())
        for _, operation in operations(document)
        if "requestBody" in operation
    }
    assert set(bodies) == {"createSubscription", "changeSubscription", "replaySubscription"}
    for name, contents in bodies.items():
        assert all(one["example"] for one in contents), name


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
                shape = "GoneProblem" if status == "410" else "Problem"
                assert described["content"][kind]["schema"] == {"$ref": f"#/components/schemas/{shape}"}
            assert described["content"][kind].get("schema"), (path, status)


def test_an_operation_that_is_refused_without_a_key_says_so(document: dict[str, Any]) -> None:
    refused = {path for path, operation in operations(document) if {} not in operation.get("security", [{}])}
    assert refused == {path for path in document["paths"] if path.startswith("/api/v1/subscriptions")} - {
        "/api/v1/subscriptions/options"
    }
    listing = document["paths"]["/api/v1/subscriptions"]
    assert "security" not in listing["post"]  # an e-mail address needs no key
    assert listing["get"]["security"] == [{"bearerKey": []}, {"headerKey": []}]


def test_where_a_reply_leads_elsewhere_or_is_a_part_the_description_says_so(document: dict[str, Any]) -> None:
    exports, root = "/api/v1/exports/{export_id}", document["paths"]["/"]["get"]["responses"]
    file = document["paths"][f"{exports}/files/{{name}}"]["get"]["responses"]
    package = document["paths"][f"{exports}/datapackage.json"]["get"]["responses"]
    for reply in (root["302"], file["307"], package["307"]):
        assert "Location" in reply["headers"]
    for status in ("200", "206"):
        assert {"Accept-Ranges", "Content-Disposition"} <= set(file[status]["headers"])
    assert "Content-Range" in file["206"]["headers"]
    assert "Content-Range" in document["components"]["responses"]["RequestedRangeNotSatisfiable"]["headers"]


def test_a_log_that_is_gone_tells_where_it_stands(document: dict[str, Any]) -> None:
    schema = document["components"]["responses"]["Gone"]["content"]["application/problem+json"]["schema"]
    members = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
    assert {"type", "errors", "epoch", "head", "oldest", "archive"} <= set(members)


def test_scripts_of_other_origins_may_read_every_header_that_is_declared(document: dict[str, Any]) -> None:
    always = {"Cache-Control", "Content-Language", "Last-Modified"}  # safelisted by the Fetch standard
    of_browsers = {"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Content-Encoding", "Vary", "Allow",
                   "Accept-Ranges", "Content-Security-Policy", "Cross-Origin-Opener-Policy",
                   "Cross-Origin-Resource-Policy", "Referrer-Policy", "X-Content-Type-Options"}  # fmt: skip
    exposed = {name.strip() for name in EXPOSED.split(",")}
    assert set(document["components"]["headers"]) - always - of_browsers <= exposed


def test_the_example_of_what_is_left_is_possible(document: dict[str, Any]) -> None:
    example = document["components"]["headers"]["RateLimit"]["example"]
    left, reset = (int(part.partition("=")[2]) for part in example.split(";")[1:])
    settings = WebSettings()
    assert left <= settings.rate_limit_burst + 1
    assert reset == math.ceil((settings.rate_limit_burst + 1 - left) * 60 / settings.rate_limit_per_minute)
