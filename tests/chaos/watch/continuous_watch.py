"""Invariants that must hold at every moment: a thread that looks several times a second while things go wrong."""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from threading import Event, Thread

import aiohttp
import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from chaos.plan import SOURCES
from chaos.system.cast import STREAM_CAPACITY, Cast
from chaos.system.congress import Congress, Key, Move
from chaos.verdicts.stored_snapshot import Row, Snapshot, snapshot
from chaos.watch.change_follower import Entry, Follower
from chaos.watch.list_watch import excused

FOREIGN = 5
"""Entries on the stream that are none of ours and ask nobody for room: `bad_message`."""

MOST_MEMORY_KIB = 400 * 1024
GRACE = {"postgres": 4.0, "web": 12.0}
"""Seconds after a hit of PostgreSQL or of web itself, on two quiet cores, in which a read may fail; of web only until
it answers again.
"""

RENEWED_SECONDS = 20.0
"""After a failover and the new epoch that an operator gives, until what was lost has been read again."""

READ_SECONDS = 4.0
CATCH_UP_SECONDS = 10.0

HEALS_WINDOWS = 6
"""A detail that was overtaken by a row of a list or file with a later sequence counts as handled and is not remembered,
so it is read again with the next window: its bill may lag behind the checkpoint for some windows, not longer."""

STALE_SECONDS = 1.5
"""How long a fault `stale` lasts. After it every bill must have been read again within as many windows."""

HOLLOW_SECONDS = 2.5
"""How long a fault `hollow` lasts at most: the history of a bill may be what is missing then."""

SOURCES_PATH = "/api/v1/sources"
READS = ("/api/v1/bills?limit=5", "/api/v1/stats", SOURCES_PATH)
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)
_MOST_KEPT = 20


