"""Sends GET requests from a process of its own: at a fixed rate whatever comes back, or as many clients as told.

`python openloop.py HOST PORT SECONDS RATE CLIENTS SEED [ADDRESS [MORE]]`: with RATE 0 each of CLIENTS asks again when
it has its answer, after a refusal a tenth of a second later; else requests leave at RATE a second, and one that finds
all CLIENTS connections busy counts as `unsent`. Every address is asked once only. ADDRESS is the client that
X-Forwarded-For names, `*` for another one on every connection, MORE what is put behind every query. Prints one JSON
object.
"""

import asyncio
import json
import random
import sys
import time
from collections import deque
from dataclasses import dataclass, field

from words import ASKED

REPLY_LIMIT_SECONDS = 10.0
REFUSED_SECONDS = 0.1
"""Pause after a refusal: the way to a client far away and back."""


@dataclass(slots=True)
class Tally:
    """What came back: seconds by status, and what did not."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    without_retry_after: int = 0
    broken: int = 0
    unsent: int = 0
    late: list[float] = field(default_factory=list)
    """Seconds by which requests left later than they were due: this process, not the server, kept them waiting."""


class Connection(asyncio.Protocol):
    """One kept connection that asks one thing at a time; as little Python per reply as can be."""

    def __init__(self, load: "Load", end_of_head: bytes) -> None:
        self._load = load
        self._end_of_head = end_of_head
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._wanted = -1
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, target: bytes, began: float) -> None:
        """Sends one request; `began` is when it was due."""
        assert self._transport is not None
        self._began = began
        self._transport.write(b"GET " + target + self._end_of_head)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._wanted < 0:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            lowered = self._buffer[:head].lower()
            self._wanted = head + 4 + int(lowered.partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
        if len(self._buffer) >= self._wanted:
            status, told = int(self._buffer[9:12]), b"retry-after: " in self._buffer[:2000].lower()
            self._buffer, self._wanted = b"", -1
            self._load.answered(self, status, time.perf_counter() - self._began, told)

    def connection_lost(self, error: Exception | None) -> None:
        self._load.lost(self, self._began > 0)


class Load:
    """The requests, the connections that carry them, and the tally."""

    def __init__(self, host: str, port: int, seed: int, address: str = "", more: str = "") -> None:
        self._address = address
        self._more = more
        self._host, self._port = host, port
        self._dice = random.Random(seed)
        self._number = seed * 10_000_000
        self._idle: deque[Connection] = deque()
        self._closed_loop_until = 0.0
        self._open = 0
        self.at_work = 0
        self.tally = Tally()

    async def connect(self, clients: int) -> None:
        """Opens the connections."""
        loop = asyncio.get_running_loop()
        for number in range(clients):
            made = Connection(self, self._end_of_head(number))
            await loop.create_connection(lambda made=made: made, self._host, self._port)  # type: ignore[misc]
            self._idle.append(made)
            self._open += 1

    def _end_of_head(self, number: int) -> bytes:
        """What every request of one connection has behind its address."""
        address = f"198.18.{number >> 8}.{number & 255}" if self._address == "*" else self._address
        forwarded = f"X-Forwarded-For: {address}\r\n" if address else ""
        return f" HTTP/1.1\r\nHost: legis\r\nAccept-Encoding: gzip\r\n{forwarded}\r\n".encode()

    async def at_rate(self, rate: float, seconds: float) -> None:
        """Requests in a Poisson stream."""
        began = due = time.perf_counter()
        while (due := due + self._dice.expovariate(rate)) < began + seconds:
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self._send(due)
        await self._rest()

    async def by_clients(self, seconds: float) -> None:
        """Every connection asks, and asks again."""
        self._closed_loop_until = time.perf_counter() + seconds
        for _ in range(len(self._idle)):
            self._send(time.perf_counter())
        await asyncio.sleep(seconds)  # all may be pausing at once
        await self._rest()

    def answered(self, connection: Connection, status: int, seconds: float, told: bool) -> None:
        """One whole reply came."""
        self.at_work -= 1
        self.tally.seconds.setdefault(status, []).append(seconds)
        self.tally.without_retry_after += status == 503 and not told
        self._idle.append(connection)
        if self._closed_loop_until:
            asyncio.get_running_loop().call_later(0 if status == 200 else REFUSED_SECONDS, self._ask_again)

    def _ask_again(self) -> None:
        if (now := time.perf_counter()) < self._closed_loop_until:
            self._send(now)

    def lost(self, connection: Connection, asked: bool) -> None:
        """A connection closed."""
        self._open -= 1
        if connection in self._idle:
            self._idle.remove(connection)
        elif asked:
            self.at_work -= 1
            self.tally.broken += 1

    def _send(self, due: float) -> None:
        if not self._idle:
            self.tally.unsent += 1
            return
        self.at_work += 1
        self.tally.late.append(time.perf_counter() - due)
        self._idle.popleft().ask(self._target(), due)

    def _target(self) -> bytes:
        """Asks for a search; its number makes it one that no cache has."""
        self._number += 1
        words = "%20or%20".join(self._quoted(word) for word in self._dice.sample(ASKED, 3))
        return f"/api/v1/bills?q={words}%20-n{self._number}&limit=20{self._more}".encode()

    def _quoted(self, word: str) -> str:
        return "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in word)

    async def _rest(self) -> None:
        deadline = time.perf_counter() + REPLY_LIMIT_SECONDS
        while self.at_work and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def main(host: str, port: int, seconds: float, rate: float, clients: int, seed: int, *more: str) -> None:
    load = Load(host, port, seed, *more)
    await load.connect(clients)
    began = time.perf_counter()
    await (load.at_rate(rate, seconds) if rate else load.by_clients(seconds))
    tally = load.tally
    shown = {
        "elapsed": min(time.perf_counter() - began, seconds),
        "seconds": {str(status): sorted(found) for status, found in tally.seconds.items()},
        "without_retry_after": tally.without_retry_after,
        "broken": tally.broken + load.at_work,
        "unsent": tally.unsent,
        "late": sorted(tally.late),
    }
    print(json.dumps(shown))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    numbers = [float(text) for text in arguments[2:4]]
    clients, seed = int(arguments[4]), int(arguments[5])
    asyncio.run(main(arguments[0], int(arguments[1]), numbers[0], numbers[1], clients, seed, *arguments[6:]))
