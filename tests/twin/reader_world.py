"""Readers by stream, feed and export, beside those of the log itself: all run until they have what is stored."""

import asyncio
from random import Random

from twin.export_readers import Exports
from twin.index_double.virtual_index import TwinFolder
from twin.log_readers import TwinDatabase
from twin.store_double.store_pool import BesideWire, StoreWire, TwinPool
from twin.store_double.store_tables import Now, Tables
from twin.web_double import shared_by_routes
from twin.web_readers import AtomReader, StreamReader


class WebReaders:
    """All of them in one run, asking one web process."""

    def __init__(self, seed: int, wire: StoreWire, tables: Tables, folder: TwinFolder, now: Now) -> None:
        beside = BesideWire(wire, Random(f"web {seed}"))
        shared = shared_by_routes(TwinDatabase(TwinPool(beside)), folder, asyncio.Event())
        self._readers: tuple[StreamReader | AtomReader | Exports, ...] = (
            StreamReader(shared, tables, Random(f"stream {seed}")),
            AtomReader(shared, tables, Random(f"atom {seed}")),
            Exports(tables, now, Random(f"exports {seed}")),
        )
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to read."""
        self._tasks = [asyncio.ensure_future(reader.run()) for reader in self._readers]

    async def finish(self) -> list[str]:
        """Lets every reader come to the end; returns what is wrong."""
        for reader in self._readers:
            reader.quiet = True
        await asyncio.gather(*self._tasks)
        return [text for reader in self._readers for text in reader.violations]
