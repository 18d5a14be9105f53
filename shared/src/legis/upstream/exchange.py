"""One request whose answer has a good status, and whose body is still to be read within its limits."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

import aiohttp

from legis.upstream.http_errors import (
    TRANSPORT_ERRORS,
    Outcome,
    UpstreamFault,
    lower_names,
    server_date,
    transport_fault,
)
from legis.upstream.instrumentation import RequestSpan, without_secrets
from legis.upstream.unpack import PIECE_BYTES, Unpacker

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One request with its limits, in seconds and bytes; `endpoint` is a bounded name for metrics.

    `probe` marks the one request that is sent while the client is blocked, to find out whether it still is.
    """

    url: str
    endpoint: str
    accept: str
    total_timeout: float
    max_body_bytes: int
    probe: bool = False


@dataclass(slots=True)
class Exchange:
    """An open answer. Leaving it as a context releases the connection and everything in `held`."""

    call: Call
    response: aiohttp.ClientResponse
    deadline: float
    span: RequestSpan
    held: AsyncExitStack
    fetched_at: datetime

    def __post_init__(self) -> None:
        self.url = str(self.response.url)
        self.headers = lower_names(self.response.headers)
        self.server_date = server_date(self.headers)

    url: str = field(init=False)
    headers: dict[str, str] = field(init=False)
    server_date: datetime | None = field(init=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.held.__aexit__(kind, error, trace)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the body in chunks of at most 64 KiB, decompressed.

        Raises UpstreamUnavailable when the body is cut, a decompression bomb, over the size limit, or not complete by
        the deadline.
        """
        total = 0
        shown = without_secrets(self.url)
        unpacker = Unpacker(self.headers.get("content-encoding", ""), shown)
        while chunk := await self._next_chunk(unpacker):
            total += len(chunk)
            if total > self.call.max_body_bytes:
                raise UpstreamFault(f"{shown}: body over {self.call.max_body_bytes} bytes", Outcome.TOO_LARGE)
            yield chunk
        self.span.read(total)

    async def in_time(self, awaitable: Awaitable[T]) -> T:
        """Awaits within the request's time limit, with the request's error types."""
        try:
            async with asyncio.timeout_at(self.deadline):
                return await awaitable
        except TRANSPORT_ERRORS as error:
            raise transport_fault(error, without_secrets(self.url)) from error

    async def _next_chunk(self, unpacker: Unpacker) -> bytes:
        while not (chunk := unpacker.take()):
            packed = await self.in_time(self.response.content.read(PIECE_BYTES))
            if not packed:
                unpacker.end()
                return b""
            unpacker.feed(packed)
        return chunk


class UpstreamStream:
    """An answer with status 2xx whose body is read in chunks, in constant memory. It can be read once."""

    def __init__(self, exchange: Exchange, on_fault: Callable[[UpstreamFault], object]) -> None:
        self.url = exchange.url
        self.headers = exchange.headers
        self.fetched_at = exchange.fetched_at
        self.server_date = exchange.server_date
        self._exchange = exchange
        self._on_fault = on_fault
        self._hash = hashlib.sha256()
        self._complete = False

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole body, in hex. Raises ValueError before the end of the body was reached."""
        if not self._complete:
            raise ValueError("the hash is known only once the whole body has been read")
        return self._hash.hexdigest()

    async def iter_chunks(self) -> AsyncIterator[bytes]:
        """Yields the body in chunks of at most 64 KiB.

        Raises UpstreamUnavailable when it is cut, longer than allowed, or not complete within the request's time limit.
        A cut body without a declared length looks like a complete one: parse it to the end.
        """
        try:
            async for chunk in self._exchange.chunks():
                self._hash.update(chunk)
                yield chunk
        except UpstreamFault as fault:
            self._on_fault(fault)
            raise
        self._complete = True
