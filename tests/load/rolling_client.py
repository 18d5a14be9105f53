"""Asks over kept-alive connections at a steady rate, repeats nothing by itself, and counts what was not right."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from api_gateway.documents.models import SubjectType

REPLY_SECONDS = 10.0
SHOWN = 10

EVERYTHING = ",".join(SubjectType)
"""Value of the parameter `about` for a reader of the change log who wants every number. A reader of bills alone sees
gaps, since entries about other records have numbers too.
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of request: its address, and what is wrong with a reply's JSON (None: nothing)."""

    name: str
    path: str
    wrong: Callable[[Any], str | None]


@dataclass(slots=True)
class Tally:
    """What came back."""

    sent: int = 0
    failed: int = 0
    unchanged: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    failed_at: Counter[str] = field(default_factory=Counter)
    connections: int = 0

    def fail(self, what: str) -> None:
        self.failed += 1
        self.failed_at[time.strftime("%H:%M:%S")] += 1
        if len(self.failures) < SHOWN:
            self.failures.append(f"{time.strftime('%H:%M:%S')} {what}")

    def percentile(self, share: float) -> float:
        """Of the seconds that requests took."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Connection:
    """One kept-alive HTTP/1.1 connection. Opened again only when the server said that it would close it."""

    def __init__(self, port: int, tally: Tally) -> None:
        self._port = port
        self._tally = tally
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._etags: dict[str, str] = {}

    async def ask(self, ask: Ask, *, conditional: bool) -> None:
        """Sends one request and judges the reply; whatever goes wrong is counted, never raised."""
        self._tally.sent += 1
        self._tally.kinds[ask.name] += 1
        began = time.perf_counter()
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                fault = await self._exchange(ask, conditional=conditional)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            fault = repr(error)
            await self.close()
        self._tally.seconds.append(time.perf_counter() - began)
        if fault is not None:
            self._tally.fail(f"{ask.path}: {fault}")

    async def close(self) -> None:
        """Closes it, if it is open."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, ask: Ask, *, conditional: bool) -> str | None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            self._tally.connections += 1
        reader, writer = self._streams
        etag = self._etags.get(ask.path) if conditional else None
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        writer.write(f"GET {ask.path} HTTP/1.1\r\nHost: legis.test\r\n{condition}\r\n".encode())
        status, headers, body = await _reply(reader)
        if headers.get("connection") == "close":
            await self.close()
        if status == 304:
            self._tally.unchanged += 1
            return None if etag else "304 without being asked"
        if status != 200:
            return f"{status} {body[:200]!r}"
        self._etags[ask.path] = headers.get("etag", "")
        return ask.wrong(orjson.loads(body))


async def _reply(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    status = int(head[0].split()[1])
    if status == 304:
        return status, headers, b""
    if headers.get("transfer-encoding") == "chunked":
        return status, headers, await _chunks(reader)
    return status, headers, await reader.readexactly(int(headers["content-length"]))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    pieces: list[bytes] = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(pieces)


async def load(
    port: int, asks: Sequence[Ask], tally: Tally, enough: Callable[[], bool], *, rate: float, connections: int
) -> None:
    """Sends `rate` requests a second over all connections together until `enough()`.

    A connection that falls behind does not catch up in a burst: it goes on from where it is.
    """

    async def one(number: int) -> None:
        choose, connection = random.Random(number), Connection(port, tally)
        step = connections / rate
        due = time.perf_counter() + step * number / connections
        while not enough():
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await connection.ask(choose.choice(asks), conditional=choose.random() < 0.25)
            due = max(due + step, time.perf_counter() - step)
        await connection.close()

    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(one(number))
