"""I21: readers of every channel that are killed and resume, and what each has in the end is what is stored."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from threading import Event, Thread
from typing import Any, Protocol

import aiohttp
import asyncpg

from chaos.readers.atom_reader import AtomReader
from chaos.readers.entry_readers import FeedReader, StreamReader
from chaos.readers.export_reader import ExportReader
from chaos.readers.kept_log import Stored
from chaos.readers.web_door import AWAY, Door
from chaos.readers.webhook_reader import WebhookReader
from chaos.system.cast import Cast
from chaos.watch.list_watch import session_for

LIFE_SECONDS = (0.3, 4.0)
"""A reader is killed after a time between these, and resumes within REST_SECONDS with what it kept."""

REST_SECONDS = 0.5
CATCH_UP_SECONDS = 40.0
"""Time in which every reader has what is stored, once all is quiet: an export is built in the meantime."""

_LOG = "SELECT seq, bill_id, version, about FROM bill_change ORDER BY seq"
_HEAD = "SELECT e.epoch::text AS epoch, c.last_seq AS head FROM store_epoch e CROSS JOIN change_counter c"
_STATES = """
SELECT id, version, removed_at IS NOT NULL AS removed, document FROM bill
UNION ALL SELECT id, version, removed_at IS NOT NULL, document FROM record
"""
_UNREACHABLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Reader(Protocol):
    """One reader; what it kept outlives its lives."""

    name: str
    kept: Any

    async def live(self) -> None:
        """Reads until it is cancelled, which is its kill. Raises one of AWAY."""

    def wrong(self, stored: Stored) -> Sequence[str]:
        """How what it has differs from what is stored."""


class Readers:
    """All readers of one run, in a thread of their own."""

    def __init__(self, cast: Cast, seed: int, broken: Callable[[str, str], None], hits: dict[str, list[float]]) -> None:
        self.kills = 0
        self.facts: dict[str, int] = {}
        self._cast = cast
        self._dice = Random(f"readers {seed}")
        self._broken = broken
        self._hits = hits
        self._quiet = Event()
        self._compares = True
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Subscribes, and begins to read."""
        self._thread.start()

    def finish(self, *, compare: bool = True) -> None:
        """Ends the kills and has every reader come to what is stored, or ends all readers at once."""
        self._compares = compare
        self._quiet.set()
        self._thread.join(CATCH_UP_SECONDS + 30)

    def _run(self) -> None:
        try:
            asyncio.run(self._read())
        except Exception as error:  # who does not read any more must not be content
            self._broken("run", f"the readers ended: {error!r}")

    async def _read(self) -> None:
        async with session_for(30) as session:
            readers = self._readers(session)
            webhook = next(reader for reader in readers if isinstance(reader, WebhookReader))
            await webhook.subscribe(self._cast.database_url)
            lives = [asyncio.create_task(self._lives(reader)) for reader in readers]
            await asyncio.to_thread(self._quiet.wait)
            for line in await self._last_look(readers) if self._compares else ():
                self._broken("I21", line)
            for life in lives:
                life.cancel()
            for ended in await asyncio.gather(*lives, return_exceptions=True):
                if isinstance(ended, Exception):
                    self._broken("I21", f"a reader ended: {ended!r}")
            self._count(readers)

    def _readers(self, session: aiohttp.ClientSession) -> list[Reader]:
        kinds: tuple[Any, ...] = (FeedReader, StreamReader, AtomReader, WebhookReader, ExportReader)
        door = Door(session, self._cast.web_url, self._dice)
        return [kind(door, self._dice, self._says(kind.name)) for kind in kinds]

    def _says(self, name: str) -> Callable[[str], None]:
        def broken(line: str) -> None:
            # until an operator renews the epoch nobody can tell entries of the lost log from those in their place
            if not self._hits.get("failover"):
                self._broken("I21", f"{name}: {line}")

        return broken

    async def _lives(self, reader: Reader) -> None:
        """Lives of one reader, each begun with what the one before has kept."""
        while True:
            life = asyncio.create_task(reader.live())
            try:
                await self._until_killed(life)
            finally:
                life.cancel()
                with suppress(asyncio.CancelledError, *AWAY):
                    await life
            await asyncio.sleep(self._dice.uniform(0, REST_SECONDS))

    async def _until_killed(self, life: "asyncio.Task[None]") -> None:
        killed = time.monotonic() + self._dice.uniform(*LIFE_SECONDS)
        while not life.done() and (self._quiet.is_set() or time.monotonic() < killed):
            await asyncio.wait((life,), timeout=0.1)
        self.kills += not life.done()

    async def _last_look(self, readers: Sequence[Reader]) -> list[str]:
        """How readers differ from what is stored, once they do not, or when it takes too long."""
        deadline, left = time.monotonic() + CATCH_UP_SECONDS, ["nobody could say what is stored"]
        quiet: int | None = None
        while left and time.monotonic() < deadline:
            with suppress(*_UNREACHABLE):
                stored = await self._stored(quiet)
                quiet = stored.quiet
                left = [f"{reader.name}: {line}" for reader in readers for line in reader.wrong(stored)]
            if left:
                await asyncio.sleep(0.3)
        return left

    async def _stored(self, quiet: int | None) -> Stored:
        connection = await asyncpg.connect(self._cast.database_url, timeout=5)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                head = await connection.fetchrow(_HEAD)
                log = await connection.fetch(_LOG)
                rows = await connection.fetch(_STATES)
        finally:
            await connection.close()
        assert head is not None  # both tables have one row
        return Stored(
            head["epoch"], head["head"],
            [((row["seq"], row["bill_id"], row["version"]), row["about"]) for row in log],
            {row["id"]: (row["version"], row["removed"]) for row in rows},
            {row["id"]: row["document"] for row in rows},
            head["head"] if quiet is None else quiet,
        )  # fmt: skip

    def _count(self, readers: Sequence[Reader]) -> None:
        """Figures that tell whether the readers were worth their time."""
        self.facts = {"reader_kills": self.kills}
        for reader in readers:
            if isinstance(reader, ExportReader):
                self.facts |= {"exports": reader.kept.wholes, "deltas": reader.kept.deltas, "resumed": reader.resumed}
            elif isinstance(reader, AtomReader):
                self.facts["atom_walks"] = reader.kept.walks
            elif isinstance(reader, WebhookReader):
                self.facts |= {"messages": reader.messages, "refused": reader.refused}
            else:
                self.facts[f"{reader.name}_told_again"] = reader.kept.told_again
