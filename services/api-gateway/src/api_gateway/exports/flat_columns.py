"""Columns of the flat files (CSV, Parquet) of an export, each taken from one field of a row's JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from api_gateway.documents.csv_text import SEPARATOR, Cell

Row = Mapping[str, Any]


class ColumnType(StrEnum):
    """Type of a column, in the words of the manifest."""

    TEXT = "text"
    INTEGER = "integer"
    TRUTH = "boolean"
    DAY = "date"
    INSTANT = "timestamp"
    TEXTS = "list<text>"
    INTEGERS = "list<integer>"


LISTS = (ColumnType.TEXTS, ColumnType.INTEGERS)
_READ: Mapping[ColumnType, Callable[[Any], Any]] = {
    ColumnType.DAY: date.fromisoformat,
    ColumnType.INSTANT: datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """One column. `path` leads to its field; through a list it leads to that field of each element, each value once."""

    name: str
    type: ColumnType
    path: tuple[str, ...]
    description: str

    def json_values(self, rows: Sequence[Row]) -> list[Any]:
        """The values of rows as they are in the JSON: single ones, or lists of them; None where there is none."""
        if self.type in LISTS:
            return [list(dict.fromkeys(_all(row, self.path))) for row in rows]
        first, *others = self.path
        found = [row.get(first) for row in rows]
        for step in others:
            found = [None if one is None else one.get(step) for one in found]
        return found

    def values(self, json_values: Sequence[Any]) -> list[Any]:
        """The same with days and instants as Python's. Raises ValueError for a text that is no day or instant."""
        read = _READ.get(self.type)
        if read is None:
            return list(json_values)
        return [None if one is None else read(one) for one in json_values]

    def cells(self, json_values: Sequence[Any]) -> list[Cell]:
        """The same as CSV cells."""
        if self.type not in LISTS:
            return list(json_values)
        return [SEPARATOR.join(map(str, one)) or None for one in json_values]


def _all(row: Row, path: Sequence[str]) -> list[Any]:
    """The values at the end of a path, without nulls; lists on the way are gone through."""
    found: list[Any] = [row]
    for step in path:
        following: list[Any] = []
        for one in found:
            value = one.get(step)
            if isinstance(value, list):
                following += value
            elif value is not None:
                following.append(value)
        found = following
    return found


def text(name: str, description: str, *path: str) -> FlatColumn:
    """A column of texts; `path` is the column's own name unless it is given. The same for the others below."""
    return FlatColumn(name, ColumnType.TEXT, path or (name,), description)


def integer(name: str, description: str, *path: str) -> FlatColumn:
    return FlatColumn(name, ColumnType.INTEGER, path or (name,), description)


def truth(name: str, description: str, *path: str) -> FlatColumn:
    return FlatColumn(name, ColumnType.TRUTH, path or (name,), description)


def day(name: str, description: str, *path: str) -> FlatColumn:
    return FlatColumn(name, ColumnType.DAY, path or (name,), description)


def instant(name: str, description: str, *path: str) -> FlatColumn:
    return FlatColumn(name, ColumnType.INSTANT, path or (name,), description)


def texts(name: str, description: str, *path: str) -> FlatColumn:
    return FlatColumn(name, ColumnType.TEXTS, path or (name,), description)


def integers(name: str, description: str, *path: str) -> FlatColumn:
    return FlatColumn(name, ColumnType.INTEGERS, path or (name,), description)
