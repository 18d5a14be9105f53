"""Reads the yearly files of votings: each voting joined with its bills, votes and orientations, in constant memory."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from legis.domain.brasilia_time import local_day
from legis.domain.records.record import RecordKind
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, RecordRejected
from legis.ingest.source import ReadContext, RecordReading, RecordsSeen

from ingest_camara.client.answers import rejected
from ingest_camara.client.list_pages import our_readable_id
from ingest_camara.client.yearly_files import CamaraFiles, Line, YearFile, read_lines
from ingest_camara.normalizer.vote_events import FileParts, from_file, needs_opening, voting_record_id
from ingest_camara.source.record_items import file_reading
from ingest_camara.source.votings.file_store import FileStore
from ingest_camara.wire import voting_columns as wire
from ingest_camara.wire.file_columns import FileRow

PREFIX = "camara-vote-"
_CHUNK = 200
"""Votings that are joined at once: 200 nominal ones have some 100,000 votes, about 30 MB."""

FILES_BEHIND = timedelta(days=2)
"""Days before its reading that a file may lack: upstream makes it at night, and sometimes a night later."""

_PARTS: dict[str, tuple[str, type[Any], Any]] = {
    "votes": ("votacoesVotos", wire.VoteRow, wire.VOTE_COLUMNS),
    "benches": ("votacoesOrientacoes", wire.BenchRow, wire.BENCH_COLUMNS),
    "bills": ("votacoesProposicoes", wire.VotedBillRow, wire.VOTED_BILL_COLUMNS),
}
_Lines = list[Line[FileRow[wire.VotingRow]]]


@dataclass(slots=True)
class YearOfVotings:
    """The files of one year while they are read. `openings` are ids of votings whose purpose only a detail tells."""

    year: int
    seq: int
    file: YearFile
    stores: dict[str, FileStore[Any]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    openings: list[str] = field(default_factory=list)
    last_day: date = date.min
    unnamed: int = 0


class VotingFiles:
    """The yearly files of votings, which upstream makes once a day."""

    def __init__(self, files: CamaraFiles) -> None:
        self._files = files

    async def read(
        self, year: int, context: ReadContext, openings: list[str]
    ) -> AsyncGenerator[RecordReading | RecordRejected | RecordsSeen, None]:
        """Every voting of the year whose row, votes, orientations or bills differ from the stored file's, then the list
        of all. Ids of votings that need their detail are added to `openings`.

        Raises RecordGone where there is no file, UpstreamUnavailable where one is cut.
        """
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="legis-votings-")
        with ExitStack() as stack:
            stack.callback(folder.cleanup)
            found = await self._fetch(year, context, Path(folder.name), stack)
            for store in found.stores.values():
                for letter in store.rejections:
                    yield letter
            async with aclosing(_rows(found, context)) as rows:
                async for item in rows:
                    yield item
            openings += found.openings
            if not found.unnamed and (seen := _seen(found)) is not None:
                yield seen

    async def _fetch(self, year: int, context: ReadContext, folder: Path, stack: ExitStack) -> YearOfVotings:
        seq = context.next_seq()
        main = await self._files.fetch("votacoes", year, folder)
        if main is None:
            raise RecordGone(f"there is no file votacoes-{year}.csv")
        found = YearOfVotings(year, seq, main)
        for name, (dataset, row_type, layout) in _PARTS.items():
            file = await self._files.fetch(dataset, year, folder)
            if file is not None:
                store = found.stores[name] = FileStore(folder / f"{name}.sqlite", row_type)
                stack.callback(store.close)
                await store.fill(file, layout)
        return found


async def _rows(year: YearOfVotings, context: ReadContext) -> AsyncGenerator[RecordReading | RecordRejected, None]:
    pending: _Lines = []
    async with aclosing(read_lines(year.file, wire.VOTING_COLUMNS)) as batches:
        async for lines in batches:
            pending += lines
            while len(pending) >= _CHUNK:
                async for item in _chunk(year, pending[:_CHUNK], context):
                    yield item
                del pending[:_CHUNK]
    if pending:
        async for item in _chunk(year, pending, context):
            yield item


async def _chunk(
    year: YearOfVotings, lines: _Lines, context: ReadContext
) -> AsyncGenerator[RecordReading | RecordRejected, None]:
    good = [line.row for line in lines if line.row is not None]
    ids = [found.row.id for found in good]
    parts = {name: await store.of(ids) for name, store in year.stores.items()}
    await context.prefetch([voting_record_id(one) for one in ids], ReadingPart.BULK)
    for line in lines:
        if line.row is None:
            year.unnamed += 1
            yield rejected(line.error or ValueError("unreadable"), line.raw, None, year.file.url)
            continue
        row = line.row.row
        of_voting = FileParts(**{name: rows.get(row.id, []) for name, rows in parts.items()})
        try:
            record = from_file(row, of_voting, line.row.unknown, fetched_at=year.file.fetched_at)
            reading = file_reading(record, year.file, line.raw, year.seq, context)
        except Exception as error:  # a row on which this code fails costs only itself, not its file
            yield _reject(year, row.id, line.raw, error)
            continue
        _note(year, record, row)
        if reading is not None:
            yield reading
        await asyncio.sleep(0)
    context.progress(len(year.ids), None)


def _reject(year: YearOfVotings, upstream_id: str, raw: bytes, error: Exception) -> RecordRejected:
    """The rejection of a row. One that names its voting shows that it is there."""
    our_id = our_readable_id(upstream_id, voting_record_id)
    if our_id is None:
        year.unnamed += 1
    else:
        year.ids.add(our_id)
    return rejected(error, raw, our_id, year.file.url)


def _note(year: YearOfVotings, record: VoteEventRecord, row: wire.VotingRow) -> None:
    year.ids.add(record.id)
    year.last_day = max(year.last_day, record.date or date.min)
    if needs_opening(row):
        year.openings.append(row.id)


def _seen(year: YearOfVotings) -> RecordsSeen | None:
    """The list of the year; of this year up to the day before the file's last, since the file ends with the night."""
    file = year.file
    first, last = date(year.year, 1, 1), date(year.year, 12, 31)
    if (behind := local_day(file.fetched_at) - FILES_BEHIND) < last:
        last = min(behind, year.last_day - timedelta(days=1))
    if last < first:
        return None
    ids = tuple(sorted(year.ids))
    return RecordsSeen(RecordKind.VOTE_EVENT, PREFIX, first, last, ids, file.url, file.fetched_at, year.seq)
