"""One seed from its first event to its verdict."""

import asyncio
import random
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api_gateway.settings import WorkerSettings
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from legis.domain.vocabulary import Source
from legis.streams.names import BILLS_STREAM

from twin import processes
from twin.chamber import Chamber, Manners
from twin.checks import Checks
from twin.faults.fault_injector import Faults, Skew
from twin.faults.index_faults import IndexFaults
from twin.faults.list_faults import ListFaults
from twin.index_double.virtual_index import IndexChecks, TwinFolder, instead_of_files
from twin.log_readers import LogReaders
from twin.quiet import ERRORS
from twin.reader_world import WebReaders
from twin.redis_double.redis_client import RedisWire
from twin.redis_double.redis_server import RedisServer
from twin.scripted_source import ScriptedSource
from twin.store_double.store_pool import BesideWire, StoreWire
from twin.store_double.store_tables import Tables
from twin.virtual_loop import VirtualLoop, run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 11, 21, 2, 59, 54, tzinfo=UTC)
"""Six seconds before a day begins in Brasília: for rules that ask for misses on two days."""

FAULT_SECONDS = 6.0
CONVERGENCE_SECONDS = 900.0
_LOOKS = 50
_BEFORE = 1000.0  # where the loop's time begins


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one seed came to. `events` counts entries that were published, `virtual` is its length in seconds."""

    seed: int
    events: int
    faults: int
    commits: int
    virtual: float
    violations: tuple[str, ...]
    log: tuple[str, ...]


def run_seed(seed: int) -> Verdict:
    """Runs a seed. The same seed gives the same verdict, whatever ran before."""
    ERRORS.clear()
    with _seeded(seed), instead_of_files():
        return run(lambda loop: _World(seed, loop).live())


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Product code draws its jitter and its ids from the seed too."""
    state, token_hex = random.getstate(), secrets.token_hex
    random.seed(seed)
    tokens = random.Random(f"tokens {seed}")
    secrets.token_hex = lambda nbytes=None: tokens.randbytes(nbytes or 8).hex()
    try:
        yield
    finally:
        secrets.token_hex = token_hex
        random.setstate(state)


def _manners(draw: random.Random) -> Manners:
    return Manners(
        source=draw.choice(list(Source)),
        stamped=draw.random() < 0.6,
        late=draw.random() < 0.2,
        backwards=draw.random() < 0.25,
        stale=draw.choice((0.0, 0.0, 0.2)),
        poison=draw.choice((0.0, 0.0, 0.1)),
        vanishing=draw.choice((0.0, 0.15)),
    )


