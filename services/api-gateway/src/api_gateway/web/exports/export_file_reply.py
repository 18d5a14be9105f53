"""Sends a file of an export: whole or a range of it, from whichever store it is kept in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from legis.languages import Text
from legis.service.problems import problem
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api_gateway.exports.export_library import ExportLibrary
from api_gateway.exports.export_shapes import ExportFile, ExportManifest
from api_gateway.web.container import Resources
from api_gateway.web.exports.byte_range import ByteRange, NotSatisfiable, byte_range, is_current
from api_gateway.web.files.file_reply import TOO_MANY_FILES
from api_gateway.web.pipeline.limits.client_slots import TooMany
from api_gateway.web.pipeline.request_context import RequestContext, context_of
from api_gateway.web.responses.json_responses import last_modified

CHUNK_SECONDS = 30.0
"""Longest time between two pieces of a file: a reader that takes longer is cut off, since it holds a slot."""

CACHE = "public, max-age=86400, immutable, no-transform"


async def export_file_reply(
    request: Request, shared: Resources, library: ExportLibrary, manifest: ExportManifest, file: ExportFile
) -> Response:
    """The file, or the range of it that is asked for: 200, 206, 304 or 416. 503 where the client, or all clients
    together, fetch as many files as is allowed at once.
    """
    context = context_of(request.scope)
    etag = f'"{file.sha256}"'
    headers = {
        "ETag": etag,
        "Last-Modified": last_modified(manifest.created_at),
        "Cache-Control": CACHE,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{file.name}"',
    }
    if is_current(context.headers, etag):
        return Response(headers=headers)  # without content: the pipeline compares the ETag too, and sends 304
    try:
        wanted = byte_range(context.headers, file.bytes, etag)
    except NotSatisfiable:
        detail = Text(
            f"The file has {file.bytes} bytes; the range begins behind them.",
            f"O arquivo tem {file.bytes} bytes; o intervalo começa depois deles.",
        )
        told = {"Content-Range": f"bytes */{file.bytes}"}
        return problem(416, "Range not satisfiable", detail, headers=told, instance=request.url.path)
    headers["Content-Length"] = str(wanted.stop - wanted.start)
    if not wanted.whole:
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{file.bytes}"
    status = 200 if wanted.whole else 206
    if context.is_head:
        return _FileStream(_nothing(), AsyncExitStack(), status, headers, file.media_type)
    slots = AsyncExitStack()
    try:
        slots.enter_context(shared.files.slot(context.client))
    except TooMany:
        told = {"Retry-After": "10"}
        return problem(503, "Too busy", TOO_MANY_FILES, headers=told)
    path = f"{manifest.id}/{file.name}"
    return _FileStream(_chunks(context, library, path, wanted), slots, status, headers, file.media_type)


async def _nothing() -> AsyncIterator[bytes]:
    """The body of a reply to HEAD; in two pieces, so that it counts as a stream and keeps its length."""
    yield b""


async def _chunks(
    context: RequestContext, library: ExportLibrary, path: str, wanted: ByteRange
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    context.move_deadline(loop.time() + CHUNK_SECONDS)
    async for chunk in library.stream(path, wanted.start, wanted.stop):
        yield chunk
        context.move_deadline(loop.time() + CHUNK_SECONDS)


class _FileStream(StreamingResponse):
    """A stream that gives its slot back when it ends, however it ends. A fault in its midst cuts the connection, since
    fewer bytes come than were announced.
    """

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        slots: AsyncExitStack,
        status: int,
        headers: dict[str, str],
        media_type: str,
    ) -> None:
        super().__init__(chunks, status, headers, media_type)
        self._slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._slots:
            await super().__call__(scope, receive, send)
