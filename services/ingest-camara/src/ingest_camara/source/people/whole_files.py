"""Reads the rows of one CSV file that is not of a year, in constant memory: `deputados`, `orgaosDeputados-L57`."""

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from legis.errors import RecordGone, RecordRejected
from legis.telemetry.metrics import UNKNOWN_FIELDS

from ingest_camara.client.answers import raw_of, rejected
from ingest_camara.client.people_api import Origin
from ingest_camara.client.yearly_files import CamaraFiles, Layout, Line, YearFile, read_lines
from ingest_camara.wire.bulk import Header
from ingest_camara.wire.people_files import Bound

R = TypeVar("R")

_ADDRESS = re.compile(rb'https?://[^";]{1,200}')


@dataclass(frozen=True, slots=True)
class FileRows(Generic[R]):
    """Some rows of a file, each with where it came from, and the rejections of rows that do not fit."""

    rows: list[tuple[R, Origin]]
    broken: list[RecordRejected]


async def file_rows(
    files: CamaraFiles, dataset: str, make_layout: Callable[[Header], Layout[R]], part: str | None = None
) -> AsyncGenerator[FileRows[R], None]:
    """The rows of `{dataset}.csv`, or of `{dataset}-{part}.csv`, a few dozen at a time.

    Raises RecordGone where upstream has no such file, and the errors of `read_lines`.
    """
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="legis-people-")
    try:
        path = Path(folder.name)
        file = await (files.fetch(dataset, part, path) if part else files.fetch_whole(dataset, path))
        if file is None:
            raise RecordGone(f"no file {dataset}-{part}.csv")
        async with aclosing(read_lines(file, make_layout)) as batches:
            async for lines in batches:
                yield _sorted(lines, file, dataset)
    finally:
        await asyncio.to_thread(folder.cleanup)


def _sorted(lines: list[Line[R]], file: YearFile, dataset: str) -> FileRows[R]:
    found: FileRows[R] = FileRows([], [])
    for line in lines:
        if line.row is None:
            found.broken.append(rejected(line.error or ValueError("unreadable"), _named(line.raw), None, file.url))
            continue
        if isinstance(line.row, Bound) and line.row.unknown:
            UNKNOWN_FIELDS.labels("camara", dataset).inc(len(line.row.unknown))
        digest = hashlib.sha256(repr(line.row).encode()).hexdigest()
        found.rows.append((line.row, Origin(file.url, file.fetched_at, digest)))
    return found


def _named(raw: bytes) -> bytes:
    """What is kept of a row that does not fit: the addresses that it holds. Any other cell may be a CPF."""
    return raw_of({"row": [address.decode("ascii", "replace") for address in _ADDRESS.findall(raw)]})
