"""Downloads the Câmara's yearly files and reads them row by row, in constant memory."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from legis.errors import RecordGone, UpstreamSchemaChanged, UpstreamUnavailable
from legis.upstream import UpstreamClient

from ingest_camara.client.csv_records import RecordSplitter, parse
from ingest_camara.wire.bulk import Cells, Header

_PIECE = 64 * 1024
_WRITE = 1 << 20
_LARGEST_FILE = 512 * 1024 * 1024
_PATIENCE = 1800.0
_MOSTLY_BROKEN = 20

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Layout(Protocol[R_co]):
    """Binds the cells of one file to rows."""

    def bind(self, cells: Cells) -> R_co:
        """The row. Raises ValueError when it does not fit."""


@dataclass(frozen=True, slots=True)
class YearFile:
    """A downloaded file of one year, or of all years."""

    path: Path
    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """One record of a file: its exact bytes, and the row or the error that prevented it."""

    raw: bytes
    row: R | None
    error: ValueError | None = None


class CamaraFiles:
    """The yearly CSV files. Raises the errors of `legis.upstream`."""

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self._upstream = upstream
        self._base = base_url

    async def fetch(self, dataset: str, year: int | str, directory: Path) -> YearFile | None:
        """`{dataset}-{year}.csv`, saved in `directory`; None where upstream has no such file. Files about a legislature
        have `L57` instead of a year.
        """
        try:
            return await self._fetch(dataset, f"{dataset}-{year}.csv", directory)
        except RecordGone:
            return None

    async def fetch_whole(self, dataset: str, directory: Path) -> YearFile:
        """`{dataset}.csv`, of all years, saved in `directory`. Raises RecordGone where upstream has no such file."""
        return await self._fetch(dataset, f"{dataset}.csv", directory)

    async def _fetch(self, dataset: str, name: str, directory: Path) -> YearFile:
        url, path = f"{self._base}/{dataset}/csv/{name}", directory / name
        stream = self._upstream.stream(
            url, endpoint=f"bulk_{dataset}", total_timeout=_PATIENCE, max_body_bytes=_LARGEST_FILE
        )
        async with stream as answer:
            await _save(answer.iter_chunks(), path)
            return YearFile(path, url, answer.fetched_at)


async def read_lines(file: YearFile, make_layout: Callable[[Header], Layout[R]]) -> AsyncGenerator[list[Line[R]], None]:
    """The file's rows, a few dozen at a time.

    Raises UpstreamUnavailable when the file is empty or cut, UpstreamSchemaChanged when its columns or most of its rows
    do not have the expected form.
    """
    splitter = RecordSplitter()
    layout: Layout[R] | None = None
    rows = broken = 0
    with await asyncio.to_thread(file.path.open, "rb") as handle:
        while piece := await asyncio.to_thread(handle.read, _PIECE):
            records = splitter.feed(piece)
            if layout is None and records:
                layout = _layout(records.pop(0), make_layout, file)
            if layout is not None and records:
                lines = [_line(record, layout) for record in records]
                rows += len(lines)
                broken += sum(line.row is None for line in lines)
                if broken > _MOSTLY_BROKEN and broken * 2 > rows:
                    raise UpstreamSchemaChanged(f"{broken} of {rows} rows do not fit in {file.url}")
                yield lines
    if (last := _last(splitter, layout, file)) is not None:
        yield [last]


def _last(splitter: RecordSplitter, layout: Layout[R] | None, file: YearFile) -> Line[R] | None:
    record = splitter.finish()
    if layout is None:
        raise UpstreamUnavailable(f"no header in {file.url}")
    if not record.strip():
        return None
    line = _line(record, layout)
    # Every cell is quoted. No line end, and no quote or too few cells before it: the file was cut; the row is not bad.
    if line.error is not None or not record.rstrip(b"\r").endswith(b'"'):
        raise UpstreamUnavailable(f"the last row of {file.url} is not whole")
    return line


def _layout(record: bytes, make_layout: Callable[[Header], Layout[R]], file: YearFile) -> Layout[R]:
    try:
        return make_layout(Header(parse(record)))
    except ValueError as error:
        raise UpstreamSchemaChanged(f"header of {file.url}: {error}") from None


def _line(record: bytes, layout: Layout[R]) -> Line[R]:
    try:
        return Line(record, layout.bind(parse(record)))
    except ValueError as error:
        return Line(record, None, error)


async def _save(pieces: AsyncIterator[bytes], path: Path) -> None:
    with await asyncio.to_thread(path.open, "wb") as handle:
        held: list[bytes] = []
        size = 0
        async for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= _WRITE:
                await asyncio.to_thread(handle.write, b"".join(held))
                held, size = [], 0
        await asyncio.to_thread(handle.write, b"".join(held))
