"""Hostile requests over raw sockets: no 5xx, no traceback, no forged log line, and memory and descriptors back.

Run by `make hostile`. 501 and 505 are right where a method or a version is not known. Of every log line it is checked
that it is one JSON object, as a line that a client wrote would not be.
"""

import argparse
import asyncio
import contextlib
import json
import re
import socket
import struct
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hostile_requests import Hostile, attacks
from stage import Stage, until

CONNECTIONS = 48
HALF_OPEN = 200
CLOSED_WITHIN = 25.0
MORE_MEMORY_KIB = 32 * 1024
PATIENT = {
    "ADMISSION_QUEUE": "1000",
    "ADMISSION_WAIT_SECONDS": "10",
    "REQUEST_TIMEOUT_SECONDS": "30",
    "DATABASE_ACQUIRE_TIMEOUT_SECONDS": "10",
    "DATABASE_STATEMENT_TIMEOUT_SECONDS": "20",
}
"""Settings of an API that refuses nobody because it is busy: a 503 would hide a failure here."""

_REPLY_SECONDS = 0.5
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_RIGHT = {"501", "505"}
_RESET = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Seen:
    """Statuses by kind of attack, and those that should not be."""

    statuses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[tuple[str, bytes]] = field(default_factory=list)

    def note(self, attack: Hostile, reply: bytes) -> None:
        """Counts the replies that came back on the connection of one attack."""
        found = [status.decode() for status in _STATUS.findall(reply)]
        self.statuses[attack.kind].update(found or ["none"])
        if any(status >= "500" and status not in _RIGHT for status in found):
            self.wrong.append((attack.kind, attack.sent[:200]))


async def send(port: int, attack: Hostile) -> bytes:
    """What comes back until the server closes, says no more for a while, or is left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(attack.sent)
        if attack.leaves:
            sock: socket.socket = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            return b""
        found = b""
        with contextlib.suppress(TimeoutError, OSError):
            while True:
                async with asyncio.timeout(_REPLY_SECONDS if not found else 0.05):
                    piece = await reader.read(65536)
                if not piece:
                    break
                found = found[-12:] + piece if found.endswith(b"HTTP") else found + piece
        return found
    finally:
        writer.transport.abort()


async def attack_all(port: int, count: int, seed: int) -> Seen:
    """Sends all, some at a time."""
    seen, queue = Seen(), attacks(count, seed)

    async def one_after_another(waiting: Iterator[Hostile]) -> None:
        for attack in waiting:
            try:
                seen.note(attack, await send(port, attack))
            except OSError:
                seen.statuses[attack.kind]["no connection"] += 1

    await asyncio.gather(*(one_after_another(queue) for _ in range(CONNECTIONS)))
    return seen


async def half_open(port: int, count: int) -> float:
    """Seconds until the server has closed all of so many connections with half a request."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    began = time.monotonic()
    for _, writer in opened:
        writer.write(b"GET /api/v1/bills HTTP/1.1\r\nHost: ")
    try:
        async with asyncio.timeout(CLOSED_WITHIN):
            await asyncio.gather(*(reader.read() for reader, _ in opened), return_exceptions=True)
        return time.monotonic() - began
    except TimeoutError:
        return float("inf")
    finally:
        for _, writer in opened:
            writer.transport.abort()


def descriptors(pid: int) -> int:
    """Open files and sockets of a process."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def memory_kib(pid: int) -> int:
    """Resident memory of a process."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0])


def forged_or_failed(log: Path) -> list[str]:
    """Lines of a log that are no JSON object of ours, or tell of an exception."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        try:
            told = json.loads(line)
            good = isinstance(told, dict) and "event" in told and "exception" not in told
        except ValueError:
            good = False
        if not good or "Traceback" in line:
            found.append(line[-800:])
    return found


def measure(stage: Stage, count: int, seed: int) -> bool:
    """Runs all; prints what was seen and says whether everything holds."""
    stage.start_indexer()
    web, port = stage.web(**PATIENT)
    pid = web.pid or 0
    asyncio.run(attack_all(port, 3000, seed + 1))  # what grows once has grown then
    until(lambda: descriptors(pid) <= 60, 30, "connections closed")
    before = (descriptors(pid), memory_kib(pid))
    began = time.monotonic()
    seen = asyncio.run(attack_all(port, count, seed))
    seconds = time.monotonic() - began
    closed = asyncio.run(half_open(port, HALF_OPEN))
    with contextlib.suppress(SystemExit):
        until(lambda: descriptors(pid) <= before[0] + 3, 30, "descriptors back")
    after = (descriptors(pid), memory_kib(pid))
    bad_lines = forged_or_failed(web.log_path)
    for kind, statuses in sorted(seen.statuses.items()):
        print(f"  {kind:22} " + ", ".join(f"{status} × {n}" for status, n in sorted(statuses.items())))
    print(
        f"{count} hostile requests in {seconds:.0f} s: wrong 5xx {len(seen.wrong)}, bad log lines {len(bad_lines)}; "
        f"{HALF_OPEN} half-open connections closed after {closed:.1f} s; "
        f"descriptors {before[0]} -> {after[0]}, memory {before[1] // 1024} -> {after[1] // 1024} MiB",
        flush=True,
    )
    for example in [*map(repr, seen.wrong[:10]), *bad_lines[:10]]:
        print(f"  ! {example}")
    back = after[0] <= before[0] + 3 and after[1] <= before[1] + MORE_MEMORY_KIB
    return not seen.wrong and not bad_lines and back and closed < CLOSED_WITHIN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    stage = Stage()
    try:
        stage.open()
        stage.fill(300)
        good = measure(stage, arguments.requests, arguments.seed)
    finally:
        stage.close()
    print("hostile: " + ("all holds" if good else "NOT all holds"))
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