class _World:
    """Everything that exists while a seed runs."""

    def __init__(self, seed: int, loop: VirtualLoop) -> None:
        draw = random.Random(f"world {seed}")
        self._seed = seed
        self._loop = loop
        self._draw = draw
        self._log: deque[str] = deque(maxlen=40)
        self._skew = Skew()
        self._rule = RemovalRule(misses=draw.choice((2, 3)), days=draw.choice((0, 0, 2)))
        self._start = BEFORE_MIDNIGHT if self._rule.days else NOON
        self._server = RedisServer(lambda: int((self._now() - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000))
        if draw.random() < 0.5:
            self._server.gone = "UNBLOCKED the stream key no longer exists"
        self._tables = Tables()
        self._wire = RedisWire(self._server, random.Random(f"redis {seed}"))
        self._store = StoreWire(self._tables, random.Random(f"store {seed}"), self._now)
        self._chamber = Chamber(
            _manners(draw), random.Random(f"chamber {seed}"), random.Random(f"authors {seed}"), self._now,
            draw.randrange(2, 9),
        )  # fmt: skip
        self._checks = Checks(self._chamber, self._tables, self._server, self._rule)
        self._index_checks = IndexChecks(self._tables, self._checks.violated)
        self._folder = TwinFolder(self._index_checks.at_commit)
        beside = BesideWire(self._store, random.Random(f"index store {seed}"))
        self._indexer = processes.Process("indexer", processes.indexer(beside, self._folder))
        self._index_faults = IndexFaults(
            random.Random(f"index {seed}"), beside, self._chamber, self._indexer, self._folder, self._note
        )
        self._readers = LogReaders(seed, BesideWire(self._store, random.Random(f"log {seed}")), self._tables, self._now)
        self._web_readers = WebReaders(seed, self._store, self._tables, self._folder, self._now)
        self._list_faults = ListFaults(random.Random(f"lists {seed}"), self._chamber, self._note)
        self._processes = self._make_processes()
        self._faults = Faults(
            random.Random(f"faults {seed}"), self._wire, self._store, self._chamber, self._processes, self._skew,
            self._note,
        )  # fmt: skip

    def _now(self) -> datetime:
        return self._start + timedelta(microseconds=round((self._loop.time() - _BEFORE) * 1e6))

    def _note(self, text: str) -> None:
        self._log.append(f"{self._loop.time() - _BEFORE:8.3f} {text}")

    def _make_processes(self) -> list[processes.Process]:
        draw = self._draw
        capacity = draw.choice((10, 50, 1000))
        settings = WorkerSettings(
            worker_batch_size=draw.choice((3, 20, 200)),
            worker_reclaim_idle_seconds=draw.choice((2, 5)),
            worker_max_deliveries=100,  # kills come here far more often than anywhere else
            regression_confirm_seconds=2,
            list_settle_seconds=1,
            reconcile_misses=self._rule.misses,
            reconcile_days=self._rule.days,
        )
        self._watch_capacity(capacity)
        source = ScriptedSource(self._chamber, random.Random(f"source {self._seed}"), self._now)
        made = processes.ingest(
            self._wire, source, self._skewed, capacity=capacity, confirm_timeout=draw.choice((1.0, 5.0))
        )
        workers = processes.worker(self._wire, self._store, settings)
        return [
            processes.Process("ingest", made),
            processes.Process("worker-1", workers),
            processes.Process("worker-2", workers),
        ]

    def _skewed(self) -> datetime:
        return self._now() + timedelta(seconds=self._skew.seconds)

    def _watch_capacity(self, capacity: int) -> None:
        add: Callable[..., list[bytes]] = self._server.add_within

        def watched(keys: list[str], arguments: list[object]) -> list[bytes]:
            ids = add(keys, arguments)
            if ids:
                self._checks.capacity(capacity)
            return ids

        self._server.add_within = watched  # type: ignore[assignment, method-assign]

    async def live(self) -> Verdict:
        """Faults for a while, then quiet, then the reckoning."""
        quiet = asyncio.Event()
        for process in (*self._processes, self._indexer):
            process.start()
        self._readers.start()
        self._web_readers.start()
        changing = asyncio.ensure_future(self._change(quiet))
        await asyncio.gather(
            self._faults.run(FAULT_SECONDS), self._index_faults.run(FAULT_SECONDS), self._list_faults.run(FAULT_SECONDS)
        )
        quiet.set()
        await changing
        self._chamber.stir()  # a list that was wrong when its bill was read first is right when that moves
        self._note("faults end")
        await self._settle()
        if self._chamber.return_all():
            self._note("all that was gone is back")
            self._chamber.stir()
            await self._settle()
        for process in self._processes:  # nothing is written any more: all readers come to the same end
            await process.stop(within=10.0)
        await self._readers.finish()
        self._checks.violations.extend(self._readers.violations)
        self._checks.violations.extend(await self._web_readers.finish())
        await self._indexer.stop(within=10.0)
        for process in (*self._processes, self._indexer):
            self._checks.violations.extend(process.crashes)
        self._checks.violations.extend(self._loop.unhandled)
        self._checks.violations.extend(ERRORS)
        return self._verdict()

    async def _change(self, quiet: asyncio.Event) -> None:
        while not quiet.is_set():
            await asyncio.sleep(self._draw.uniform(0.05, 0.8))
            state = self._chamber.change()
            gone = "gone, was " if state.upstream_id in self._chamber.gone else ""
            self._note(f"bill {state.upstream_id} is {gone}{state.said} {state.poison}".rstrip())

    def _unsettled(self) -> list[str]:
        return self._checks.unsettled() or list(self._index_checks.unsettled(self._folder.current))

    async def _settle(self) -> None:
        """Waits until all is as it must be, and still is after everybody looked twice more."""
        deadline = self._loop.time() + CONVERGENCE_SECONDS
        while left := self._unsettled():
            if self._loop.time() > deadline:
                self._checks.violations.extend(f"{text}, {CONVERGENCE_SECONDS:g} s after the faults" for text in left)
                return
            await asyncio.sleep(0.5)
        self._note("converged")
        await asyncio.sleep(3.0)
        for _ in range(_LOOKS):  # a look of ingest may just be under way
            if not self._server.xlen(BILLS_STREAM):
                break
            await asyncio.sleep(0.1)
        self._checks.violations.extend(f"{text}, after it had converged" for text in self._checks.untrue())
        for _ in range(_LOOKS):
            if not (left := [*self._checks.unmarked(), *self._checks.questions()]):
                return
            await asyncio.sleep(0.5)
        self._checks.violations.extend(left)

    def _verdict(self) -> Verdict:
        return Verdict(
            seed=self._seed,
            events=self._server.added,
            faults=self._faults.injected + self._index_faults.injected + self._list_faults.injected,
            commits=self._checks.commits,
            virtual=self._loop.time() - _BEFORE,
            violations=tuple(self._checks.violations),
            log=tuple(self._log),
        )
