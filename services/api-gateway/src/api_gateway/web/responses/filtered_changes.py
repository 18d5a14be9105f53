"""Filtered pages of the change log: entries whose bill matched the filter before or after the change."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.panics import guarded
from api_gateway.search.percolator import EntryPercolator
from api_gateway.store.changes.change_filter import EVERY_ENTRY, ChangeFilter
from api_gateway.store.changes.change_reader import (
    ChangePage,
    load_bills_of_entries,
    load_changes,
    load_entries,
    load_newest,
    load_position,
)
from api_gateway.store.changes.legacy_entries import as_shown
from api_gateway.store.database.reader import Database

ENTRIES_LOOKED_AT = 500
"""Most entries examined for one filtered page: such a page may be short, but is never slow."""

_SLICES_KEPT = 16
"""Number of cached slices of the log. Readers who follow the log request the same entries, each with its own filter."""

_Slice = tuple[str, ChangeFilter, int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter on the change log: on the bill before or after an entry (None: any bill), and on the entry's own
    content.
    """

    bills: BillFilter | None = None
    entries: ChangeFilter = EVERY_ENTRY


class FilteredChanges:
    """Applies filters to changes, and caches the last slices of the log for the next filter."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[_Slice, EntryPercolator] = OrderedDict()
        self._making = asyncio.Lock()

    async def page(self, wanted: Wanted, *, after: int, limit: int, newest: bool = False) -> ChangePage:
        """At most `limit` entries after `after`, in order of `seq`. A page with a filter on bills examines 500 entries;
        any page passes over at most 5 000. It may therefore be short while more entries follow: continue with its
        `next_after`. With `newest` the primary is asked and no standby. Raises StoreUnavailable.
        """
        database = self._database.newest() if newest else self._database
        if wanted.bills is None:
            return await load_changes(database, after=after, limit=limit, wanted=wanted.entries)
        found = await load_entries(database, after=after, limit=ENTRIES_LOOKED_AT, wanted=wanted.entries)
        matched = await self.matching(found.entries, wanted, found.position.epoch)
        page, cut = matched[:limit], len(matched) > limit
        return ChangePage(
            [as_shown(entry) for entry in page],
            [entry["seq"] for entry in page],
            page[-1]["seq"] if cut else found.reached,
            cut or found.more,
            found.position,
        )

    async def newest(self, wanted: Wanted, limit: int) -> ChangePage:
        """The last `limit` matching entries, newest first: of the newest 5 000, or of the newest 500 that match but for
        the filter on bills. The page ends at the head of the log. Raises StoreUnavailable.
        """
        position = await load_position(self._database)
        most = limit if wanted.bills is None else ENTRIES_LOOKED_AT
        found = await load_newest(self._database, wanted.entries, up_to=position.head, limit=most)
        matched = await self.matching(found[::-1], wanted, position.epoch)
        page = matched[::-1][:limit]
        seqs = [entry["seq"] for entry in page]
        return ChangePage([as_shown(entry) for entry in page], seqs, position.head, False, position)

    async def matching(self, entries: Sequence[Any], wanted: Wanted, epoch: str) -> list[Any]:
        """The members of `entries` whose bill matched before or after them. `entries` are in order, and complete: all
        entries that match `wanted.entries` between the first and the last of them.
        """
        if not entries or wanted.bills is None:
            return list(entries)
        percolator = await self._slice(entries, wanted.entries, epoch)
        matched = await asyncio.to_thread(guarded, percolator.matching, wanted.bills)
        return [entry for entry in entries if entry["seq"] in matched]

    async def _slice(self, entries: Sequence[Any], wanted: ChangeFilter, epoch: str) -> EntryPercolator:
        """The states around these entries, for filters. They never expire: the state of a bill at a past entry does not
        change.
        """
        first, last = entries[0]["seq"], entries[-1]["seq"]
        key = (epoch, wanted, first, last)
        async with self._making:  # one at a time: requests for the same slice wait for it
            known = self._kept.get(key)
            if known is None:
                # with a filter on entries, undoing changes also needs the entries between them that it excludes
                behind = last if wanted == EVERY_ENTRY else first - 1
                ids = [entry["bill_id"] for entry in entries]
                bills, later = await load_bills_of_entries(self._database.at_least(last), ids, behind)
                known = self._kept[key] = await asyncio.to_thread(guarded, EntryPercolator, entries, bills, later)
            self._kept.move_to_end(key)
            if len(self._kept) > _SLICES_KEPT:
                self._kept.popitem(last=False)
        return known
