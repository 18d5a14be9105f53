"""Each kind of change that breaks a client is told, and what only grows is not."""

import copy
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
Document = dict[str, Any]


def _loaded() -> Any:
    path = ROOT / "deploy/api-check/breaking_changes.py"
    spec = importlib.util.spec_from_file_location("breaking_changes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


breaking_changes = _loaded().breaking_changes
CHAMBERS = {"$ref": "#/components/schemas/Chamber"}
RELEASED: Document = {
    "security": [{}, {"key": []}],
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "parameters": [
                    {"in": "query", "name": "chamber", "schema": {"type": "array", "items": CHAMBERS, "maxItems": 5}},
                    {"in": "query", "name": "number", "schema": {"anyOf": [{"type": "integer"}, {"type": "string"}]}},
                    {"in": "query", "name": "sort", "schema": {"anyOf": [CHAMBERS, {"type": "null"}]}},
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
                    {"in": "query", "name": "q", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {}, "Link": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            },
            "post": {
                "operationId": "createThing",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}},
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "responses": {"NotFound": {"content": {"application/problem+json": {}}}},
        "schemas": {
            "Chamber": {"type": "string", "enum": ["CAMARA", "SENADO"]},
            "Thing": {
                "type": "object",
                "required": ["id", "chamber"],
                "properties": {
                    "id": {"type": "string"},
                    "chamber": {"anyOf": [CHAMBERS, {"type": "string"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                },
            },
            "NewThing": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string", "maxLength": 50}, "note": {"type": "string"}},
            },
        },
    },
}
GET, POST = "GET /things", "POST /things"


def get(document: Document) -> Document:
    found: Document = document["paths"]["/things"]["get"]
    return found


def parameter(document: Document, place: int) -> Document:
    found: Document = get(document)["parameters"][place]["schema"]
    return found


def good(document: Document) -> Document:
    found: Document = get(document)["responses"]["200"]
    return found


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def post(document: Document) -> Document:
    found: Document = document["paths"]["/things"]["post"]
    return found


BREAKS: dict[str, tuple[Callable[[Document], Any], set[str]]] = {
    "operation": (lambda d: d["paths"]["/things"].pop("post"), {f"{POST}: the operation is gone"}),
    "operation id": (lambda d: get(d).update(operationId="x"), {f"{GET}: operationId was listThings"}),
    "parameter": (lambda d: get(d)["parameters"].pop(), {f"{GET}: parameter q is gone"}),
    "needed parameter": (
        lambda d: get(d)["parameters"][4].update(required=True),
        {f"{GET}: parameter q is required now"},
    ),
    "value of items, and of a choice": (
        lambda d: schema(d, "Chamber")["enum"].remove("SENADO"),
        {f"{GET}: {place}: value SENADO is gone" for place in ("Chamber", "parameter sort", "Thing.chamber")},
    ),
    "value of items, listed there": (
        lambda d: parameter(d, 0).update(items={"type": "string", "enum": ["CAMARA"]}),
        {f"{GET}: parameter chamber: value SENADO is gone"},
    ),
    "value of a choice": (
        lambda d: parameter(d, 2).update(anyOf=[{"type": "string", "enum": ["SENADO"]}, {"type": "null"}]),
        {f"{GET}: parameter sort: value CAMARA is gone"},
    ),
    "open parameter": (
        lambda d: parameter(d, 4).update(enum=["a"]),
        {f"{GET}: parameter q: only a is taken now"},
    ),
    "type among choices": (
        lambda d: parameter(d, 1)["anyOf"].pop(),
        {f"{GET}: parameter number was integer or string, is integer"},
    ),
    "upper bound": (
        lambda d: parameter(d, 3).update(maximum=50),
        {f"{GET}: parameter limit: maximum was 100, is 50"},
    ),
    "lower bound": (lambda d: parameter(d, 3).update(minimum=2), {f"{GET}: parameter limit: minimum was 1, is 2"}),
    "new bound": (
        lambda d: parameter(d, 4).update(maxLength=9),
        {f"{GET}: parameter q: maxLength was open, is 9"},
    ),
    "bound of a list": (
        lambda d: parameter(d, 0).update(maxItems=2),
        {f"{GET}: parameter chamber: maxItems was 5, is 2"},
    ),
    "form": (lambda d: parameter(d, 4).update(pattern="^a"), {f"{GET}: parameter q: pattern was open, is ^a"}),
    "media type": (lambda d: good(d)["content"].pop("text/csv"), {f"{GET}: reply 200: text/csv is gone"}),
    "media type of a shared reply": (
        lambda d: d["components"]["responses"]["NotFound"]["content"].clear(),
        {f"{GET}: reply 404: application/problem+json is gone"},
    ),
    "header": (lambda d: good(d)["headers"].pop("Link"), {f"{GET}: reply 200: header Link is gone"}),
    "status": (lambda d: get(d)["responses"].pop("404"), {f"{GET}: the reply 404 is gone"}),
    "needed member of a body": (
        lambda d: schema(d, "NewThing")["required"].append("note"),
        {f"{POST}: NewThing.note is required now"},
    ),
    "new needed member of a body": (
        lambda d: (
            schema(d, "NewThing")["required"].append("kind"),
            schema(d, "NewThing")["properties"].update(kind={"type": "string"}),
        ),
        {f"{POST}: NewThing.kind is required now"},
    ),
    "bound in a body": (
        lambda d: schema(d, "NewThing")["properties"]["name"].update(maxLength=9),
        {f"{POST}: NewThing.name: maxLength was 50, is 9"},
    ),
    "needed body": (lambda d: post(d)["requestBody"].update(required=True), {f"{POST}: a body is required now"}),
    "member of a reply": (lambda d: schema(d, "Thing")["properties"].pop("parts"), {f"{GET}: Thing.parts is gone"}),
    "member that may be missing": (
        lambda d: schema(d, "Thing")["required"].remove("id"),
        {f"{GET}: Thing.id may be left out now"},
    ),
    "member that may be null": (
        lambda d: schema(d, "Thing")["properties"].update(id={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        {f"{GET}: Thing.id was string, is null or string"},
    ),
    "key for everybody": (
        lambda d: d.update(security=[{"key": []}]),
        {f"{GET}: security: no key is not enough now", f"{POST}: security: no key is not enough now"},
    ),
    "key for one operation": (
        lambda d: post(d).update(security=[{"other": []}]),
        {f"{POST}: security: no key is not enough now", f"{POST}: security: key is not enough now"},
    ),
    "schema": (
        lambda d: (d["components"]["schemas"].pop("NewThing"), post(d).pop("requestBody")),
        {f"{POST}: the body is gone", "schema NewThing is gone"},
    ),
}  # fmt: skip

GROWS: dict[str, Callable[[Document], Any]] = {
    "value": lambda d: schema(d, "Chamber")["enum"].append("CONGRESSO"),
    "open list": lambda d: parameter(d, 2)["anyOf"].insert(0, {"type": "string"}),
    "member of a reply": lambda d: schema(d, "Thing")["properties"].update(later={"type": "string"}),
    "member of a body": lambda d: schema(d, "NewThing")["properties"].update(later={"type": "string"}),
    "wider bound": lambda d: parameter(d, 3).update(maximum=200, minimum=0),
    "number": lambda d: parameter(d, 3).update(type="number"),
    "type": lambda d: parameter(d, 1)["anyOf"].append({"type": "boolean"}),
    "no bound": lambda d: parameter(d, 0).pop("maxItems"),
    "media type": lambda d: good(d)["content"].update({"text/plain": {}}),
    "header": lambda d: good(d)["headers"].update({"Vary": {}}),
    "status": lambda d: get(d)["responses"].update({"429": {}}),
    "optional parameter": lambda d: get(d)["parameters"].append({"in": "query", "name": "x", "schema": {}}),
    "another key": lambda d: d["security"].append({"other": []}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_a_client_is_told(name: str) -> None:
    break_it, told = BREAKS[name]
    today = copy.deepcopy(RELEASED)
    break_it(today)
    assert set(breaking_changes(RELEASED, today)) == told


@pytest.mark.parametrize("name", GROWS)
def test_what_grows_breaks_nobody(name: str) -> None:
    today = copy.deepcopy(RELEASED)
    GROWS[name](today)
    assert today != RELEASED
    assert not list(breaking_changes(RELEASED, today))


def test_todays_document_breaks_nobody_of_today() -> None:
    document = json.loads((ROOT / "tests/contract/golden/openapi.json").read_text())
    assert not list(breaking_changes(document, document))
    narrowed = copy.deepcopy(document)
    narrowed["paths"]["/api/v1/bills"]["get"]["responses"]["200"]["content"].pop("text/csv")
    assert list(breaking_changes(document, narrowed)) == ["GET /api/v1/bills: reply 200: text/csv is gone"]
