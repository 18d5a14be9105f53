"""Restarts web, worker and indexer under load behind nginx, and counts every request that was not answered well.

Run by `make rolling`. Two web processes stand behind nginx with the configuration of `deploy/nginx`. While bills keep
coming over the stream, one process after the other is told to stop, waited for, and started again. In the middle a
release comes whose index has another schema: its indexer builds beside the old one, then web after web starts as of the
new release, and the old indexer goes. A reply other than 200 or 304, a broken connection and a wrong body are failures;
nothing is sent twice. Status 1 when there was one, when a bill was lost or is not in the lists, or when the old index
stays.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from legis.streams.connection import connect
from legis.streams.publisher import Publisher
from nginx_process import find_nginx
from rolling_client import EVERYTHING, Ask, Tally, load
from rolling_system import Process, System, running
from worker_throughput import observed

SEEDED = 600
FEED_EVERY_SECONDS = 0.5
FEED_AT_ONCE = 10
WORKER_EVERY = 4
"""After so many restarts of a web process the worker is restarted too."""

INDEXER_EVERY = 3
"""After so many restarts of a web process the indexer is restarted too."""

PAUSE_SECONDS = 1.0
INDEXED_WITHIN_SECONDS = 30.0
"""Several times `INDEX_CHECK_SECONDS`, at which an indexer looks for indexes that nobody reads any more."""

LIMIT_SECONDS = 1800.0
STORED_WITHIN_SECONDS = 60.0


@dataclass(slots=True)
class Run:
    """What the two threads tell each other: the load is over when all restarts are done and enough was asked."""

    wanted: int
    tally: Tally = field(default_factory=Tally)
    restarted: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    published: int = 0

    @property
    def late(self) -> bool:
        return time.monotonic() - self.began > LIMIT_SECONDS

    def enough(self) -> bool:
        return self.late or (self.restarted.is_set() and self.tally.sent >= self.wanted)


def asks() -> list[Ask]:
    """Lists, details, searches and the change log; each says what its reply must hold."""
    rng = random.Random(7)
    lists = [Ask("list", f"/api/v1/bills?limit={n}", _length(n)) for n in (5, 20)]
    lists += [
        Ask("list", f"/api/v1/bills?type={code}&sort=introduced_on&limit=5", _length(5)) for code in ("PL", "PEC")
    ]
    details = [_detail(n) for n in rng.sample(range(SEEDED), 40)]
    words = ("educação", "saude", "defesa consumidor", "trabalho")
    searches = [Ask("search", f"/api/v1/bills?q={_quoted(word)}&limit=5", _length(5)) for word in words]
    changes = [_changes(after) for after in rng.sample(range(SEEDED - 50), 10)]
    return [*lists * 3, *details, *searches * 3, *changes]


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _length(count: int) -> Any:
    return lambda body: None if len(body["data"]) == count else f"{len(body['data'])} entries, not {count}"


def _detail(number: int) -> Ask:
    wanted = f"camara-{number}"
    path = f"/api/v1/bills/{wanted}"
    return Ask("detail", path, lambda body: None if body["data"]["id"] == wanted else f"{body['data']['id']!r}")


def _changes(after: int) -> Ask:
    wanted = list(range(after + 1, after + 21))

    def wrong(body: Any) -> str | None:
        seqs = [entry["seq"] for entry in body["data"]]
        return None if seqs == wanted else f"seqs {seqs[:3]}…{seqs[-3:]}"

    return Ask("changes", f"/api/v1/changes?after={after}&limit=20&about={EVERYTHING}", wrong)


async def publish(system: System, start: int, count: int) -> None:
    """Puts bills on the stream, as an ingest service does."""
    rng = random.Random(start)
    redis = connect(system.redis_url, client_name="rolling")
    try:
        messages = [(observed(n, rng), None) for n in range(start, start + count)]
        await Publisher(redis, capacity=100_000).publish(messages)
    finally:
        await redis.aclose()


async def stored(system: System) -> int:
    """Bills in the database."""
    connection = await asyncpg.connect(system.database_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM bill"))
    finally:
        await connection.close()


async def until_stored(system: System, count: int) -> int:
    """Waits until so many bills are stored, a minute at most; how many are."""
    deadline = time.monotonic() + STORED_WITHIN_SECONDS
    while (found := await stored(system)) < count and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    return found


async def _feed(system: System, run: Run) -> None:
    while not run.enough():
        await publish(system, run.published, FEED_AT_ONCE)
        run.published += FEED_AT_ONCE
        await asyncio.sleep(FEED_EVERY_SECONDS)


async def _drive(system: System, run: Run, rate: float, connections: int) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_feed(system, run))
        group.create_task(load(system.port, asks(), run.tally, run.enough, rate=rate, connections=connections))


class Release:
    """Which release runs: the second half of the restarts is of the next one."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._renewed: set[str] = set()
        self.indexer = system.indexers[0]
        """The indexer whose index all of web reads, or will."""

    @property
    def began(self) -> bool:
        return self.indexer is self._system.indexers[1]

    def begin(self) -> None:
        """The new indexer builds its index beside the old one; whoever starts from now on is new."""
        self.indexer = self._system.indexers[1]
        began = time.monotonic()
        self.indexer.start()
        _until(lambda: _folders(self._system) == 2, "two indexes")
        _say(f"the next release's indexer is ready {time.monotonic() - began:.2f} s after its start")

    def restart(self, web: Process) -> float:
        """Restarts a web process, as of the release that runs; the old indexer goes with the last of its readers."""
        if self.began:
            web.renew()
            self._renewed.add(web.child.name)
        took = web.restart()
        if len(self._renewed) == len(self._system.webs) and self._system.indexers[0].child.alive:
            _say(f"the old indexer ended {self._system.indexers[0].stop():.2f} s after SIGTERM")
        return took


