"""One client far above its limit, with all the streams and long polls that it gets, and what another notices of it.

Run by `make fairness`. The greedy client is a process of its own; both are told apart by `X-Forwarded-For`, which the
process under test believes from this machine. The other's times are compared with its times in quiet, before.

The greedy client asks for more streams and long polls than one client may hold, before it floods, so that its limit
leaves room for them. Those that it may hold must be open before the flood and after it.
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

from api_gateway.web.container import STREAMS_OF_A_CLIENT, WAITERS_OF_A_CLIENT
from stage import Stage, until

LIMIT, BURST, TIMES = 600, 100, 50
TOO_MANY = 5
"""Streams, and long polls, asked for beyond what one client may hold."""

POLL_SECONDS, LONGEST_SECONDS = 30, 20.0
"""The longest `wait`, and the longest flood beside which such a poll stays open."""

BETWEEN_SECONDS, SETTLED_SECONDS = 0.05, 2.0
"""Time from one long poll to the next, and from the last to the moment when they are counted."""
QUIET, OTHER, GREEDY = "203.0.113.1", "203.0.113.2", "203.0.113.3"
OTHER_PER_SECOND = 12
P99_RATIO = 1.2
HELD = {"streams": STREAMS_OF_A_CLIENT, "polls": WAITERS_OF_A_CLIENT}
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

    async def reply(self, target: str) -> tuple[int, bytes]:
        """Status and body of the reply to a GET."""
        found, head = await self.head(target)
        assert self._streams is not None
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
        return found, await self._streams[0].readexactly(length)

    def is_open(self) -> bool:
        """Whether the server has not ended the connection."""
        return self._streams is not None and not self._streams[0].at_eof()

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
            status, _ = await connection.reply(LISTS.format(number))
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


class Held:
    """The streams and long polls that the greedy client asked for."""

    def __init__(self, port: int) -> None:
        self._streams = [Connection(port, GREEDY) for _ in range(STREAMS_OF_A_CLIENT + TOO_MANY)]
        self._pollers = [Connection(port, GREEDY) for _ in range(WAITERS_OF_A_CLIENT + TOO_MANY)]
        self._followed: list[Connection] = []
        self._polls: list[asyncio.Task[tuple[int, bytes]]] = []
        self._port = port

    async def open(self) -> Counter[int]:
        """Asks for all of them; the statuses of the streams. The polls ask at the log's head, which stands still."""
        asker = Connection(self._port, GREEDY)
        head = json.loads((await asker.reply("/api/v1/changes?limit=1"))[1])["page"]["head"]
        asker.close()
        statuses: Counter[int] = Counter()
        for one in self._streams:
            status, _ = await one.head("/api/v1/changes/stream")
            statuses[status] += 1
            self._followed += [one] if status == 200 else []
        target = f"/api/v1/changes?after={head}&wait={POLL_SECONDS}"
        for one in self._pollers:
            self._polls.append(asyncio.create_task(one.reply(target)))
            await asyncio.sleep(BETWEEN_SECONDS)
        await asyncio.wait(self._polls, timeout=SETTLED_SECONDS)
        return statuses

    def told(self) -> dict[str, int]:
        """How many streams and long polls are open."""
        return {
            "streams": sum(one.is_open() for one in self._followed),
            "polls": sum(not poll.done() for poll in self._polls),
        }

    def refused(self) -> Counter[int]:
        """Statuses of the polls that were answered, and did not wait."""
        return Counter(poll.result()[0] for poll in self._polls if poll.done() and poll.exception() is None)

    def close(self) -> None:
        """Ends all of them."""
        for poll in self._polls:
            poll.cancel()
        for one in (*self._streams, *self._pollers):
            one.close()


async def be_greedy(port: int, seconds: float) -> None:
    """Opens streams and long polls, as many as are given, says how many, and floods."""
    held = Held(port)
    streams = await held.open()
    print(json.dumps({"open": held.told(), "streams": streams, "polls answered": held.refused()}), flush=True)
    seen = await at_pace(port, GREEDY, LIMIT / 60 * TIMES, seconds, 64)
    print(json.dumps({"statuses": seen.statuses, "open": held.told()}), flush=True)
    held.close()


def measure(stage: Stage, seconds: float) -> bool:
    """Quiet, then beside the greedy client."""
    stage.start_indexer()
    limits = {"RATE_LIMIT_PER_MINUTE": str(LIMIT), "RATE_LIMIT_BURST": str(BURST), "FORWARDED_ALLOW_IPS": "127.0.0.1"}
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
    all_held = opened["open"] == told["open"] == HELD
    ratio = beside.quantile(0.99) / quiet.quantile(0.99)
    print(
        f"greedy client: open before {opened.pop('open')}, after {told['open']} of {HELD}; {opened}\n"
        f"flood: {told['statuses']}\n"
        f"other: {dict(beside.statuses)}, p50 {beside.quantile(0.5) * 1000:.1f} ms, "
        f"p99 {beside.quantile(0.99) * 1000:.1f} ms; quiet p50 {quiet.quantile(0.5) * 1000:.1f} ms, "
        f"p99 {quiet.quantile(0.99) * 1000:.1f} ms; ratio of p99 {ratio:.2f} (at most {P99_RATIO})",
        flush=True,
    )
    flooded = told["statuses"].get("429", 0) > told["statuses"].get("200", 0)
    return all_held and flooded and set(beside.statuses) == {200} and ratio <= P99_RATIO


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=LONGEST_SECONDS)
    parser.add_argument("--greedy", type=int, metavar="PORT", help="be the greedy client of this port")
    arguments = parser.parse_args()
    if not arguments.greedy and arguments.seconds > LONGEST_SECONDS:
        parser.error(f"at most {LONGEST_SECONDS:.0f} s: a long poll ends after {POLL_SECONDS} s")
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
