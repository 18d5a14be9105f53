"""The counts for charts, computed at most once a minute."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from legis.clock import utc_now
from legis.errors import StoreUnavailable

from api_gateway.store.database import Database
from api_gateway.store.stats_reader import Stats, load_stats

RENEW_SECONDS = 60.0


class StatsCache:
    """The last counts and when they were made."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: tuple[Stats, datetime] | None = None
        self._renew_at = float("-inf")

    async def current(self) -> tuple[Stats, datetime]:
        """Counts at most a minute old, or the last ones while the store is away. Raises StoreUnavailable."""
        async with self._lock:
            now = self._clock()
            if self._known is None or now >= self._renew_at:
                try:
                    self._known = (await load_stats(self._database), utc_now())
                    self._renew_at = now + RENEW_SECONDS
                except StoreUnavailable:
                    if self._known is None:
                        raise
                    self._renew_at = now + 1
            return self._known
