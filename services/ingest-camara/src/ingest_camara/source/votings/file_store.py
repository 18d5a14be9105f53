"""A temporary SQLite table of the rows of one yearly file, found by the voting they belong to.

The files are in no order that may be relied on, and a year has 200,000 votes: so they are joined on disk.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from legis.errors import RecordRejected

from ingest_camara.client.answers import rejected
from ingest_camara.client.yearly_files import YearFile, read_lines

R = TypeVar("R", bound=NamedTuple)


class FileStore(Generic[R]):
    """The rows of one file. Their first field is the id of the voting. To be closed."""

    def __init__(self, path: Path, row_type: type[R]) -> None:
        self._row_type = row_type
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        columns = ", ".join(row_type._fields)
        self._database.execute("pragma journal_mode = off")
        self._database.execute("pragma synchronous = off")
        self._database.execute(f"create table row ({columns})")
        places = ", ".join("?" * len(row_type._fields))
        self._insert = f"insert into row values ({places})"
        self.rejections: list[RecordRejected] = []

    async def fill(self, file: YearFile, layout: Any) -> None:
        """Takes all rows of the file. Raises the errors of `read_lines`."""
        self._database.execute("begin")
        async with aclosing(read_lines(file, layout)) as batches:
            async for lines in batches:
                rows = [line.row.row for line in lines if line.row is not None]
                self.rejections += [
                    rejected(line.error or ValueError("unreadable"), line.raw, None, file.url)
                    for line in lines
                    if line.row is None
                ]
                await asyncio.to_thread(self._database.executemany, self._insert, rows)
        self._database.execute("commit")
        index = f"create index row_by_voting on row ({self._row_type._fields[0]})"
        await asyncio.to_thread(self._database.execute, index)

    async def of(self, votings: Sequence[str]) -> dict[str, list[R]]:
        """The rows of these votings, by voting."""
        return await asyncio.to_thread(self._of, votings)

    def _of(self, votings: Sequence[str]) -> dict[str, list[R]]:
        marks = ", ".join("?" * len(votings))
        query = f"select * from row where {self._row_type._fields[0]} in ({marks}) order by rowid"
        found: defaultdict[str, list[R]] = defaultdict(list)
        for cells in self._database.execute(query, list(votings)):
            found[cells[0]].append(self._row_type._make(cells))
        return dict(found)

    def close(self) -> None:
        """Closes the database; its file belongs to the caller's folder."""
        self._database.close()
