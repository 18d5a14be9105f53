"""What goes wrong with the index. Drawn apart from the other faults, so that those of a seed stay as they are."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import asyncpg
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.changes.index_feed import mark_rerendered

from twin.chamber import Chamber
from twin.index_double.virtual_index import TwinFolder
from twin.processes import Process
from twin.store_double.store_index import REWRITE
from twin.store_double.store_pool import StoreWire, TwinPool


class IndexFaults:
    """Kills the indexer, harms its files, and rewrites list items under it."""

    def __init__(
        self,
        random: Random,
        store: StoreWire,
        chamber: Chamber,
        indexer: Process,
        folder: TwinFolder,
        note: Callable[[str], None],
    ) -> None:
        self._random = random
        self._store = store
        self._chamber = chamber
        self._indexer = indexer
        self._folder = folder
        self._note = note
        self.injected = 0

    async def run(self, seconds: float) -> None:
        """One fault after another, for so long; the indexer runs in the end."""
        random, loop = self._random, asyncio.get_running_loop()
        until = loop.time() + seconds
        kinds: list[Callable[[], Awaitable[None]]] = [
            self._kill, self._kill, self._stop, self._lose_index, self._flip_index, self._rerender, self._rerender,
        ]  # fmt: skip
        while loop.time() < until:
            await asyncio.sleep(random.uniform(0.2, 1.5))
            kind = random.choice(kinds)
            self._note(f"index: {kind.__name__.strip('_')}")
            self.injected += 1
            await kind()

    async def _kill(self) -> None:
        await self._indexer.kill()
        await asyncio.sleep(self._random.random() * 1.5)
        self._indexer.start()

    async def _stop(self) -> None:
        await self._indexer.stop(within=5.0)
        self._indexer.start()

    async def _lose_index(self) -> None:
        """Somebody deletes the folder of the index; its lock goes with it."""
        self._folder.builds.clear()
        self._folder.served = self._folder.holder = None

    async def _flip_index(self) -> None:
        """Bytes of a file are others; readers are answered from them until somebody looks."""
        if (build := self._folder.current) is not None and build.rows:
            build.whole = False
            bill_id = self._random.choice(sorted(build.rows))
            row = build.rows[bill_id]
            build.rows[bill_id] = {**row, "summary": row["summary"].removesuffix(b"}") + b',"flipped":true}'}

    async def _rerender(self) -> None:
        """Some list items are written again without a change of their bills, as a migration does."""
        pool: Any = TwinPool(self._store)
        try:
            async with pool.acquire(timeout=5) as connection, connection.transaction():
                known = [f"{self._chamber.manners.source.value}-{key}" for key in sorted(self._chamber.history)]
                states = await lock_bills(connection, sorted(self._random.sample(known, 2)))
                ids = [key for key, state in sorted(states.items()) if state.stored is not None]
                await connection.execute(REWRITE, ids, self._random.random())
                await mark_rerendered(connection, ids)
        except (asyncpg.PostgresError, OSError, TimeoutError):
            return  # it is not done, as any transaction that fails
