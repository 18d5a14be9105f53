"""The OpenAPI document as the client generators read it: open enumerations, open objects, short operation ids.

Only what reads JSON is kept. The event stream, feeds and files are left out: their replies are no JSON. So are the
operations that create, change, delete or replay a subscription: the clients have no methods for them.

Usage: client_document.py OPENAPI_JSON OUTPUT_JSON
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

DROPPED = ("title", "examples", "example", "default")
"""Keywords that a generator would turn into names or values of its own."""

NUMBERS = ("number", "year")
"""Parameters with words in the document (`-2024` excludes), for which a client may give numbers."""

LONG_OPERATION_ID = re.compile(r"^(\w+?)_(?:api_)?v1_\w*_get$|^(\w+?)_{1,2}(?:api_\w+_)?get$")


def client_document(document: dict[str, Any]) -> dict[str, Any]:
    """The same operations and schemas, so that a value or property added later is no error to a client."""
    schemas = document["components"]["schemas"]
    paths = {path: _operations(operations) for path, operations in document["paths"].items()}
    paths = {path: operations for path, operations in paths.items() if operations}
    components = {**document["components"], "schemas": {name: _opened(schema) for name, schema in schemas.items()}}
    return {"openapi": document["openapi"], "info": document["info"], "paths": paths, "components": components}


def short_operation_id(name: str) -> str:
    """`listBills` of `list_bills_api_v1_bills_get`, which FastAPI makes of names and paths; a short one as it is."""
    found = LONG_OPERATION_ID.match(name)
    first, *rest = (found[1] or found[2] if found else name).split("_")
    return first + "".join(part.capitalize() for part in rest)


def _operations(operations: dict[str, Any]) -> dict[str, Any]:
    return {method: _operation(one) for method, one in operations.items() if method == "get" and _gives_json(one)}


def _gives_json(operation: dict[str, Any]) -> bool:
    return "application/json" in operation["responses"]["200"].get("content", {})


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    operation = {**operation, "responses": {status: _json(one) for status, one in operation["responses"].items()}}
    parameters = [{**one, "schema": _parameter(one["name"], one["schema"])} for one in operation.get("parameters", [])]
    opened: dict[str, Any] = _opened({key: value for key, value in operation.items() if key != "parameters"})
    return {**opened, "operationId": short_operation_id(operation["operationId"]), "parameters": parameters}


def _json(response: dict[str, Any]) -> dict[str, Any]:
    """The response without the file formats of lists: clients read JSON."""
    if "application/json" not in response.get("content", {}):
        return response
    return {**response, "content": {"application/json": response["content"]["application/json"]}}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One value or several where several are allowed."""
    opened: dict[str, Any] = _opened(schema)
    if opened.get("type") != "array":
        return opened
    number = [{"type": "integer"}] if name in NUMBERS else []
    item = {"anyOf": [opened["items"], *number]}
    return {"anyOf": [*item["anyOf"], {"type": "array", "items": item}]}


def _opened(node: Any) -> Any:
    """The node without closed objects and closed enumerations of words."""
    if isinstance(node, list):
        return [_opened(one) for one in node]
    if not isinstance(node, dict):
        return node
    if "enum" in node and node.get("type") == "string":
        return {"anyOf": [{"type": "string", "enum": node["enum"]}, {"type": "string"}], **_told(node)}
    return {key: _value(key, value) for key, value in node.items() if not _is_dropped(key, value)}


def _value(key: str, value: Any) -> Any:
    if key in ("properties", "schemas"):  # names of ours, which may be those of keywords
        return {name: _opened(schema) for name, schema in value.items()}
    return _opened(value)


def _told(node: dict[str, Any]) -> dict[str, Any]:
    return {"description": node["description"]} if "description" in node else {}


def _is_dropped(key: str, value: Any) -> bool:
    return (key in DROPPED and not isinstance(value, dict)) or (key == "additionalProperties" and value is False)


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(client_document(json.loads(source.read_text())), ensure_ascii=False, indent=1))
