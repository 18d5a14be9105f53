"""docs/data-model.md names every table with its key, and every column of the tables that have a section."""

import re
from pathlib import Path

import api_gateway.store.schema.doubt_tables
import api_gateway.store.schema.key_tables
import api_gateway.store.schema.record_tables
import api_gateway.store.schema.source_tables
import api_gateway.store.schema.subscription_tables
import api_gateway.store.schema.tables  # noqa: F401
import pytest
from sqlalchemy import Table
from sqlmodel import SQLModel

TABLES = {name: table for name, table in SQLModel.metadata.tables.items()}
FEW_WORDS = re.compile(r"`([^`]+)`")
WITH_COLUMNS = ("bill", "bill_change")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/data-model.md").read_text()


def _rows(text: str, head: str) -> list[list[str]]:
    table = text.split(head)[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def _key(table: Table) -> str:
    names = [column.name for column in table.primary_key.columns]
    return f"`{names[0]}`" if len(names) == 1 else f"`({', '.join(names)})`"


def test_every_module_of_the_schema_is_looked_at(root: Path) -> None:
    declared = "".join(
        path.read_text() for path in (root / "services/api-gateway/src/api_gateway/store/schema").glob("*.py")
    )
    assert set(re.findall(r'__tablename__ = "(\w+)"', declared)) == set(TABLES)


def test_every_table_has_its_line_and_its_key(page: str) -> None:
    shown = {FEW_WORDS.findall(row[0])[0]: row[2] for row in _rows(page, "\n## Tables\n\n")}
    assert set(shown) == set(TABLES)
    keys = {name: _key(table) for name, table in TABLES.items() if "singleton" not in table.columns}
    assert {name: shown[name].partition(";")[0] for name in keys} == keys


@pytest.mark.parametrize("name", WITH_COLUMNS)
def test_every_column_has_its_line(name: str, page: str) -> None:
    rows = _rows(page, f"\n### `{name}`\n\n")
    assert sorted(word for row in rows for word in FEW_WORDS.findall(row[0])) == sorted(TABLES[name].columns.keys())
