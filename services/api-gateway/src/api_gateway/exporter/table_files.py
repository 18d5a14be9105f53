"""The three files of one resource: NDJSON as served, CSV and Parquet with flat columns; in constant memory."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, cast

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from isal import igzip

from api_gateway.documents.csv_text import csv_head, csv_lines
from api_gateway.exports.export_shapes import MEDIA_TYPES, ExportFile, FileFormat
from api_gateway.exports.flat_columns import ColumnType, FlatColumn
from api_gateway.exports.resources import Resource

ROWS_AT_ONCE = 1000
_LINES_BYTES = 4 * 2**20
_GROUP_BYTES, _GROUP_ROWS = 8 * 2**20, 131_072
"""A row group of Parquet ends at these bytes of flat columns or at these rows."""

_GZIP_LEVEL = 2
ZSTD_LEVEL = 3
_ARROW: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.TRUTH: pa.bool_(),
    ColumnType.DAY: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us", "UTC"),
    ColumnType.TEXTS: pa.list_(pa.string()),
    ColumnType.INTEGERS: pa.list_(pa.int64()),
}


def arrow_schema(resource: Resource) -> pa.Schema:
    """The columns of a resource's Parquet file."""
    return pa.schema([(column.name, _ARROW[column.type]) for column in resource.columns])


class TableFiles:
    """Writes the files of one resource into a folder. `prefix` begins their names."""

    def __init__(self, folder: Path, resource: Resource, prefix: str = "") -> None:
        self._folder = folder
        self._resource = resource
        self._prefix = prefix
        self._schema = arrow_schema(resource)
        self._ndjson, self._close_ndjson = _gzip(self._path(FileFormat.NDJSON))
        self._csv, self._close_csv = _gzip(self._path(FileFormat.CSV))
        self._csv.write(csv_head([column.name for column in resource.columns], "rfc4180").encode())
        self._parquet = pq.ParquetWriter(
            self._path(FileFormat.PARQUET), self._schema, compression="zstd", compression_level=ZSTD_LEVEL
        )
        self._lines: list[bytes] = []
        self._bytes = 0
        self._group: list[pa.RecordBatch] = []
        self.rows = 0

    def add(self, lines: list[bytes]) -> None:
        """Writes rows."""
        self._lines += lines
        self._bytes += sum(map(len, lines))
        self.rows += len(lines)
        if len(self._lines) >= ROWS_AT_ONCE or self._bytes >= _LINES_BYTES:
            self._flush()

    def close(self) -> None:
        """Completes the files."""
        self._flush()
        self._write_group()
        self._parquet.close()
        self._close_ndjson()
        self._close_csv()

    def described(self, export_id: str) -> list[ExportFile]:
        """The closed files, hashed."""
        return [self._described(export_id, one) for one in FileFormat]

    def _flush(self) -> None:
        lines, self._lines, self._bytes = self._lines, [], 0
        if not lines:
            return
        self._ndjson.write(b"".join([line + b"\n" for line in lines]))
        rows = [orjson.loads(line) for line in lines]
        columns = self._resource.columns
        values = [column.json_values(rows) for column in columns]
        cells = [column.cells(found) for column, found in zip(columns, values, strict=True)]
        self._csv.write(csv_lines(zip(*cells, strict=True), "rfc4180").encode())
        arrays = [_array(column, found) for column, found in zip(columns, values, strict=True)]
        self._group.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        if (
            sum(one.nbytes for one in self._group) >= _GROUP_BYTES
            or sum(one.num_rows for one in self._group) >= _GROUP_ROWS
        ):
            self._write_group()

    def _write_group(self) -> None:
        group, self._group = self._group, []
        if group:
            self._parquet.write_table(pa.Table.from_batches(group, self._schema), row_group_size=_GROUP_ROWS)

    def _path(self, form: FileFormat) -> Path:
        return self._folder / f"{self._prefix}{self._resource.name.value}.{form.value}"

    def _described(self, export_id: str, form: FileFormat) -> ExportFile:
        path = self._path(form)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return ExportFile(
            name=path.name,
            resource=self._resource.name,
            format=form,
            media_type=MEDIA_TYPES[form],
            bytes=path.stat().st_size,
            rows=self.rows,
            sha256=digest,
            url=f"/api/v1/exports/{export_id}/files/{path.name}",
        )


def _array(column: FlatColumn, json_values: Sequence[object]) -> pa.Array:
    return pa.array(column.values(json_values), type=_ARROW[column.type])


def _gzip(path: Path) -> tuple[IO[bytes], Callable[[], None]]:
    """A compressed file, which is the same for the same content, and what closes it."""
    raw = path.open("wb", buffering=0)
    opened = igzip.IGzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=raw, mtime=0)  # type: ignore[no-untyped-call]
    file = cast(IO[bytes], opened)

    def close() -> None:
        file.close()
        raw.close()

    return file, close
