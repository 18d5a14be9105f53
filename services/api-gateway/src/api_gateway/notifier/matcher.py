"""Matches entries of the change log with all subscriptions, once, and stores what matched."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import MATCH_LAG, SEARCHES_LEFT_OUT

from api_gateway.notifier.saved_search import EntryRule, SavedSearch, saved_search
from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.panics import guarded
from api_gateway.search.percolator import EntryPercolator
from api_gateway.store.changes.change_reader import load_bills_of_entries, load_entries
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.reader import Database
from api_gateway.store.subscriptions.match_writer import load_position, store_matches
from api_gateway.store.subscriptions.subscription_rows import load_searches

ENTRIES_AT_ONCE = 100
"""Entries matched in one step. The cost is per search, not per entry: fewer at once would cost as much each time."""

RAISED, UNREADABLE = LEFT_OUT_REASONS = ("raised", "unreadable")
"""Reasons for which a search is left out: label values of the metric."""

_log = get_logger(__name__)


def create_matcher_series() -> None:
    """Creates every metric series that alerts watch at zero, so that its first increase is visible."""
    for reason in LEFT_OUT_REASONS:
        SEARCHES_LEFT_OUT.labels(reason)


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
        self._raised: set[SavedSearch] = set()

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

        Raises StoreUnavailable, or what the index does where it takes no search at all, with the position where it
        was.
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
        """Subscribers by entry. A search that raises is left out; what it was is logged once."""
        if not entries or not self._searches:
            return {}
        bills, later = await load_bills_of_entries(self._database, [entry["bill_id"] for entry in entries], reached)
        found, raised = await asyncio.to_thread(_matched, self._searches, entries, bills, later)
        SEARCHES_LEFT_OUT.labels(RAISED).inc(len(raised))
        for search, error in raised:
            if search.wanted not in self._raised:
                self._raised.add(search.wanted)
                _log.error("search_raised", subscriptions=list(search.subscribers[:10]), exc_info=error)
        return found


def _read(text: str, ids: Sequence[int]) -> SavedSearch | None:
    try:
        return saved_search(orjson.loads(text))
    except Exception as error:  # whatever is stored, the other searches are matched
        SEARCHES_LEFT_OUT.labels(UNREADABLE).inc()
        _log.error("search_unreadable", subscriptions=list(ids[:10]), error=f"{type(error).__name__}: {error}")
        return None


def _matched(
    searches: Sequence[Search], entries: Sequence[Any], bills: Sequence[Any], later: Sequence[Any]
) -> tuple[dict[int, list[int]], list[tuple[Search, Exception]]]:
    """Subscribers by entry: those whose search the bill matched before or after it, of entries of a wanted kind. Also
    the searches that raised. Raises what the index does where it takes no search at all.
    """
    percolator = guarded(EntryPercolator, entries, bills, later)
    wanted_by: dict[EntryRule, frozenset[int]] = {}
    found: defaultdict[int, list[int]] = defaultdict(list)
    raised: list[tuple[Search, Exception]] = []
    for search in searches:
        rule = search.wanted.rule
        if rule not in wanted_by:
            wanted_by[rule] = frozenset(entry["seq"] for entry in entries if rule.wants(entry))
        wanted = wanted_by[rule]
        try:
            if wanted and search.wanted.bills is not None:
                wanted &= guarded(percolator.matching, search.wanted.bills)
        except Exception as error:
            guarded(percolator.matching, BillFilter())  # takes all bills: if this raises, no search is at fault
            raised.append((search, error))
            continue
        for seq in wanted:
            found[seq].extend(search.subscribers)
    return {seq: sorted(ids) for seq, ids in found.items()}, raised
