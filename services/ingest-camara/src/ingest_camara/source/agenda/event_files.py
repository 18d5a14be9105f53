"""Reads the yearly files of events, each joined with its bodies."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from legis.domain.brasilia_time import local_day
from legis.domain.records.event_record import EventRecord
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, RecordRejected
from legis.ingest.source import ReadContext, RecordReading, RecordsSeen

from ingest_camara.client.answers import rejected
from ingest_camara.client.list_pages import our_readable_id
from ingest_camara.client.yearly_files import CamaraFiles, Line, YearFile, read_lines
from ingest_camara.normalizer.events import event_record_id, from_file
from ingest_camara.source.record_items import file_reading
from ingest_camara.source.votings.voting_files import FILES_BEHIND
from ingest_camara.wire.event_columns import EVENT_BODY_COLUMNS, EVENT_COLUMNS, EventBodyRow, EventRow
from ingest_camara.wire.file_columns import FileRow

PREFIX = "camara-event-"
_Lines = list[Line[FileRow[EventRow]]]


@dataclass(slots=True)
class _YearOfEvents:
    """The files of one year. A year has some 3,200 events with as many rows of bodies, so these stay in memory."""

    year: int
    seq: int
    file: YearFile
    bodies: Mapping[str, Sequence[EventBodyRow]] | None = None
    broken: list[RecordRejected] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    unnamed: int = 0
    listed: tuple[date, date] | None = None


class EventFiles:
    """The yearly files of events, which upstream makes once a day. They have no agenda."""

    def __init__(self, files: CamaraFiles) -> None:
        self._files = files

    async def read(
        self, year: int, context: ReadContext, listed: tuple[date, date] | None = None
    ) -> AsyncGenerator[RecordReading | RecordRejected | RecordsSeen, None]:
        """Every event of the year whose row differs from the stored file's, then the list of all.

        `listed` are days whose events the API's list shows too: those of them are left out, and so are later ones that
        were listed before, since the list is newer than the file. Raises RecordGone where there is no file,
        UpstreamUnavailable where one is cut.
        """
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="legis-events-")
        try:
            found = await self._fetch(year, context, Path(folder.name))
            found.listed = listed
            for broken in found.broken:
                yield broken
            async with aclosing(read_lines(found.file, EVENT_COLUMNS)) as batches:
                async for lines in batches:
                    for item in await _items(found, lines, context):
                        yield item
            if not found.unnamed and (seen := _seen(found)) is not None:
                yield seen
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _fetch(self, year: int, context: ReadContext, folder: Path) -> _YearOfEvents:
        seq = context.next_seq()
        main = await self._files.fetch("eventos", year, folder)
        if main is None:
            raise RecordGone(f"there is no file eventos-{year}.csv")
        found = _YearOfEvents(year, seq, main)
        bodies = await self._files.fetch("eventosOrgaos", year, folder)
        if bodies is not None:
            found.bodies = await _bodies(bodies, found)
        return found


async def _bodies(file: YearFile, year: _YearOfEvents) -> Mapping[str, Sequence[EventBodyRow]]:
    found: defaultdict[str, list[EventBodyRow]] = defaultdict(list)
    async with aclosing(read_lines(file, EVENT_BODY_COLUMNS)) as batches:
        async for lines in batches:
            for line in lines:
                if line.row is None:
                    year.broken.append(rejected(line.error or ValueError("unreadable"), line.raw, None, file.url))
                else:
                    found[line.row.row.event].append(line.row.row)
    return found


async def _items(year: _YearOfEvents, lines: _Lines, context: ReadContext) -> list[RecordReading | RecordRejected]:
    ids = [event_record_id(line.row.row.id) for line in lines if line.row is not None]
    for part in (ReadingPart.BULK, ReadingPart.LIST):
        await context.prefetch(ids, part)
    items: list[RecordReading | RecordRejected] = []
    for line in lines:
        try:
            if line.row is None:
                raise line.error or ValueError("unreadable")
            bodies = None if year.bodies is None else year.bodies.get(line.row.row.id, ())
            record = from_file(line.row.row, bodies, line.row.unknown)
            reading = file_reading(record, year.file, line.raw, year.seq, context)
        except Exception as error:  # a row on which this code fails costs only itself, not its file
            items.append(_reject(year, line, error))
            continue
        year.ids.add(record.id)
        if reading is not None and not _is_listed(record, year, context):
            items.append(reading)
    context.progress(len(year.ids), None)
    return items


def _is_listed(record: EventRecord, year: _YearOfEvents, context: ReadContext) -> bool:
    """Whether the API's list tells of the event, and newer than the file does."""
    if year.listed is None or record.start is None:
        return False
    (first, last), day = year.listed, local_day(record.start)
    return day >= first and (day <= last or context.seen(record.id, ReadingPart.LIST) is not None)


def _reject(year: _YearOfEvents, line: Line[FileRow[EventRow]], error: Exception) -> RecordRejected:
    """The rejection of a row. One that names its event shows that it is there."""
    our_id = None if line.row is None else our_readable_id(line.row.row.id, event_record_id)
    if our_id is None:
        year.unnamed += 1
    else:
        year.ids.add(our_id)
    return rejected(error, line.raw, our_id, year.file.url)


def _seen(year: _YearOfEvents) -> RecordsSeen | None:
    """The list of the year; of this year up to two days before the file was read."""
    file = year.file
    first = date(year.year, 1, 1)
    last = min(date(year.year, 12, 31), local_day(file.fetched_at) - FILES_BEHIND - timedelta(days=1))
    if last < first or not year.ids:
        return None
    ids = tuple(sorted(year.ids))
    return RecordsSeen(RecordKind.EVENT, PREFIX, first, last, ids, file.url, file.fetched_at, year.seq)
