"""Reads the bills that moved between two days: the list, then the details of its rows."""

import asyncio
from collections.abc import AsyncGenerator

from legis.ingest.source import Item, ReadContext, Window

from ingest_camara.client.api import CamaraApi
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.details import Details
from ingest_camara.source.listing import Listing, walk_list
from ingest_camara.source.schedule import Days, days_of
from ingest_camara.wire.bill_records import ListItem

_MOST_STRETCHES = 4
STALE_PAUSE_SECONDS = 5.0
"""Seconds to wait before reading stale details again: the longest time measured until upstream's servers agreed."""


class Changes:
    """The walks INCREMENTAL and OVERLAP."""

    def __init__(self, api: CamaraApi, details: Details, settings: CamaraSettings) -> None:
        self._api = api
        self._details = details
        self._settings = settings

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every bill of the window's days that changed, and the rows of the list that cannot be read."""
        listing = await self._list(window)
        wanted = {key: item for key, item in listing.items.items() if self._wanted(item)}
        ids = dict.fromkeys(wanted)
        for broken in listing.broken:
            if broken.upstream_id is None or not broken.upstream_id.isdigit():
                yield broken
            else:
                ids[broken.upstream_id] = None  # its detail shows more, and is rejected itself where it does not fit
        stale: list[str] = []
        async for item in self._details.read(list(ids), window.walk, context, listed=wanted, stale=stale):
            yield item
        if stale:
            # The list is newer than these details: another of upstream's servers is behind. Read them once more, later.
            await asyncio.sleep(STALE_PAUSE_SECONDS)
            async for item in self._details.read(stale, window.walk, context):
                yield item

    async def _list(self, window: Window) -> Listing:
        found = Listing()
        asked: set[Days] = set()
        for _ in range(_MOST_STRETCHES):  # the first response shows upstream's own time, where the day may be another
            missing = [days for days in days_of(window, self._api.clock_offset) if days not in asked]
            if not missing:
                break
            asked.add(missing[0])
            listing = await walk_list(
                self._api, missing[0], page_size=self._settings.camara_page_size, types=self._settings.types
            )
            found.items.update(listing.items)
            found.broken.extend(listing.broken)
        return found

    def _wanted(self, item: ListItem) -> bool:
        return not self._settings.types or (item.siglaTipo or "").strip().upper() in self._settings.types
