"""One client far above its limit, with all the streams and long polls that it gets, and what another notices of it.

Run by `make fairness`. The greedy client is a process of its own; both are told apart by `X-Forwarded-For`, which the
process under test believes from this machine. The other's times are compared with its times in quiet, before.
"""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from stage import Stage, until

LIMIT, TIMES = 600, 50
STREAMS, WAITERS = 100, 200
QUIET, OTHER, GREEDY = "203.0.113.1", "203.0.113.2", "203.0.113.3"
OTHER_PER_SECOND = 12
P99_RATIO = 1.2
LISTS = "/api/v1/bills?type=PL&number={}"


@dataclass(slots=True)
class Seen:
    """Statuses, and seconds of good replies."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Seconds that this share of the good replies did not exceed; infinite where there are none."""
        found = sorted(self.seconds)
        return found[min(len(found) - 1, int(share * len(found)))] if found else float("inf")


class Connection:
    """One kept connection of a client."""

    def __init__(self, port: int, client: str) -> None:
        self._port = port
        self._client = client
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def head(self, target: str) -> tuple[int, bytes]:
        """Status and headers of the reply to a GET."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {self._client}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        return int(head.split(b" ", 2)[1]), head

    async def status(self, target: str) -> int:
        """The same with the body read."""
        found, head = await self.head(target)
        assert self._streams is not None
        await self._streams[0].readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r")[0] or 0))
        return found

    def close(self) -> None:
        """Resets the connection."""
        if self._streams is not None:
            self._streams[1].transport.abort()


async def at_pace(port: int, client: str, per_second: float, seconds: float, connections: int) -> Seen:
    """Asks for lists that nobody asked for before, each at its time, whatever became of the one before."""
    seen, free = Seen(), [Connection(port, client) for _ in range(connections)]
    began, tasks = time.monotonic(), set()

    async def one(number: int, connection: Connection) -> None:
        asked = time.perf_counter()
        try:
            status = await connection.status(LISTS.format(number))
        except (OSError, asyncio.IncompleteReadError):
            status = 0
        seen.statuses[status] += 1
        if status == 200:
            seen.seconds.append(time.perf_counter() - asked)
        free.append(connection)

    for number in range(int(per_second * seconds)):
        await asyncio.sleep(began + number / per_second - time.monotonic())
        if free:
            tasks.add(asyncio.create_task(one(number, free.pop())))
    await asyncio.gather(*tasks)
    for connection in free:
        connection.close()
    return seen


async def be_greedy(port: int, seconds: float) -> None:
    """Opens streams and long polls, as many as are given, says how many, and floods."""
    held = [Connection(port, GREEDY) for _ in range(STREAMS + WAITERS)]
    streams = [await one.head("/api/v1/changes/stream") for one in held[:STREAMS]]
    waiting = [asyncio.create_task(one.status("/api/v1/changes?after=300&wait=30")) for one in held[STREAMS:]]
    print(json.dumps({"streams": Counter(status for status, _ in streams)}), flush=True)
    seen = await at_pace(port, GREEDY, LIMIT / 60 * TIMES, seconds, 64)
    for task in waiting:
        task.cancel()
    for one in held:
        one.close()
    print(json.dumps({"statuses": seen.statuses}), flush=True)


def measure(stage: Stage, seconds: float) -> bool:
    """Quiet, then beside the greedy client."""
    stage.start_indexer()
    limits = {"RATE_LIMIT_PER_MINUTE": str(LIMIT), "RATE_LIMIT_BURST": "100", "FORWARDED_ALLOW_IPS": "127.0.0.1"}
    _, port = stage.web(**limits)
    asyncio.run(at_pace(port, "203.0.113.9", OTHER_PER_SECOND, 3, 4))
    quiet = asyncio.run(at_pace(port, QUIET, OTHER_PER_SECOND, seconds, 8))
    command = [sys.executable, __file__, "--greedy", str(port), "--seconds", str(seconds + 4)]
    greedy = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert greedy.stdout is not None
    try:
        opened = json.loads(greedy.stdout.readline())
        beside = asyncio.run(at_pace(port, OTHER, OTHER_PER_SECOND, seconds, 8))
        until(lambda: greedy.poll() is not None, 60, "the greedy client is done")
        told = json.loads(greedy.stdout.readline())
    finally:
        with contextlib.suppress(ProcessLookupError):
            greedy.kill()
        greedy.wait()
    ratio = beside.quantile(0.99) / quiet.quantile(0.99)
    print(
        f"greedy client: streams {opened['streams']}, flood {told['statuses']}\n"
        f"other: {dict(beside.statuses)}, p50 {beside.quantile(0.5) * 1000:.1f} ms, "
        f"p99 {beside.quantile(0.99) * 1000:.1f} ms; quiet p50 {quiet.quantile(0.5) * 1000:.1f} ms, "
        f"p99 {quiet.quantile(0.99) * 1000:.1f} ms; ratio of p99 {ratio:.2f} (at most {P99_RATIO})",
        flush=True,
    )
    return set(beside.statuses) == {200} and ratio <= P99_RATIO


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--greedy", type=int, metavar="PORT", help="be the greedy client of this port")
    arguments = parser.parse_args()
    if arguments.greedy:
        asyncio.run(be_greedy(arguments.greedy, arguments.seconds))
        return
    stage = Stage()
    try:
        stage.open()
        stage.fill(2000)
        good = measure(stage, arguments.seconds)
    finally:
        stage.close()
    print("fairness: " + ("all holds" if good else "NOT all holds"))
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
