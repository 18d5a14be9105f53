"""Sends a list as a file: page by page for CSV and NDJSON, built first for XLSX. Memory does not grow with the list."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
from legis.languages import Text
from legis.service.problems import problem
from legis.telemetry import logs
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from xlsxwriter.exceptions import FileCreateError

from api_gateway.documents.csv_text import Dialect, csv_head, csv_lines
from api_gateway.web.container import Resources
from api_gateway.web.files.columns import Column, cells
from api_gateway.web.files.file_format import MEDIA_TYPES, FileFormat
from api_gateway.web.files.xlsx_file import MOST_ROWS as MOST_XLSX_ROWS
from api_gateway.web.files.xlsx_file import XlsxFile
from api_gateway.web.pipeline.limits.client_slots import TooMany
from api_gateway.web.pipeline.request_context import context_of

MOST_ROWS = 100_000
"""Rows of one CSV or NDJSON file; who needs more takes an export."""

ROWS_OF_A_PAGE = 500
PAGE_SECONDS = 30.0
"""Longest time for one page, sending included: a reader that takes longer is cut off, since it holds a slot."""

TOO_MANY_FILES = Text(
    "Too many files are being fetched; try again when one of them is complete.",
    "Há arquivos demais sendo baixados; tente de novo quando um deles terminar.",
)

_NO_ROOM = Text(
    "There is no room to build the workbook; ask for fewer rows, or for CSV.",
    "Não há espaço para montar a planilha; peça menos linhas, ou CSV.",
)
_log = logs.get_logger(__name__)

Pages = AsyncIterator[list[bytes]]
"""Rendered list items, page by page."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list to be sent. `name` is the file's name without its ending, `most` the number of rows asked for; `total` the
    number of matches, where it is known.
    """

    name: str
    columns: Sequence[Column]
    format: FileFormat
    dialect: Dialect = "rfc4180"
    most: int = MOST_ROWS
    total: int | None = None

    @property
    def row_limit(self) -> int:
        """Most rows of this file."""
        return min(self.most, MOST_XLSX_ROWS if self.format == "xlsx" else MOST_ROWS)


async def file_reply(request: Request, shared: Resources, wanted: ListFile, pages: Pages) -> Response:
    """The file. 503 where the client, or all clients together, fetch as many files as is allowed at once."""
    slots, client = AsyncExitStack(), context_of(request.scope).client
    try:
        slots.enter_context(shared.files.slot(client))
        if wanted.format == "xlsx":
            slots.enter_context(shared.workbooks.slot(client))
    except TooMany:
        await slots.aclose()
        return problem(503, "Too busy", TOO_MANY_FILES, headers={"Retry-After": "10"})
    headers = _headers(wanted)
    if wanted.format != "xlsx":
        return _Stream(_chunks(request, wanted, pages), slots, MEDIA_TYPES[wanted.format], headers)
    try:
        with _room():
            folder = slots.enter_context(tempfile.TemporaryDirectory(prefix="legis-xlsx-"))
        path = Path(folder) / "list.xlsx"
        await _build(request, wanted, pages, path)
    except _NoRoom as error:
        await slots.aclose()
        _log.error("workbook_not_built", error=repr(error.__cause__))
        return problem(503, "Too busy", _NO_ROOM, headers={"Retry-After": "60"})
    except BaseException:
        await slots.aclose()
        raise
    return _BuiltFile(path, slots, headers)


def _headers(wanted: ListFile) -> dict[str, str]:
    found = {
        "Content-Disposition": f'attachment; filename="{wanted.name}.{wanted.format}"',
        "Cache-Control": "no-store",
        "Vary": "Accept",
        "Legis-Row-Limit": str(wanted.row_limit),
    }
    if wanted.total is not None:
        found["Legis-Total-Rows"] = str(wanted.total)
    return found


async def _limited(request: Request, wanted: ListFile, pages: Pages) -> AsyncIterator[list[bytes]]:
    """The pages up to the row limit; each has its own deadline."""
    context, left = context_of(request.scope), wanted.row_limit
    async with aclosing(pages) as open_pages:  # type: ignore[type-var]
        context.move_deadline(asyncio.get_running_loop().time() + PAGE_SECONDS)
        async for items in open_pages:
            yield items[:left]
            left -= len(items)
            if left <= 0:
                return
            context.move_deadline(asyncio.get_running_loop().time() + PAGE_SECONDS)


async def _chunks(request: Request, wanted: ListFile, pages: Pages) -> AsyncIterator[bytes]:
    if wanted.format == "csv":
        yield csv_head([column.name for column in wanted.columns], wanted.dialect).encode()
    async for items in _limited(request, wanted, pages):
        if wanted.format == "ndjson":
            yield b"".join([item + b"\n" for item in items])
        else:
            rows = [cells(wanted.columns, orjson.loads(item)) for item in items]
            yield csv_lines(rows, wanted.dialect).encode()


async def _build(request: Request, wanted: ListFile, pages: Pages, path: Path) -> None:
    with _room():
        book = XlsxFile(path, [column.name for column in wanted.columns])
    try:
        async for items in _limited(request, wanted, pages):
            rows = [cells(wanted.columns, orjson.loads(item)) for item in items]
            await _in_thread(partial(book.add, rows))
    finally:
        await _in_thread(book.close)


class _NoRoom(Exception):
    """The folder of temporary files is full, or there is none."""


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except (OSError, FileCreateError) as error:
        raise _NoRoom from error


async def _in_thread(work: Callable[[], None]) -> None:
    """Runs it in a thread, and ends only with it, also where the request is cancelled: a workbook is for one thread at
    a time. Raises _NoRoom.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        with _room():
            await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise


class _Stream(StreamingResponse):
    """A stream that gives its slot back when it ends, however it ends."""

    def __init__(self, chunks: AsyncIterator[bytes], slots: AsyncExitStack, media_type: str, headers: dict[str, str]):
        super().__init__(chunks, media_type=media_type, headers=headers)
        self._slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._slots:
            await super().__call__(scope, receive, send)


class _BuiltFile(FileResponse):
    """A file that is deleted once it is sent."""

    def __init__(self, path: Path, slots: AsyncExitStack, headers: dict[str, str]):
        super().__init__(path, media_type=MEDIA_TYPES["xlsx"], headers=headers)
        self._slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._slots:
            await super().__call__(scope, receive, send)
