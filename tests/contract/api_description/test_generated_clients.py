"""The description keeps clients alive that were generated from it: names, open lists, sparse bills, prose, keys."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from api_gateway.web.openapi import document_bytes
from jsonschema import Draft202012Validator

Document = dict[str, Any]
REFERENCE = "#/components/schemas/"

OPERATION_IDS = {
    "listBills", "getBill", "listBillActions", "listBillVotes", "listBillVersions", "listSimilarBills",
    "suggestQueries", "resolveBill", "listChanges", "streamChanges", "getBillsFeed", "listSources", "listSourceDays",
    "listSourceStates",
    "getStatistics", "getRoot", "getIndex", "getHealth", "getLiveness", "getReadiness", "getStartup", "getMetrics",
    "listExports", "getExport", "getExportFile", "getExportCatalog", "getExportDataPackage",
    "listBillEvents", "getBillCalendar", "getSearchCalendar", "getBillJourney", "listEvents", "getCalendar",
    "getEvent", "listLegislators", "getLegislator", "listLegislatorBills", "listLegislatorVotes",
    "listOrganizations", "getOrganization",
    "listOrganizationMembers", "listSubscriptions", "createSubscription", "deleteSubscription", "getSubscription",
    "changeSubscription", "listDeliveries", "replaySubscription", "rotateSubscriptionSecret", "testSubscription",
    "getSubscriptionOptions", "listVoteEvents", "getAgreement", "getVoteEvent",
}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> Document:
    made: Document = json.loads(document_bytes())
    return made


@pytest.fixture(scope="module")
def schemas(document: Document) -> Document:
    found: Document = document["components"]["schemas"]
    return found


def parts(schema: Document) -> Iterator[Document]:
    """A schema and every schema in it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema.get("items"), schema.get("additionalProperties")]
    for part in inner:
        if isinstance(part, dict):
            yield from parts(part)


def valid(document: Document, name: str, value: Any) -> bool:
    schema = {"$ref": REFERENCE + name, "components": document["components"]}
    return bool(Draft202012Validator(schema).is_valid(value))


def test_operation_ids_are_short_and_stay(document: Document) -> None:
    found = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert sorted(found) == sorted(OPERATION_IDS)


def test_every_enumeration_of_a_reply_takes_a_value_that_is_added_later(document: Document, schemas: Document) -> None:
    lists = {REFERENCE + name for name, schema in schemas.items() if "enum" in schema}
    assert len(lists) > 20
    for name, schema in schemas.items():
        if REFERENCE + name in lists:
            assert "Open list" in schema["description"], name
            continue
        for part in parts(schema):
            assert "enum" not in part, name
            assert "const" not in part, name
            choices = part.get("anyOf", [])
            if any(choice.get("$ref") in lists for choice in choices):
                assert {"type": "string"} in choices, (name, part)
        direct = [part["$ref"] for part in schema.get("properties", {}).values() if "$ref" in part]
        assert not lists & set(direct), name
    assert valid(document, "ChangeSubject", {"type": "legislator", "id": "camara-deputy-1"})
    assert valid(document, "QualityFlag", {"code": "OF_TOMORROW", "field": "title", "detail": None})


def test_a_field_that_is_added_later_breaks_no_reply(document: Document, schemas: Document) -> None:
    for name, schema in schemas.items():
        for part in parts(schema):
            assert part.get("additionalProperties") is not False, name
    assert valid(document, "Sponsor", {"name": "A", "party": None, "state": None, "legislator_id": None, "later": 1})
    assert not valid(document, "Sponsor", {"name": "A"})


def test_a_bill_reduced_by_fields_is_valid(document: Document, schemas: Document) -> None:
    assert schemas["SparseBill"]["required"] == ["id"]
    assert schemas["SparseBill"]["properties"] == schemas["BillItem"]["properties"]
    assert len(schemas["BillItem"]["required"]) > 25
    page = {"limit": 1, "next_cursor": None, "next": None, "count": None}
    reply = {"data": [{"id": "camara-1", "title": None}], "page": page, "meta": {"dataset": "live", "freshness": []}}
    assert valid(document, "BillList", reply)
    reply["data"] = [{"title": None}]
    assert not valid(document, "BillList", reply)


def test_every_property_says_what_it_means_and_shows_a_value(schemas: Document) -> None:
    lacking, counted = [], 0
    for name, schema in schemas.items():
        for member, part in schema.get("properties", {}).items():
            counted += 1
            if not part.get("description") or (_shows_a_value(part, schemas) and not part.get("examples")):
                lacking.append(f"{name}.{member}")
    assert not lacking
    assert counted > 300


def _shows_a_value(part: Document, schemas: Document) -> bool:
    """Whether an example says more than the type: not for yes and no, nor for what is an object described elsewhere."""
    references = [one["$ref"].removeprefix(REFERENCE) for one in parts(part) if "$ref" in one]
    kinds = {choice.get("type") for choice in part.get("anyOf", [part])} - {"null"}
    return kinds != {"boolean"} and not any("properties" in schemas[name] for name in references)


def test_examples_of_properties_are_valid_values(document: Document, schemas: Document) -> None:
    for name, schema in schemas.items():
        for member, part in schema.get("properties", {}).items():
            for example in part.get("examples", ()):
                checked = {**part, "components": document["components"]}
                assert Draft202012Validator(checked).is_valid(example), (name, member, example)


def test_keys_are_optional_and_sent_in_either_header(document: Document) -> None:
    assert document["security"] == [{}, {"bearerKey": []}, {"headerKey": []}]
    schemes = document["components"]["securitySchemes"]
    assert schemes["bearerKey"]["scheme"] == "bearer"
    assert (schemes["headerKey"]["in"], schemes["headerKey"]["name"]) == ("header", "X-API-Key")
    assert document["info"]["license"]["identifier"] == "MIT"
    assert document["info"]["contact"]["url"]
    assert document["servers"]


def test_only_the_parameters_of_one_sensible_request_are_filled_in(document: Document) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            filled = [one["name"] for one in operation.get("parameters", ()) if "example" in one]
            needed = [one["name"] for one in operation.get("parameters", ()) if one.get("required")]
            assert set(needed) <= set(filled), path
            assert len(filled) <= len(re.findall(r"\{", path)) + 2, path


def test_a_redirect_is_described_with_its_address(document: Document) -> None:
    redirecting = [("/", "302")]
    redirecting += [(f"/api/v1/exports/{{export_id}}/{part}", "307") for part in ("datapackage.json", "files/{name}")]
    for path, status in redirecting:
        assert "Location" in document["paths"][path]["get"]["responses"][status]["headers"], path


def test_no_internal_field_is_described(document: Document) -> None:
    assert "counterpart_hints" not in json.dumps(document)
