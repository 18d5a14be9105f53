"""The programs of a run: started from the product's own parts, killed without farewell, stopped politely."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from api_gateway.indexer.index_loop import IndexerLoop
from api_gateway.settings import IndexerSettings, WorkerSettings
from api_gateway.store.changes.index_feed import IndexFeed
from api_gateway.worker import app, housekeeping, reconciliation_tasks
from api_gateway.worker.republish import CursorRepublisher
from legis.ingest.checkpoint import Checkpoint
from legis.ingest.runner import IngestRunner
from legis.ingest.state_reporter import StateReporter
from legis.streams.consumer import READ_MARGIN_SECONDS
from legis.streams.publisher import Publisher

from twin.index_double.virtual_index import TwinBuilds, TwinFolder
from twin.redis_double.redis_client import RedisWire, TwinRedis
from twin.scripted_source import ScriptedSource
from twin.store_double.store_pool import StoreWire, TwinPool
from twin.store_double.store_tables import Now

Door = TwinRedis | TwinPool | TwinBuilds
Parts = tuple[list[Coroutine[Any, Any, None]], list[Door]]
Make = Callable[[asyncio.Event], Parts]


class Process:
    """One program that can be killed and started again. `crashes` are ends that nobody ordered."""

    def __init__(self, name: str, make: Make) -> None:
        self.name = name
        self.crashes: list[str] = []
        self._make = make
        self._tasks: list[asyncio.Task[None]] = []
        self._doors: list[Door] = []
        self._stop = asyncio.Event()

    @property
    def running(self) -> bool:
        """Whether it was started and not ended since."""
        return bool(self._tasks)

    def start(self) -> None:
        """A fresh process: nothing of the one before it is left."""
        self._stop = asyncio.Event()
        work, self._doors = self._make(self._stop)
        self._tasks = [asyncio.ensure_future(part) for part in work]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            self.crashes.append(f"{self.name} ended with {task.exception()!r}")

    async def kill(self) -> None:
        """As kill -9: whatever it still tries while it is torn down reaches nobody."""
        for door in self._doors:
            door.kill()
        await self._gone()

    async def stop(self, within: float) -> None:
        """As SIGTERM, and kill -9 when it takes too long."""
        self._stop.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        await self.kill()

    async def _gone(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []


def ingest(wire: RedisWire, source: ScriptedSource, now: Now, *, capacity: int, confirm_timeout: float) -> Make:
    """The ingest service's engine, as `legis.ingest.app` puts it together."""

    def make(stop: asyncio.Event) -> Parts:
        redis: Any = TwinRedis(wire)
        board = StateReporter("ingest-twin", source.name, source, now)
        runner = IngestRunner(
            source,
            Publisher(redis, capacity=capacity),
            Checkpoint(redis, source.name),
            board,
            confirm_timeout=confirm_timeout,
            clock=now,
        )
        return [runner.run(stop)], [redis]

    return make


def worker(wire: RedisWire, store: StoreWire, settings: WorkerSettings) -> Make:
    """The worker with its loops and periodic tasks, as `api_gateway.worker.app` puts it together."""

    def make(stop: asyncio.Event) -> Parts:
        redis: Any = TwinRedis(wire)
        reading: Any = TwinRedis(wire, socket_timeout=settings.worker_block_milliseconds / 1000 + READ_MARGIN_SECONDS)
        pool = TwinPool(store)
        cursors = CursorRepublisher(pool, redis)
        tasks = [
            housekeeping.repeat_every(housekeeping.REPUBLISH_SECONDS, cursors.publish, stop),
            housekeeping.repeat_every(
                housekeeping.GAUGES_SECONDS,
                partial(housekeeping.set_gauges, pool, redis, settings.list_settle_seconds),
                stop,
            ),
            housekeeping.repeat_every(
                housekeeping.HOUSEKEEPING_SECONDS, partial(housekeeping.delete_abandoned, pool), stop
            ),
            *(
                housekeeping.repeat_every(seconds, task, stop)
                for seconds, task in reconciliation_tasks.reconciliation_tasks(pool, redis, settings)
            ),
        ]
        loops = [app._worker_loop(settings, pool, redis, reading, cursors).run(stop) for _ in range(app.CONSUMERS)]
        return [*loops, *tasks], [redis, reading, pool]

    return make


def indexer(store: StoreWire, folder: TwinFolder) -> Make:
    """The indexer, as `api_gateway.indexer.app` puts it together; its files are the folder's."""
    settings: Any = IndexerSettings().model_copy(update={"index_folder": folder, "index_check_seconds": 5.0})

    def make(stop: asyncio.Event) -> Parts:
        pool: Any = TwinPool(store)
        loop = IndexerLoop(settings, IndexFeed(pool))
        builds: Any = loop.builds
        return [loop.run(stop)], [pool, builds]

    return make
