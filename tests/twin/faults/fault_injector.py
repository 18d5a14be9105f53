"""What goes wrong, when, and for how long: all of it drawn from the seed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from legis.streams.names import BILLS_STREAM

from twin.chamber import Chamber
from twin.processes import Process
from twin.redis_double.redis_client import RedisWire
from twin.redis_double.redis_stream import Stream
from twin.store_double.store_pool import StoreWire

_MOST_REPLAYED = 5


@dataclass(slots=True)
class Skew:
    """How far the clock of ingest is behind, in seconds."""

    seconds: float = 0.0


class Faults:
    """Breaks one thing after another, and fixes all of them in the end."""

    def __init__(
        self,
        random: Random,
        wire: RedisWire,
        store: StoreWire,
        chamber: Chamber,
        processes: Sequence[Process],
        skew: Skew,
        note: Callable[[str], None],
    ) -> None:
        self._random = random
        self._wire = wire
        self._store = store
        self._chamber = chamber
        self._processes = processes
        self._skew = skew
        self._note = note
        self._seen: list[dict[bytes, bytes]] = []
        self._saved: dict[str, Any] = {}
        self.injected = 0

    async def run(self, seconds: float) -> None:
        """Injects faults for so long; several may be under way at once."""
        random = self._random
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        kinds: list[Callable[[], Awaitable[None]]] = [
            self._kill, self._kill, self._kill, self._stop, self._flush, self._restart_redis, self._hang_redis,
            self._lose_redis, self._slow, self._store_down, self._break_store, self._lose_store, self._upstream_down,
            self._repeat, self._repeat, self._clock_back,
        ]  # fmt: skip
        running: dict[asyncio.Future[None], None] = {}
        while loop.time() < until:
            await asyncio.sleep(random.uniform(0.1, 1.2))
            self._remember()
            kind = random.choice(kinds)
            self._note(kind.__name__.strip("_"))
            self.injected += 1
            task = asyncio.ensure_future(kind())
            running[task] = None
            task.add_done_callback(lambda done: running.pop(done, None))
        while running:
            await asyncio.wait(list(running))
        self._mend()

    def _mend(self) -> None:
        self._wire.down = self._wire.hung = False
        self._wire.lossy, self._wire.slow = 0.0, 0.002
        self._store.down = self._chamber.down = False
        self._store.lossy, self._store.slow = 0.0, 0.002
        self._skew.seconds = 0.0
        self._chamber.calm = True
        for process in self._processes:
            if not process.running:
                process.start()

    def _remember(self) -> None:
        """Keeps some of what is on the stream, to deliver it again much later; now and then also a save of it all."""
        stream = self._wire.server.keys.get(BILLS_STREAM)
        if isinstance(stream, Stream):
            self._seen = [*self._seen, *list(stream.entries.values())[:10]][-40:]
        if self._random.random() < 0.5:
            self._saved = self._wire.server.saved()

    def _start(self, process: Process) -> None:
        if not process.running:
            process.start()

    async def _kill(self) -> None:
        process = self._random.choice(self._processes)
        if process.running:
            await process.kill()
            await asyncio.sleep(self._random.random() * 1.5)
            self._start(process)

    async def _stop(self) -> None:
        process = self._random.choice(self._processes)
        if process.running:
            await process.stop(within=5.0)
            self._start(process)

    async def _flush(self) -> None:
        self._wire.server.flushall()

    async def _restart_redis(self) -> None:
        """Killed; comes back with everything, with nothing, or with what it last saved."""
        wire = self._wire
        wire.down = True
        wire.cut()
        await asyncio.sleep(self._random.random() * 2)
        fate = self._random.random()
        if fate < 0.3:
            wire.server.start_with({})
        elif fate < 0.6:
            wire.server.start_with(self._saved)
            self._saved = wire.server.saved()
        else:
            wire.server.start_with(wire.server.keys)
        wire.down = False

    async def _hang_redis(self) -> None:
        self._wire.hung = True
        await asyncio.sleep(self._random.uniform(0.2, 6))
        self._wire.hung = False

    async def _lose_redis(self) -> None:
        self._wire.lossy = self._random.choice((0.05, 0.3))
        await asyncio.sleep(self._random.uniform(0.5, 3))
        self._wire.lossy = 0.0

    async def _slow(self) -> None:
        slow = self._random.choice((0.05, 1.0))
        where = self._random.choice((self._wire, self._store))
        where.slow = slow
        await asyncio.sleep(self._random.uniform(0.5, 2))
        where.slow = 0.002

    async def _store_down(self) -> None:
        self._store.down = True
        self._store.crash()
        await asyncio.sleep(self._random.uniform(0.2, 4))
        self._store.down = False

    async def _break_store(self) -> None:
        self._store.crash()

    async def _lose_store(self) -> None:
        self._store.lossy = self._random.choice((0.03, 0.2))
        await asyncio.sleep(self._random.uniform(0.5, 3))
        self._store.lossy = 0.0

    async def _upstream_down(self) -> None:
        self._chamber.down = True
        await asyncio.sleep(self._random.uniform(0.2, 3))
        self._chamber.down = False

    async def _repeat(self) -> None:
        """Old messages come again, in any order: what a restored stream or a repeated XADD amounts to."""
        for fields in self._random.sample(self._seen, min(_MOST_REPLAYED, len(self._seen))):
            self._wire.server.xadd(BILLS_STREAM, fields)
            await asyncio.sleep(self._random.random() * 0.05)

    async def _clock_back(self) -> None:
        """The clock of ingest is put back under it, and may still be when it is started again."""
        self._skew.seconds = -self._random.uniform(0.5, 5)
        await asyncio.sleep(self._random.uniform(0.5, 3))
        self._skew.seconds = 0.0
