"""Columns of list files: each has a name and takes its value from a rendered list item."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.documents.csv_text import SEPARATOR, Cell

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` gives a cell of an item: text, number, truth value or nothing."""

    name: str
    value: Callable[[Item], Cell]


def plain(name: str, *path: str) -> Column:
    """The column of a field with one value; `path` leads to a field inside another object."""
    steps = path or (name,)

    def value(item: Item) -> Cell:
        found: Any = item
        for step in steps:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found if isinstance(found, str | int | float | bool) else None

    return Column(name, value)


def listed(name: str, field: str, key: str | None = None) -> Column:
    """The column of a list: its values, or the values of `key` in its objects, in one cell."""

    def value(item: Item) -> Cell:
        found = item.get(field) or ()
        parts = [one.get(key) if key is not None else one for one in found]
        return SEPARATOR.join(str(part) for part in parts if part is not None) or None

    return Column(name, value)


def cells(columns: Sequence[Column], item: Item) -> list[Cell]:
    """The cells of one item, in the order of the columns."""
    return [column.value(item) for column in columns]
