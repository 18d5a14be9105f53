"""Binds the columns of a yearly file to the fields of a row type: each field by one of several names."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from ingest_camara.wire.bulk import Cells, Header

R = TypeVar("R", bound=NamedTuple)


class FileRow(NamedTuple, Generic[R]):
    """A row of a file, with the cells that are not empty of columns that no field names."""

    row: R
    unknown: Mapping[str, str]


class FileColumns(Generic[R]):
    """The rows of one file. Fields whose column is missing are "", except those that are required."""

    def __init__(
        self,
        header: Header,
        row_type: type[R],
        columns: Mapping[str, Sequence[str]],
        required: Sequence[str],
        ignored: Sequence[str] = (),
    ) -> None:
        self._header = header
        self._row_type = row_type
        found = {field: next(filter(header.has, names), None) for field, names in columns.items()}
        if missing := [columns[field][0] for field in required if found[field] is None]:
            raise ValueError(f"columns missing: {', '.join(missing)}")
        place = {name: index for index, name in enumerate(header.columns)}
        self._places = [None if name is None else place[name] for name in map(found.get, row_type._fields)]
        known = frozenset(filter(None, found.values())) | frozenset(ignored)
        self._others = header.others(known)
        self._required = [place[found[field] or ""] for field in required]

    def bind(self, cells: Cells) -> FileRow[R]:
        """The row. Raises ValueError when it has too few or too many cells, or an empty required one."""
        self._header.check(cells)
        if not all(cells[index] for index in self._required):
            raise ValueError("a required cell is empty")
        values: list[Any] = ["" if index is None else cells[index] for index in self._places]
        unknown = {name: cells[index] for name, index in self._others if cells[index]} if self._others else {}
        return FileRow(self._row_type(*values), unknown)


def columns_of(
    row_type: type[R],
    columns: Mapping[str, Sequence[str]],
    required: Sequence[str],
    ignored: Sequence[str] = (),
) -> Callable[[Header], FileColumns[R]]:
    """A function that makes the FileColumns of a header."""
    return lambda header: FileColumns(header, row_type, columns, required, ignored)
