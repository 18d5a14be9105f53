"""Binds the columns of a yearly file to the fields of a row type: each field by one of several names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from legis.telemetry.metrics import UNKNOWN_FIELDS

from ingest_camara.wire.bulk import Cells, Header

R = TypeVar("R", bound=NamedTuple)


class FileRow(NamedTuple, Generic[R]):
    """A row of a file, with the cells that are not empty of columns that no field names."""

    row: R
    unknown: Mapping[str, str]


class FileColumns(Generic[R]):
    """The rows of one file. Raises ValueError where a column is missing; an optional one that is missing is ""."""

    def __init__(self, header: Header, layout: "Layout[R]") -> None:
        self._header = header
        self._row_type = layout.row_type
        found = {field: next(filter(header.has, names), None) for field, names in layout.columns.items()}
        missing = [field for field, name in found.items() if name is None and field not in layout.optional]
        if missing:
            raise ValueError(f"columns missing: {', '.join(layout.columns[field][0] for field in missing)}")
        place = {name: index for index, name in enumerate(header.columns)}
        self._places = [None if name is None else place[name] for name in map(found.get, layout.row_type._fields)]
        self._others = header.others(frozenset(filter(None, found.values())) | frozenset(layout.ignored))
        UNKNOWN_FIELDS.labels("camara", layout.row_type.__name__).inc(len(self._others))
        self._keys = [place[found[field] or ""] for field in layout.keys]

    def bind(self, cells: Cells) -> FileRow[R]:
        """The row. Raises ValueError when it has too few or too many cells, or an empty key."""
        self._header.check(cells)
        if not all(cells[index] for index in self._keys):
            raise ValueError("the key of the row is empty")
        values: list[Any] = ["" if index is None else cells[index] for index in self._places]
        unknown = {name: cells[index] for name, index in self._others if cells[index]} if self._others else {}
        return FileRow(self._row_type(*values), unknown)


@dataclass(frozen=True, slots=True)
class Layout(Generic[R]):
    """The columns of a yearly file. Called with the header of one file, it gives that file's FileColumns.

    `columns` are the names that a field's column may have; `keys` the fields that no row lacks; `ignored` columns that
    repeat others.
    """

    row_type: type[R]
    columns: Mapping[str, Sequence[str]]
    keys: Sequence[str]
    optional: Sequence[str] = ()
    ignored: Sequence[str] = ()

    def __call__(self, header: Header) -> FileColumns[R]:
        return FileColumns(header, self)
