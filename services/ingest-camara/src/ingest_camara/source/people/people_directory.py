"""What all lists of people are read with: legislatures, parties by address, and every deputy's name and last term.

It is read once a day. Without legislatures and deputies no list can be read, so their errors are the window's.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.parties.party_names import party_of
from legis.errors import RecordGone, UpstreamSchemaChanged

from ingest_camara.client.people_api import PeopleApi
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.normalizer.addresses import deputy_id
from ingest_camara.normalizer.claims import one_line
from ingest_camara.normalizer.people.legislatures import Legislature, current_legislature, read_legislatures
from ingest_camara.source.people.whole_files import file_rows
from ingest_camara.wire import people_files
from ingest_camara.wire.people_records import PartyRow

_FRESH = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class People:
    """The directory at one time. `names` and `last_terms` are of deputies, by id; some 8,000."""

    legislatures: tuple[Legislature, ...]
    current: Legislature
    parties: Mapping[str, str]
    names: Mapping[str, str]
    last_terms: Mapping[str, int]

    @property
    def by_number(self) -> dict[int, Legislature]:
        """The legislatures by number."""
        return {one.number: one for one in self.legislatures}

    def former(self, upstream_id: str) -> bool:
        """Whether the deputy's last legislature is over."""
        return self.last_terms.get(upstream_id, self.current.number) < self.current.number


class PeopleDirectory:
    """Reads the directory at most once a day. Made and used in one event loop."""

    def __init__(self, api: PeopleApi, files: CamaraFiles, clock: Clock) -> None:
        self._api = api
        self._files = files
        self._clock = clock
        self._known: People | None = None
        self._read_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> People:
        """The directory. Raises the errors of its files and lists."""
        async with self._lock:
            now = self._clock()
            if self._known is None or self._read_at is None or now - self._read_at >= _FRESH:
                self._known = await self._read(now)
                self._read_at = now
            return self._known

    async def _read(self, now: datetime) -> People:
        legislatures = await self._legislatures()
        current = current_legislature(legislatures, local_day(now))
        if current is None:
            raise UpstreamSchemaChanged("legislaturas.csv names no legislature that has begun")
        names: dict[str, str] = {}
        last: dict[str, int] = {}
        async with aclosing(file_rows(self._files, "deputados", people_files.deputies)) as batches:
            async for batch in batches:
                for (row, _), _ in batch.rows:
                    code = deputy_id(row.uri)
                    if code:
                        names[code] = one_line(row.nome) or ""
                        if row.idLegislaturaFinal.isdecimal():
                            last[code] = int(row.idLegislaturaFinal)
        return People(legislatures, current, await self._parties(now), names, last)

    async def _legislatures(self) -> tuple[Legislature, ...]:
        rows = []
        async with aclosing(file_rows(self._files, "legislaturas", people_files.legislatures)) as batches:
            async for batch in batches:
                rows += [bound.row for bound, _ in batch.rows]
        try:
            return read_legislatures(rows)
        except ValueError as error:
            raise UpstreamSchemaChanged(f"legislaturas.csv: {error}") from None

    async def _parties(self, now: datetime) -> dict[str, str]:
        """Party keys by address. Without them only stale addresses go unnoticed."""
        try:
            listed = await self._api.rows("/partidos", PartyRow)
        except RecordGone:
            return {}
        named = {row.uri: party_of(row.sigla, local_day(now)) for row in listed.rows if row.uri}
        return {uri: name.party for uri, name in named.items() if uri and name.known and name.party}
