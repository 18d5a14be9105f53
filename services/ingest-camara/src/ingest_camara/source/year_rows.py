"""Reads the files of one year: rows joined with their authors and themes, without the rows that are stored already."""

import asyncio
import hashlib
import re
import tempfile
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import Any, TypeVar

from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, RecordRejected, UpstreamUnavailable
from legis.ingest.source import ReadContext, Reading, YearOutcome, YearSeen
from legis.telemetry import traces

from ingest_camara.client.answers import rejected
from ingest_camara.client.yearly_files import CamaraFiles, Layout, Line, YearFile, read_lines
from ingest_camara.normalizer.bill import PARSER_VERSION, from_bulk_row
from ingest_camara.normalizer.marks import file_mark, same_row
from ingest_camara.source.directory import Known
from ingest_camara.wire.bulk import AuthorLayout, BulkAuthor, BulkRow, BulkTheme, Header, ProposalLayout, ThemeLayout

R = TypeVar("R")

PREFETCH = 500
_BREATH = 50
_SHRUNK = 0.9
_FIRST_NUMBER = re.compile(rb'"?(\d{1,20})"?;')


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that differs from the stored bill, which was read whole: only its detail can decide."""

    upstream_id: str
    mark: str


Found = Reading | RecordRejected | Doubt | YearSeen | YearOutcome


@dataclass(slots=True)
class _Year:
    """The files of one year. Authors and themes stay in memory: a year of 40,000 bills takes some 50 MB."""

    file: YearFile
    seq: int
    traceparent: str | None
    authors: dict[str, list[BulkAuthor]] = field(default_factory=lambda: defaultdict(list))
    themes: dict[str, list[BulkTheme]] = field(default_factory=lambda: defaultdict(list))
    ids: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    """Ids of all rows, including rows whose type is not read."""
    unnamed: int = 0
    """Number of rows whose id cannot be read: unless it is 0, no bill can be called missing."""
    rows: int = 0
    has_authors: bool = False
    rejections: list[RecordRejected] = field(default_factory=list)


class YearReader:
    """Reads the yearly files, which upstream makes once a day: a file may be older than a detail."""

    def __init__(self, files: CamaraFiles, types: frozenset[str]) -> None:
        self._files = files
        self._types = types
        self._counts: dict[int, int] = {}

    async def read(self, year: int, context: ReadContext, directory: Known) -> AsyncGenerator[Found, None]:
        """Every row with news, then the list of bills that the file holds.

        A row of a bill that was read whole is never published: it may be older than the stored bill. Raises RecordGone
        where there is no file, UpstreamUnavailable when the file is cut, or a tenth shorter than when this process read
        it last. Where only the file of authors is missing, bills come without authors and the year counts as not read.
        """
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="legis-camara-")
        try:
            files = await self._fetch(year, context, Path(folder.name))
            for broken in files.rejections:
                yield broken
            async with aclosing(self._rows_of(files, context, directory)) as rows:
                async for found in rows:
                    yield found
            self._remember(year, files)
            if not files.unnamed:
                yield self._seen(year, files)
            if not files.has_authors and files.rows:
                yield YearOutcome(year, "its file of authors is missing", files.seq)
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _rows_of(self, year: _Year, context: ReadContext, directory: Known) -> AsyncGenerator[Found, None]:
        pending: list[Line[BulkRow]] = []
        async with aclosing(read_lines(year.file, ProposalLayout)) as batches:
            async for lines in batches:
                pending.extend(lines)
                if len(pending) >= PREFETCH:
                    async for found in self._sift(pending, year, context, directory):
                        yield found
                    pending = []
        async for found in self._sift(pending, year, context, directory):
            yield found
        context.progress(year.rows, year.rows)

    def _seen(self, number: int, year: _Year) -> YearSeen:
        ids = tuple(sorted(year.listed))
        return YearSeen(number, ids, year.file.url, year.file.fetched_at, year.seq, selective=bool(self._types))

    def _remember(self, number: int, year: _Year) -> None:
        before = self._counts.get(number, 0)
        if year.rows < before * _SHRUNK:
            raise UpstreamUnavailable(f"{year.file.url} has {year.rows} rows, it had {before}")
        self._counts[number] = year.rows

    async def _fetch(self, year: int, context: ReadContext, folder: Path) -> _Year:
        with traces.tracer("ingest_camara").start_as_current_span("read yearly file") as span:
            span.set_attribute("legis.year", year)
            seq = context.next_seq()
            main = await self._files.fetch("proposicoes", year, folder)
            if main is None:
                raise RecordGone(f"there is no file proposicoes-{year}.csv")
            found = _Year(main, seq, traces.current_traceparent())
            authors = await self._files.fetch("proposicoesAutores", year, folder)
            found.has_authors = authors is not None
            if authors is not None:
                await _join_authors(authors, found)
            themes = await self._files.fetch("proposicoesTemas", year, folder)
            if themes is not None:
                await _join_themes(themes, found)
            return found

    async def _sift(
        self, lines: list[Line[BulkRow]], year: _Year, context: ReadContext, directory: Known
    ) -> AsyncGenerator[Found, None]:
        ids = [line.row.id for line in lines if line.row is not None]
        await context.prefetch(ids, ReadingPart.BULK)
        await context.prefetch(ids, ReadingPart.DETAIL)
        for place, line in enumerate(lines):
            if place % _BREATH == 0:
                await asyncio.sleep(0)  # a few milliseconds of work each: other tasks need the event loop too
            _note(line, year)
            found = self._consider(line, year, context, directory)
            if found is not None:
                yield found
        year.rows += len(lines)
        context.progress(year.rows, None)

    def _consider(self, line: Line[BulkRow], year: _Year, context: ReadContext, directory: Known) -> Found | None:
        row = line.row
        if row is None:
            return _reject(line, year.file)
        if row.id in year.ids or not self._wanted(row):
            return None
        year.ids.add(row.id)
        try:
            bill = from_bulk_row(
                row, year.authors.get(row.id), year.themes.get(row.id), fetched_at=year.file.fetched_at
            )
            return _compare(bill, line.raw, year, context, directory)
        except Exception as error:  # a row on which this code fails costs only itself, not its year
            return rejected(error, line.raw, row.id, year.file.url)

    def _wanted(self, row: BulkRow) -> bool:
        return not self._types or row.siglaTipo.strip().upper() in self._types


def _compare(bill: Bill, raw: bytes, year: _Year, context: ReadContext, directory: Known) -> Found | None:
    mark = file_mark(bill)
    known = context.seen(bill.upstream_id, ReadingPart.BULK)
    if context.seen(bill.upstream_id, ReadingPart.DETAIL) is not None:
        return None if same_row(known, mark) else Doubt(bill.upstream_id, mark)
    if known == mark:
        return None
    provenance = Provenance(
        url=year.file.url,
        fetched_at=year.file.fetched_at,
        payload_sha256=hashlib.sha256(raw).hexdigest(),
        parser_version=PARSER_VERSION,
    )
    completed = directory.complete(bill)
    return Reading(completed, provenance, ReadingPart.BULK, year.seq, {ReadingPart.BULK: mark}, year.traceparent)


async def _join_authors(file: YearFile, year: _Year) -> None:
    async for rows in _good_rows(file, AuthorLayout, year):
        for row in rows:
            shared = row._replace(uri=intern(row.uri), tipo=intern(row.tipo), nome=intern(row.nome))
            year.authors[intern(row.id)].append(shared)


async def _join_themes(file: YearFile, year: _Year) -> None:
    async for rows in _good_rows(file, ThemeLayout, year):
        for row in rows:
            year.themes[intern(row.id)].append(row._replace(tema=intern(row.tema)))


async def _good_rows(
    file: YearFile, make_layout: Callable[[Header], Layout[R]], year: _Year
) -> AsyncGenerator[list[R], None]:
    async with aclosing(read_lines(file, make_layout)) as batches:
        async for lines in batches:
            year.rejections.extend(_reject(line, file) for line in lines if line.row is None)
            yield [line.row for line in lines if line.row is not None]


def _reject(line: Line[Any], file: YearFile) -> RecordRejected:
    return rejected(line.error or ValueError("unreadable"), line.raw, _id_of(line), file.url)


def _id_of(line: Line[Any]) -> str | None:
    """The id of a row that could not be read, where the row begins with one; else None."""
    key = _FIRST_NUMBER.match(line.raw)
    return key[1].decode("ascii") if key else None


def _note(line: Line[BulkRow], year: _Year) -> None:
    upstream_id = line.row.id if line.row is not None else _id_of(line)
    if upstream_id is None:
        year.unnamed += 1
    else:
        year.listed.add(upstream_id)
