"""A partition of the change log as a Parquet file, and the checksum by which a copy is proved."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from api_gateway.exporter.table_files import ZSTD_LEVEL

ROWS_AT_ONCE = 2000
_INSTANT = pa.timestamp("us", "UTC")

SCHEMA = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("bill_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("version", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("fields", pa.list_(pa.string()), nullable=False),
        pa.field("changed_at", _INSTANT, nullable=False),
        pa.field("published_at", _INSTANT),
        pa.field("read_seq", pa.int64(), nullable=False),
        pa.field("trace_id", pa.string()),
        pa.field("document", pa.binary(), nullable=False),
        pa.field("before", pa.binary(), nullable=False),
        pa.field("movement", pa.bool_(), nullable=False),
        pa.field("about", pa.string(), nullable=False),
    ]
)
"""The columns of `bill_change`; `document` is the entry as it is served, `before` the old values."""

_BYTES = [field.name for field in SCHEMA if pa.types.is_binary(field.type)]
_OTHERS = [field.name for field in SCHEMA if field.name not in _BYTES]


@dataclass(frozen=True, slots=True)
class Contents:
    """How many entries there are, and the SHA-256 over all columns of all of them in order, in hexadecimal."""

    entries: int
    sha256: str


class ContentsSum:
    """Adds up entries in order of `seq`."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._entries = 0

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds entries that come after those before."""
        for row in rows:
            self._digest.update(orjson.dumps([row[name] for name in _OTHERS]))
            for name in _BYTES:
                self._digest.update(b"%d " % len(row[name]))
                self._digest.update(row[name])
        self._entries += len(rows)

    def contents(self) -> Contents:
        """Number and checksum of the entries added so far."""
        return Contents(self._entries, self._digest.hexdigest())


class ChangeFile:
    """Writes entries into a Parquet file, compressed with zstd."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=ZSTD_LEVEL)

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Writes entries, as one row group."""
        self._writer.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=SCHEMA))

    def close(self) -> None:
        """Completes the file."""
        self._writer.close()


def contents_of_file(path: Path) -> Contents:
    """Number and checksum of the entries of a Parquet file. Raises OSError or pyarrow's errors where it is none."""
    total = ContentsSum()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            total.add(batch.to_pylist())
    return total.contents()