class Watch:
    """Looks on, and keeps what should not be: per invariant the first few violations in words."""

    def __init__(self, cast: Cast, congress: Congress, hits: dict[str, list[float]]) -> None:
        self.violations: dict[str, list[str]] = {}
        self.looks = 0
        self.reads = 0
        self.most_entries = 0
        self.late = 0
        """Looks at bills behind their checkpoint that were soon read again."""
        self.latest = 0
        """Most windows that were stored whole without what a bill had in them."""
        self._cast = cast
        self._congress = congress
        self._hits = hits
        self._stop = Event()
        self._failed_reads: list[tuple[float, str]] = []
        self._good_reads: list[float] = []
        self._follower = Follower(self._get, self.broken)
        self._blind = False
        self._before: dict[Key, Row] = {}
        self._last_seq = 0
        self._thread = Thread(target=self._look_on, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def followed(self) -> list[Entry]:
        """The change log as a reader of the API met it."""
        return self._follower.met

    def stop(self) -> None:
        """Ends the thread and judges the reads that failed."""
        self._stop.set()
        self._thread.join(20 + CATCH_UP_SECONDS)
        if len(self.followed) < self._last_seq:
            self.broken("I4", f"a reader of the change log got no further than {self.followed[-1:]}")
        for at, what in self._failed_reads:
            if not self._excused(at, what):
                self.broken("I10", f"{what} {at - self._began:.1f} s after the start")

    def _excused(self, at: float, what: str) -> bool:
        """Whether a read that began then met the end of the database or of web, or one of them coming back."""
        slowness = self._cast.slowness
        if any(-READ_SECONDS < at - hit < GRACE["postgres"] * slowness for hit in self._hits.get("postgres", ())):
            return True
        if "answered 503" in what and SOURCES_PATH not in what:
            return excused(self._hits, 503, at, at + READ_SECONDS, slowness=slowness)
        if "answered" in what:  # a web that is down cannot answer; one that answers 500 has no such excuse
            return False
        return any(
            -READ_SECONDS < at - hit < GRACE["web"] * slowness and not any(hit < good < at for good in self._good_reads)
            for hit in self._hits.get("web", ())
        )

    def has_broken(self, invariants: frozenset[str]) -> bool:
        """Whether one of these is known to be broken already."""
        return not invariants.isdisjoint(self.violations)

    def turn_away(self, away: bool) -> None:
        """Looks away while the database becomes another one, and forgets the old one before it looks again."""
        if not away:
            self._before, self._last_seq = {}, 0
            self._follower.begin_anew()
        self._blind = away

    def broken(self, invariant: str, what: str) -> None:
        found = self.violations.setdefault(invariant, [])
        if len(found) < _MOST_KEPT and what not in found:
            found.append(what)

    def _look_on(self) -> None:
        try:
            asyncio.run(self._run())
        except Exception as error:  # who does not look any more must not be content
            self.broken("run", f"the watch ended: {error!r}")

    async def _run(self) -> None:
        self._began = time.time()
        await asyncio.gather(
            self._repeat(0.4, self._look_at_store),
            self._repeat(0.1, self._look_at_stream),
            self._repeat(1.0, self._look_at_memory),
            self._repeat(0.25, self._read),
            self._repeat(0.3, self._follower.step),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while len(self.followed) < self._last_seq:
                    await self._follower.step()
                    await asyncio.sleep(0.1)

    async def _repeat(self, every: float, act: Callable[[], Awaitable[object]]) -> None:
        while not self._stop.is_set():
            with suppress(*_AWAY, RedisError):
                async with asyncio.timeout(8):
                    await act()
            await asyncio.sleep(every)

    async def _look_at_store(self) -> None:
        connection = await asyncpg.connect(self._cast.database_url, timeout=2)
        try:
            while not self._stop.is_set():
                async with asyncio.timeout(6):
                    self._judge(await snapshot(connection, self._last_seq))
                self.looks += 1
                await asyncio.sleep(0.3)
        finally:
            connection.terminate()

    def _judge(self, seen: Snapshot) -> None:
        if self._blind:
            return
        for key, before in self._before.items():
            now = seen.bills.get(key)
            if now is None:
                self.broken("I1", f"{key} vanished")
            elif now.version < before.version or now.read_seq < before.read_seq:
                self.broken("I3", f"{key} went back from {before} to {now}")
        self._before = dict(seen.bills)
        if seen.seqs:
            if seen.seqs[0] != self._last_seq + 1 or seen.seqs[-1] - seen.seqs[0] + 1 != len(seen.seqs):
                self.broken(
                    "I4", f"after change {self._last_seq} came {seen.seqs[:3]}…{seen.seqs[-1]}, {len(seen.seqs)}"
                )
            self._last_seq = seen.seqs[-1]
        self._checkpoints(seen)

    def _checkpoints(self, seen: Snapshot) -> None:
        """I6: whatever lies before a checkpoint is stored, parked as unreadable, or of a year noted as not read."""
        renewed = max(self._hits.get("renewed", ()), default=float("inf"))
        if self._hits.get("failover") and time.time() < renewed + RENEWED_SECONDS:
            return  # ingest holds for stored what the failover has lost
        congress = self._congress
        excused = seen.parked | congress.deleted
        for source in SOURCES:
            position = seen.positions.get((source, "BACKFILL"))
            for year, ids in congress.by_year[source].items():
                if position is None or year < 1 - position or (source, year) in seen.years_not_read:
                    continue
                missing = [i for i in ids if (source, i) not in seen.bills and (source, i) not in excused]
                if missing:
                    self.broken("I6", f"{source}: {year} is checked off without {len(missing)} bills, as {missing[0]}")
        for move in list(congress.moves):
            position = seen.positions.get((move.key[0], "INCREMENTAL"))
            if position is None or move.at * 1e6 > position or move.key in excused:
                continue
            row = seen.bills.get(move.key)
            if row is None or row.actions < move.actions:
                self._behind(move, row, seen.windows[move.key[0]])

    def _behind(self, move: Move, row: Row | None, windows: Sequence[int]) -> None:
        """A bill behind its checkpoint. That it is there and will soon be read again is its only excuse."""
        since = max(move.at, max(self._hits.get("hollow", ()), default=0.0) + HOLLOW_SECONDS)
        if move.key[0] == "camara":
            # its list has no time of update, so an old detail cannot be told from a new one: it is read again with
            # the next window of the same day, and I2 says whether that came to be
            since = max(since, max(self._hits.get("stale", ()), default=0.0) + STALE_SECONDS)
        late = len(windows) - bisect_left(windows, since * 1e6)
        self.latest = max(self.latest, late)
        self.late += 1
        if row is None or late > HEALS_WINDOWS:
            self.broken("I6", f"{move.key}: {late} windows are stored since its entry {move.actions}: {row}")

    async def _look_at_stream(self) -> None:
        redis = Redis.from_url(self._cast.redis.url(), socket_timeout=2, socket_connect_timeout=1)
        try:
            while not self._stop.is_set():
                entries = int(await redis.xlen("legis.bills.v1"))
                self.most_entries = max(self.most_entries, entries)
                if entries > STREAM_CAPACITY + FOREIGN:
                    self.broken("I8", f"{entries} entries on a stream for {STREAM_CAPACITY}")
                await asyncio.sleep(0.1)
        finally:
            await redis.aclose()

    async def _look_at_memory(self) -> None:
        for name, child in list(self._cast.services.items()):
            with suppress(OSError):
                text = open(f"/proc/{child.pid}/status").read()  # noqa: ASYNC230, SIM115
                kib = next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS")), 0)
                if kib > MOST_MEMORY_KIB:
                    self.broken("I8", f"{name} holds {kib // 1024} MiB")

    async def _read(self) -> None:
        path = READS[self.reads % len(READS)]
        began = time.time()
        self.reads += 1
        try:
            status, _ = await self._get(path)
            if status == 200:
                self._good_reads.append(began)
            else:
                self._failed_reads.append((began, f"{path} answered {status}"))
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed_reads.append((began, f"{path}: {type(error).__name__}"))

    async def _get(self, path: str) -> tuple[int, bytes]:
        limit = aiohttp.ClientTimeout(total=READ_SECONDS)
        url = self._cast.web_url + path
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(url) as reply:
            return reply.status, await reply.read()
