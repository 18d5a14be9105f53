"""Any list that is read page by page from the database, as a file: all matches, in the order of the list."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from api_gateway.documents.csv_text import Dialect
from api_gateway.web.container import Resources
from api_gateway.web.files.file_reply import MOST_ROWS, ListFile, file_reply
from api_gateway.web.files.list_columns import FileKind
from api_gateway.web.pipeline.limits.patient_slot import patient_slot
from api_gateway.web.pipeline.request_context import context_of

Place = TypeVar("Place")

Page = tuple[list[bytes], Place | None]
"""Rendered items, and the place after which the next page begins; None on the last page."""

ReadPage = Callable[[Place | None, int], Awaitable[Page[Place]]]
"""Reads one page of at most so many items after a place; None is the beginning."""


class FileRequest(Protocol):
    """The parameters of a list that is also served as a file."""

    @property
    def dialect(self) -> Dialect:
        """Of CSV."""

    @property
    def limit(self) -> int:
        """Number of rows, where it is given."""

    @property
    def model_fields_set(self) -> set[str]:
        """Names of the given parameters."""


async def paged_file(
    request: Request,
    shared: Resources,
    asked: FileRequest,
    kind: FileKind,
    read: ReadPage[Place],
    start: Place | None,
) -> Response | None:
    """The file; None if the request wants JSON. Pages are read one by one, so a record that changes its place in the
    list meanwhile may be missing or twice. The first page is read before the reply begins: its errors are problems.
    """
    context = context_of(request.scope)
    if context.file_format is None:
        return None
    most = asked.limit if "limit" in asked.model_fields_set else MOST_ROWS
    file = ListFile(kind.name, kind.columns, context.file_format, asked.dialect, most)
    size = min(kind.items_of_a_page, file.row_limit)

    async def page_after(place: Place | None) -> Page[Place]:
        async with patient_slot(shared.admission, context.client, context.cost):
            return await read(place, size)

    async with shared.admission.slot(context.client, context.cost):
        first = await read(start, size)
    return await file_reply(request, shared, file, _pages(page_after, first))


async def _pages(
    page_after: Callable[[Place | None], Awaitable[Page[Place]]], first: Page[Place]
) -> AsyncIterator[list[bytes]]:
    items, place = first
    yield items
    while place is not None:
        items, place = await page_after(place)
        yield items
