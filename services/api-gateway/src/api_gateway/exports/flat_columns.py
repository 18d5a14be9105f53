"""Columns of the flat files (CSV, Parquet) of an export, each taken from one field of a row's JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from api_gateway.documents.csv_text import Cell

SEPARATOR = " | "
"""Between the values of one CSV cell; no name has it."""

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

    def json_value(self, row: Row) -> Any:
        """The value as it is in the JSON: a single one, or the list of them; None where there is none."""
        if self.type in LISTS:
            return list(dict.fromkeys(_reached(row, self.path)))
        return next(_reached(row, self.path), None)

    def value(self, row: Row) -> Any:
        """The same with days and instants as Python's. Raises ValueError for a text that is no day or instant."""
        found = self.json_value(row)
        read = _READ.get(self.type)
        return found if found is None or read is None else read(found)

    def cell(self, row: Row) -> Cell:
        """The same as one CSV cell."""
        found: Cell | list[Any] = self.json_value(row)
        return (SEPARATOR.join(map(str, found)) or None) if isinstance(found, list) else found


def _reached(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """The values at the end of a path, without nulls."""
    if isinstance(value, list):
        for one in value:
            yield from _reached(one, path)
    elif value is not None and not path:
        yield value
    elif isinstance(value, Mapping):
        yield from _reached(value.get(path[0]), path[1:])


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
