"""Matches entries of the change log with all subscriptions, once, and stores what matched."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import MATCH_LAG

from api_gateway.notifier.saved_search import EntryRule, SavedSearch, saved_search
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index.panics import guarded
from api_gateway.search.percolator import EntryPercolator
from api_gateway.store.changes.change_reader import load_bills_of_entries, load_entries
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.reader import Database
from api_gateway.store.subscriptions.match_writer import load_position, store_matches
from api_gateway.store.subscriptions.subscription_rows import load_searches

ENTRIES_AT_ONCE = 100
"""Entries matched in one step. The cost is per search, not per entry: fewer at once would cost as much each time."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Search:
    """One search and everyone who subscribed to it, by internal id."""

    wanted: SavedSearch
    subscribers: tuple[int, ...]


class Matcher:
    """Follows the change log. One at a time in the whole system: its position is one row."""

    def __init__(self, pool: Pool, database: Database) -> None:
        self._pool = pool
        self._database = database
        self._searches: list[Search] = []
        self._subscribers: Mapping[str, Sequence[int]] = {}
        self._read: dict[str, SavedSearch | None] = {}

    @property
    def searches(self) -> int:
        """Number of different searches."""
        return len(self._searches)

    def use(self, subscribers: Mapping[str, Sequence[int]]) -> None:
        """Takes these subscriptions instead of those before: by the text of their search, their internal ids. One
        whose search can no longer be read is left out and logged. A search that was read before is not read again:
        to read ten thousand takes seconds.
        """
        if subscribers == self._subscribers:
            return
        self._subscribers = subscribers
        known = self._read
        self._read = {text: known[text] if text in known else _read(text, ids) for text, ids in subscribers.items()}
        found: defaultdict[SavedSearch, list[int]] = defaultdict(list)
        for text, wanted in self._read.items():
            if wanted is not None:
                found[wanted] += subscribers[text]
        self._searches = [Search(wanted, tuple(ids)) for wanted, ids in found.items()]

    async def step(self) -> tuple[int, int]:
        """Matches the next entries. Returns how many entries were looked at, and how many are left.

        Raises StoreUnavailable, with the position where it was.
        """
        position = await load_position(self._pool)
        page = await load_entries(self._database, after=position.seq, limit=ENTRIES_AT_ONCE)
        if page.position.epoch != position.epoch:
            return 0, 1  # the log began again between the two reads
        if page.entries:  # after them: who subscribed before an entry was stored is told of it
            await asyncio.to_thread(self.use, await load_searches(self._pool))
        matches = await self._matches(page.entries, page.reached)
        if page.reached > position.seq:
            await store_matches(self._pool, position.epoch, matches, page.reached)
        left = page.position.head - page.reached
        MATCH_LAG.set(left)
        return page.reached - position.seq, left

    async def _matches(self, entries: Sequence[Any], reached: int) -> dict[int, list[int]]:
        """Subscribers by entry."""
        if not entries or not self._searches:
            return {}
        bills, later = await load_bills_of_entries(self._database, [entry["bill_id"] for entry in entries], reached)
        return await asyncio.to_thread(guarded, _matched, (self._searches, entries, bills, later))


def _read(text: str, ids: Sequence[int]) -> SavedSearch | None:
    try:
        return saved_search(orjson.loads(text))
    except InvalidParameter as error:
        _log.error("search_unreadable", subscriptions=list(ids[:10]), error=str(error))
        return None


def _matched(asked: tuple[Sequence[Search], Sequence[Any], Sequence[Any], Sequence[Any]]) -> dict[int, list[int]]:
    """Subscribers by entry: those whose search the bill matched before or after it, of entries of a wanted kind."""
    searches, entries, bills, later = asked
    percolator = EntryPercolator(entries, bills, later)
    wanted_by: dict[EntryRule, frozenset[int]] = {}
    found: defaultdict[int, list[int]] = defaultdict(list)
    for search in searches:
        rule = search.wanted.rule
        if rule not in wanted_by:
            wanted_by[rule] = frozenset(entry["seq"] for entry in entries if rule.wants(entry))
        wanted = wanted_by[rule]
        if wanted and search.wanted.bills is not None:
            wanted &= percolator.matching(search.wanted.bills)
        for seq in wanted:
            found[seq].extend(search.subscribers)
    return {seq: sorted(ids) for seq, ids in found.items()}