def restart(system: System, run: Run, count: int) -> list[float]:
    """Restarts the web processes in turn, and now and then the others; the seconds that each web took to end."""
    ends = []
    release = Release(system)
    begins = min(count // 2 + 1, count - len(system.webs) + 1)  # each web starts once more after it
    for number in range(1, count + 1):
        _wait_for_turn(run, run.wanted * number // (count + 1))
        if number == begins:
            release.begin()
        process = system.webs[number % len(system.webs)]
        ends.append(release.restart(process))
        _say(f"restart {number}/{count}: {process.child.name} ended {ends[-1]:.2f} s after SIGTERM")
        if number % WORKER_EVERY == 0:
            seconds = system.worker.restart()
            _say(f"worker ended {seconds:.2f} s after SIGTERM")
        if number % INDEXER_EVERY == 0:
            seconds = release.indexer.restart()
            _say(f"{release.indexer.child.name} ended {seconds:.2f} s after SIGTERM")
    return ends


def _folders(system: System) -> int:
    """Indexes that are served, each of a schema of its own."""
    return sum(path.exists() for path in system.index_folder.glob("schema-*/current"))


def _listed(system: System) -> list[int]:
    """How many bills each web process lists."""
    found = []
    for web in system.webs:
        address = web.ready_url.partition("/api/")[0] + "/api/v1/bills?limit=1&count=exact"
        with urllib.request.urlopen(address, timeout=5) as reply:
            found.append(json.load(reply)["page"]["count"]["value"])
    return found


def _until(true: Callable[[], bool], what: str) -> bool:
    deadline = time.monotonic() + INDEXED_WITHIN_SECONDS
    while not true():
        if time.monotonic() > deadline:
            print(f"rolling: not within {INDEXED_WITHIN_SECONDS:g} s: {what}")
            return False
        time.sleep(0.1)
    return True


def _say(what: str) -> None:
    print(time.strftime("%H:%M:%S"), what, flush=True)


def _wait_for_turn(run: Run, sent: int) -> None:
    """Spreads the restarts evenly over the requests, but for a pause between two."""
    time.sleep(PAUSE_SECONDS)
    while run.tally.sent < sent and not run.late:
        time.sleep(0.1)


def measure(system: System, options: argparse.Namespace) -> bool:
    """The whole run; whether nothing failed and nothing was lost."""
    asyncio.run(publish(system, 0, SEEDED))
    if asyncio.run(until_stored(system, SEEDED)) < SEEDED:
        raise SystemExit("rolling: the first bills were not stored within a minute")
    run = Run(options.requests, published=SEEDED)
    driver = threading.Thread(target=lambda: uvloop.run(_drive(system, run, options.rate, options.connections)))
    driver.start()
    try:
        ends = restart(system, run, options.restarts)
    finally:
        run.restarted.set()
        driver.join(LIMIT_SECONDS)
    kept = asyncio.run(until_stored(system, run.published))
    good = _until(lambda: _listed(system) == [kept] * len(system.webs), f"{kept} bills in the lists of each web")
    good &= _until(lambda: _folders(system) == 1, "the old index gone")
    _report(run, ends, kept, time.monotonic() - run.began)
    return good and run.tally.failed == 0 and run.tally.sent >= options.requests and kept == run.published


def _report(run: Run, ends: Sequence[float], kept: int, seconds: float) -> None:
    tally = run.tally
    for failure in tally.failures:
        print(f"failed: {failure}")
    if tally.failed:
        print(f"failed by the second: {dict(tally.failed_at)}")
    print(
        f"rolling: {tally.sent} requests, {tally.failed} failed, {len(ends)} restarts of web and"
        f" {len(ends) // WORKER_EVERY} of the worker, {len(ends) // INDEXER_EVERY} of the indexer, one release with"
        f" another index in {seconds:.0f} s"
    )
    print(
        f"rolling: p50 {tally.percentile(0.5) * 1000:.1f} ms, p99 {tally.percentile(0.99) * 1000:.1f} ms"
        f", {tally.sent / seconds:.0f}/s over {tally.connections} connections, {dict(tally.kinds)},"
        f" {tally.unchanged} answered 304"
    )
    print(f"rolling: {run.published} bills published, {kept} stored; a web ends within {max(ends):.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=200.0, help="requests a second")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--drain", type=float, default=0.5, help="DRAIN_SECONDS of the web processes")
    options = parser.parse_args()
    if options.restarts < 2:
        parser.error("--restarts takes 2 or more: each web must start as of the next release")
    nginx = find_nginx()
    if nginx is None:
        print("rolling: skipped, there is no nginx on this machine (Debian: apt-get install nginx-light)")
        return 0
    with tempfile.TemporaryDirectory(prefix="legis-rolling-") as name:
        Path(name).chmod(0o755)  # as root, nginx and the database run as other users
        with running(Path(name), nginx, drain_seconds=options.drain) as system:
            if measure(system, options):
                return 0
            print("the end of the logs:", *system.log_tails(), sep="\n")
            return 1


if __name__ == "__main__":
    sys.exit(main())
