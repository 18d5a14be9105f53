"""The tables of docs/api/README.md that name parameters and errors are what the OpenAPI document has."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/api/README.md").read_text()
OPENAPI = json.loads((ROOT / "tests/contract/golden/openapi.json").read_text())
WORDS = re.compile(r"`([^`]+)`")
OTHERS = "all other lists"


def rows(heading: str) -> list[list[str]]:
    """Cells of the first table below a heading."""
    table = GUIDE.partition(f"\n## {heading}\n")[2].partition("\n|")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def described(name: str) -> dict[str, dict[str, Any]]:
    """Each address that takes this query parameter with GET, without its beginning: the parameter."""
    return {
        re.sub(r"{\w+}", "{id}", path.removeprefix("/api/v1")): one
        for path, operations in OPENAPI["paths"].items()
        for one in operations.get("get", {}).get("parameters", ())
        if one.get("in") == "query" and one["name"] == name
    }


def told(parameter: dict[str, Any]) -> tuple[set[str], str]:
    """Values and default, as words of the table."""
    schema = parameter["schema"]
    said = set(WORDS.findall(parameter["description"]))
    default = re.findall(r"Default `([^`]+)`", parameter["description"])
    if "maximum" in schema:
        values = {str(schema["minimum"]), str(schema["maximum"])}
    elif schema["type"] == "boolean":
        values = {"true", "false"}
    else:
        values = set(schema.get("enum", ())) or said - {"-", "q", "id", "page.next_cursor", "meta.search", *default}
    if schema.get("default") in (None, []):
        return values, default[0] if default else ""
    return values, str(schema["default"]).lower()


PARAMETERS = [row for row in rows("Parameters of lists") if row[0] != "`cursor`"]


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: f"{row[0]} of {row[1]}")
def test_a_parameter_is_as_the_table_says(row: list[str]) -> None:
    (name,), (where, values, default) = WORDS.findall(row[0]), row[1:]
    apart = {path for other in PARAMETERS if other[0] == row[0] for path in WORDS.findall(other[1])}
    takers = described(name)
    paths = [path for path in takers if path not in apart] if where == OTHERS else WORDS.findall(where)
    for path in paths:
        wanted, usual = told(takers[path])
        assert set(WORDS.findall(values)) - {"-", "q", "id"} == wanted, path
        assert "".join(WORDS.findall(default)) == usual, path


def test_every_address_that_takes_such_a_parameter_is_in_the_table() -> None:
    for name in ("sort", "limit", "count", "facets", "fields", "highlight"):
        mine = [row[1] for row in PARAMETERS if row[0] == f"`{name}`"]
        assert OTHERS in mine or {path for where in mine for path in WORDS.findall(where)} == set(described(name)), name


def test_lists_without_a_cursor_are_named() -> None:
    (row,) = [row for row in rows("Parameters of lists") if row[0] == "`cursor`"]
    without = {word for word in WORDS.findall(row[1]) if word.startswith("/")}
    assert set(described("limit")) - set(described("cursor")) == without


@pytest.mark.parametrize("name", ["chamber", "house"])
def test_each_list_takes_the_filter_that_the_guide_says(name: str) -> None:
    """The sentence ends with a full stop; `/bills/…` are written out."""
    (sentence,) = re.findall(rf"^- `{name}=`: (.*?)\.$", GUIDE, re.MULTILINE | re.DOTALL)
    assert set(WORDS.findall(sentence)) == set(described(name))


def test_every_error_that_the_api_answers_is_in_the_table() -> None:
    answered = {
        int(status)
        for operations in OPENAPI["paths"].values()
        for one in operations.values()
        for status in one["responses"]
        if int(status) >= 400
    }
    assert {int(status) for row in rows("Errors") for status in row[0].split(", ")} == answered
