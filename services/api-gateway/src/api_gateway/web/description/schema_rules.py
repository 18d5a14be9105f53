"""Rules for the schemas of replies that keep generated clients alive when the API grows.

- An enumeration is open: `anyOf` of the known values and any string. `x-extensible-enum` would lose the values in
  every generator that was tried; a closed `enum` makes a Python client fail on a value that was added.
- No `additionalProperties: false`: a field that was added is no error.
- Integers are int64: `seq` and positions outgrow 32 bits, which generators for Go, Java or C# would take.
- A bill reduced by `fields=` has a schema of its own, in which only `id` is required.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = dict[str, Any]
Schemas = dict[str, Schema]

_OPEN = " Open list: values may be added."
_LONGEST_LIST = 2000
"""Characters of values joined by commas; more do not fit into an address with other parameters."""

_PREFIX = "#/components/schemas/"
_NOT_SERVED = ("HTTPValidationError", "ValidationError")  # of FastAPI's 422, which is never sent


def mend_schemas(schemas: Schemas) -> None:
    """Applies all rules, in place."""
    for name in _NOT_SERVED:
        schemas.pop(name, None)
    _name_inline_enumerations(schemas)
    enumerations = {_PREFIX + name for name, schema in schemas.items() if _is_enumeration(schema)}
    for name, schema in schemas.items():
        if _PREFIX + name in enumerations:
            schema["enum"] = schema.get("enum") or [schema.pop("const")]
            schema["description"] = " ".join(schema.get("description", name).split()).rstrip(".") + "." + _OPEN
            continue
        schema["description"] = " ".join(schema.get("description", "").split())
        _open(schema, enumerations)
    _add_sparse_bill(schemas)


def mend_parameter(schema: Schema) -> None:
    """A parameter that may be left out is never null; each has a limit, where its declaration says none the common."""
    schema.pop("title", None)
    for choice in schema.pop("anyOf", ()):
        if choice["type"] != "null":
            schema.update(choice)
    for part in (schema, *_parts(schema)):
        if part.get("type") == "string" and "enum" not in part:
            part.setdefault("maxLength", _LONGEST_LIST)
        _tell_width(part)


def _tell_width(part: Schema) -> None:
    if part.get("type") == "integer":
        part["format"] = "int64"


def _is_enumeration(schema: Mapping[str, Any]) -> bool:
    return "enum" in schema or "const" in schema


def _parts(schema: Schema) -> Iterator[Schema]:
    """The schemas directly in a schema."""
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema.get("items"), schema.get("additionalProperties")]
    yield from (part for part in inner if isinstance(part, dict))


def _name_inline_enumerations(schemas: Schemas) -> None:
    """Moves each enumeration that stands inside a schema to the components, named by schema and property."""
    for owner, schema in list(schemas.items()):
        for name, member in schema.get("properties", {}).items():
            for part in (member, *_parts(member)):
                if _is_enumeration(part):
                    title = owner + name.title().replace("_", "")
                    schemas[title] = {"type": part.pop("type"), "title": title, "enum": part.pop("enum")}
                    schemas[title]["description"] = member["description"]
                    part["$ref"] = _PREFIX + title


def _open(part: Schema, enumerations: set[str]) -> None:
    """Puts "any string" beside each enumeration in the schema; leaves out what generators would take for a name."""
    choices = part.get("anyOf", [])
    if part.get("$ref") in enumerations:
        choices = part["anyOf"] = [{"$ref": part.pop("$ref")}]
    known = [choice for choice in choices if choice.get("$ref") in enumerations]
    for choice in known:
        choices.insert(choices.index(choice) + 1, {"type": "string"})
    if "properties" in part:
        part.pop("additionalProperties", None)
    _tell_width(part)
    for inner in _parts(part):
        inner.pop("title", None)
        if inner not in known:
            _open(inner, enumerations)


def _add_sparse_bill(schemas: Schemas) -> None:
    whole = schemas["BillItem"]
    schemas["SparseBill"] = {
        **whole,
        "title": "SparseBill",
        "description": "A bill of a list that was asked for with `fields=`: these fields and `id`.",
        "required": ["id"],
    }
    schemas["BillList"]["properties"]["data"]["items"] = {
        "anyOf": [{"$ref": _PREFIX + "BillItem"}, {"$ref": _PREFIX + "SparseBill"}]
    }
