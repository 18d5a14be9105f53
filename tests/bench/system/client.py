"""Asks one server as fast as it answers, over kept connections, from a process of its own.

`python -m bench.system.client` reads one JSON order a line and prints one JSON tally a line. As little Python per reply
as can be: requests are made beforehand, replies are only measured.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import uvloop

_HEAD_END = b"\r\n\r\n"
_CHUNKS_END = b"0\r\n\r\n"
_TIMES_TOLD = 2000


@dataclass(frozen=True, slots=True)
class Tally:
    """What came back within the time: good replies a second, sorted seconds they took, and replies of other kinds."""

    rate: float
    replies: int
    seconds: tuple[float, ...]
    bad: int
    body_bytes: int

    def quantile(self, share: float) -> float:
        """Seconds that `share` of the replies did not exceed."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))] if self.seconds else 0.0


class Connection(asyncio.Protocol):
    """One connection that asks again as soon as it has its answer."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._buffer = b""
        self._began = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def ask(self, due: float) -> None:
        """Sends the next request, which was due then: what it waited for its turn counts."""
        self._began = due
        self._transport.write(next(self._load.requests))

    def ask_next(self, now: float) -> None:
        """Sends the next request, at once or at its time where there is a pace."""
        if not self._load.interval:
            self.ask(now)
            return
        due = self._began + self._load.interval
        if due <= now:
            self.ask(due)
        else:
            asyncio.get_running_loop().call_later(due - now, self.ask, due)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        head = buffer.find(_HEAD_END)
        if head < 0 or not _whole(buffer, head):
            self._buffer = buffer
            return
        self._buffer = b""
        load, now = self._load, time.perf_counter()
        load.seconds.append(now - self._began)
        if buffer[9:12] != load.good:
            load.bad += 1
        load.body_bytes += len(buffer) - head - 4
        if now < load.until:
            self.ask_next(now)
        else:
            load.finished(self._transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._load.lost()


def _whole(buffer: bytes, head: int) -> bool:
    told = buffer.find(b"ength: ", 0, head)  # uvicorn writes content-length, nginx Content-Length
    if told >= 0:
        return len(buffer) - head - 4 >= int(buffer[told + 7 : buffer.find(b"\r", told)])
    return buffer[9:12] == b"304" or buffer.endswith(_CHUNKS_END)


def _thinned(seconds: list[float]) -> list[float]:
    """So many of sorted times that every quantile stays where it was, the greatest with them, and the answer short."""
    if len(seconds) <= _TIMES_TOLD:
        return seconds
    last = len(seconds) - 1
    return [seconds[place * last // (_TIMES_TOLD - 1)] for place in range(_TIMES_TOLD)]


class Load:
    """The requests in turn, and what came of them."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        extra = "".join(f"{name}: {value}\r\n" for name, value in order["headers"].items())
        made = [f"GET {target} HTTP/1.1\r\nHost: bench\r\n{extra}\r\n".encode() for target in order["targets"]]
        self.requests = itertools.cycle(made)
        self.interval = order["connections"] / order["rate"] if order["rate"] else 0.0
        self.good = str(order["status"]).encode()
        self.until = 0.0
        self.seconds: list[float] = []
        self.bad = self.body_bytes = self._open = 0
        self._over = asyncio.Event()

    async def run(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Opens the connections and keeps them busy."""
        loop = asyncio.get_running_loop()
        made = [
            (await loop.create_connection(lambda: Connection(self), order["host"], order["port"]))[1]
            for _ in range(order["connections"])
        ]
        self._open = len(made)
        began = time.perf_counter()
        self.until = began + order["seconds"]
        for place, connection in enumerate(made):
            after = place * self.interval / len(made)
            loop.call_later(after, connection.ask, began + after)
        async with asyncio.timeout(order["seconds"] + 90):
            await self._over.wait()
        elapsed = time.perf_counter() - began
        bodies = self.body_bytes // max(1, len(self.seconds))
        return {
            "rate": (len(self.seconds) - self.bad) / elapsed, "replies": len(self.seconds), "bad": self.bad,
            "seconds": _thinned(sorted(self.seconds)), "body_bytes": bodies,
        }  # fmt: skip

    def finished(self, transport: Any) -> None:
        """One connection has its last answer."""
        transport.close()

    def lost(self) -> None:
        """One connection is closed; before its time that is an error, and counted as one."""
        self._open -= 1
        if time.perf_counter() < self.until:
            self.bad += 1
        if not self._open:
            self._over.set()


class Client:
    """The process that asks; lives as long as the benchmark."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.system.client"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def load(
        self, port: int, targets: Sequence[str], seconds: float, *, connections: int, rate: float = 0,
        status: int = 200, headers: Mapping[str, str] | None = None,
    ) -> Tally:  # fmt: skip
        """Asks for the targets in turn, at `rate` a second or (0) as fast as answers come.

        Raises RuntimeError when the process cannot.
        """
        order = {
            "host": "127.0.0.1", "port": port, "targets": list(targets), "seconds": seconds, "status": status,
            "connections": connections, "rate": rate, "headers": dict(headers or {}),
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load process has ended")
        told = json.loads(line)
        return Tally(**{**told, "seconds": tuple(told["seconds"])})

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


async def _answer(line: str) -> dict[str, Any]:
    order = json.loads(line)
    return await Load(order).run(order)


def main() -> None:
    """Takes orders until standard input ends."""
    for line in sys.stdin:
        print(json.dumps(uvloop.run(_answer(line))), flush=True)


if __name__ == "__main__":
    main()
