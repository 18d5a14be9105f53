"""A temporary SQLite table of the rows of one yearly file, found by the voting they belong to.

The files are in no order that may be relied on, and a year has 200,000 votes: so they are joined on disk.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from legis.errors import RecordRejected

from ingest_camara.client.answers import rejected
from ingest_camara.client.yearly_files import YearFile, read_lines

R = TypeVar("R", bound=NamedTuple)
T = TypeVar("T")


class FileStore(Generic[R]):
    """The rows of one file. Their first field is the id of the voting. To be closed."""

    def __init__(self, path: Path, row_type: type[R]) -> None:
        self._row_type = row_type
        self._thread = ThreadPoolExecutor(1, "legis-file-store")  # a connection is used by one thread only
        self._database = self._thread.submit(_create, path, row_type).result()
        places = ", ".join("?" * len(row_type._fields))
        self._insert = f"insert into row values ({places})"
        self.rejections: list[RecordRejected] = []

    async def fill(self, file: YearFile, layout: Any) -> None:
        """Takes all rows of the file. Raises the errors of `read_lines`."""
        await self._call(self._run, "begin")
        async with aclosing(read_lines(file, layout)) as batches:
            async for lines in batches:
                rows = [line.row.row for line in lines if line.row is not None]
                self.rejections += [
                    rejected(line.error or ValueError("unreadable"), line.raw, None, file.url)
                    for line in lines
                    if line.row is None
                ]
                await self._call(self._take, rows)
        await self._call(self._run, "commit")
        await self._call(self._run, f"create index row_by_voting on row ({self._row_type._fields[0]})")

    async def of(self, votings: Sequence[str]) -> dict[str, list[R]]:
        """The rows of these votings, by voting."""
        return await self._call(self._of, votings)

    async def _call(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    # Cursors are closed by the thread that used them: left to be collected, one is reset beside the next statement.

    def _take(self, rows: Sequence[R]) -> None:
        self._database.executemany(self._insert, rows).close()

    def _run(self, statement: str) -> None:
        self._database.execute(statement).close()

    def _of(self, votings: Sequence[str]) -> dict[str, list[R]]:
        marks = ", ".join("?" * len(votings))
        query = f"select * from row where {self._row_type._fields[0]} in ({marks}) order by rowid"
        found: defaultdict[str, list[R]] = defaultdict(list)
        with closing(self._database.execute(query, list(votings))) as cursor:
            for cells in cursor:
                found[cells[0]].append(self._row_type._make(cells))
        return dict(found)

    def close(self) -> None:
        """Closes the database after what is under way; its file belongs to the caller's folder."""
        self._thread.submit(self._database.close).result()
        self._thread.shutdown()


def _create(path: Path, row_type: type[NamedTuple]) -> sqlite3.Connection:
    """A database with an empty table for the rows. It is temporary, so it need not survive a crash."""
    database = sqlite3.connect(path, isolation_level=None)
    columns = ", ".join(row_type._fields)
    for statement in ("pragma journal_mode = off", "pragma synchronous = off", f"create table row ({columns})"):
        database.execute(statement).close()
    return database
