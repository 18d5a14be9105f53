"""Caches the Câmara's directories for a day: deputies in office, and bodies (órgãos)."""

import asyncio
import tempfile
import time
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from legis.clock import Clock
from legis.domain.bill import Bill
from legis.domain.brasilia_time import local_day
from legis.errors import LegisError
from legis.telemetry.logs import get_logger

from ingest_camara.client.api import CamaraApi
from ingest_camara.client.yearly_files import CamaraFiles, read_lines
from ingest_camara.normalizer.bodies import Bodies, name_bodies
from ingest_camara.normalizer.claims import one_line
from ingest_camara.normalizer.sponsors import Directory, Member, introduce
from ingest_camara.wire.bulk import BodyLayout

log = get_logger(__name__)

_FRESH_SECONDS = 86_400.0
_PATIENCE_SECONDS = 900.0
_FIRST_WAIT_SECONDS = 20.0


class DeputyDirectory:
    """Names, parties and states of deputies in office. The directory completes bills and decides nothing.

    Therefore no bill waits when upstream refuses the directory: the last one read is used, or an empty one.
    """

    def __init__(self, api: CamaraApi) -> None:
        self._api = api
        self._members: Directory = {}
        self._due = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> Directory:
        """The directory, requested at most once a day."""
        async with self._lock:
            if time.monotonic() >= self._due:
                await self._refresh()
            return self._members

    async def _refresh(self) -> None:
        try:
            deputies = await self._api.deputies()
        except LegisError as error:
            self._due = time.monotonic() + _PATIENCE_SECONDS
            log.warning("directory of deputies not read", error=str(error)[:200])
            return
        self._due = time.monotonic() + _FRESH_SECONDS
        self._members = {
            deputy.id: Member(name, one_line(deputy.siglaPartido), one_line(deputy.siglaUf))
            for deputy in deputies
            if deputy.id and (name := one_line(deputy.nome))
        }


class BodyDirectory:
    """Names of bodies by id, from the one file that has them all. The directory completes bills and decides nothing.

    Only the first reading of the file is awaited, and only for a short time: without it the first bills would be stored
    without names. While the file is not available the last names read are used, or none.
    """

    def __init__(self, files: CamaraFiles, first_wait: float = _FIRST_WAIT_SECONDS) -> None:
        self._files = files
        self._names: Bodies = {}
        self._due = 0.0
        self._first_wait = first_wait
        self._waited_until: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def get(self) -> Bodies:
        """The names read so far. When a new reading of the file is due, it runs in the background."""
        now = time.monotonic()
        if now >= self._due and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._refresh())
        if self._waited_until is None:
            self._waited_until = now + self._first_wait
        if self._reading is not None and not self._names and now < self._waited_until:
            await asyncio.wait({self._reading}, timeout=self._waited_until - now)
        return self._names

    async def close(self) -> None:
        """Cancels a reading that is running."""
        if self._reading is not None and not self._reading.done():
            self._reading.cancel()
            await asyncio.wait({self._reading})

    async def _refresh(self) -> None:
        try:
            names = await self._read()
        except (LegisError, OSError) as error:
            self._due = time.monotonic() + _PATIENCE_SECONDS
            log.warning("directory of bodies not read", error=str(error)[:200])
            return
        self._due = time.monotonic() + _FRESH_SECONDS
        self._names = {**self._names, **names}  # a dissolved body may leave the file; its name stays in memory

    async def _read(self) -> dict[str, str]:
        with tempfile.TemporaryDirectory(prefix="legis-bodies-") as folder:
            file = await self._files.fetch_whole("orgaos", Path(folder))
            names: dict[str, str] = {}
            async with aclosing(read_lines(file, BodyLayout)) as batches:
                async for lines in batches:
                    rows = [line.row for line in lines if line.row is not None]
                    names |= {row.id: name for row in rows if (name := one_line(row.name))}
            return names


class Known(NamedTuple):
    """The contents of both directories, and the day in Brasília on which they are so."""

    deputies: Directory
    bodies: Bodies
    day: date

    def complete(self, bill: Bill) -> Bill:
        """The bill with the names that only the directories have."""
        return name_bodies(introduce(bill, self.deputies, self.day), self.bodies)


class Directories:
    """Both directories behind one interface."""

    def __init__(self, api: CamaraApi, files: CamaraFiles, clock: Clock) -> None:
        self._deputies = DeputyDirectory(api)
        self._bodies = BodyDirectory(files)
        self._clock = clock

    async def get(self) -> Known:
        """The current contents of both."""
        return Known(await self._deputies.get(), await self._bodies.get(), local_day(self._clock()))

    async def close(self) -> None:
        """Cancels readings that are running."""
        await self._bodies.close()
