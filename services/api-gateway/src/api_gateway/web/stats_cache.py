"""Cache of the counts for charts, which are computed at most once a minute."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from legis.clock import utc_now

from api_gateway.search.index.folder import IndexNotReady
from api_gateway.search.index.live import LiveIndex
from api_gateway.search.statistics import Stats, load_stats

RENEW_SECONDS = 60.0


class StatsCache:
    """Stores the last counts and the time at which they were made."""

    def __init__(self, index: LiveIndex, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: tuple[Stats, datetime] | None = None
        self._renew_at = float("-inf")

    async def current(self, epoch: str | None) -> tuple[Stats, datetime]:
        """The counts and the time of their making: at most a minute old, or the last ones while there is no index.
        Raises IndexNotReady.
        """
        async with self._lock:
            now = self._clock()
            if self._known is None or now >= self._renew_at:
                try:
                    self._known = (await self._index.ask(load_stats, self._index.require(epoch)), utc_now())
                    self._renew_at = now + RENEW_SECONDS
                except IndexNotReady:
                    if self._known is None:
                        raise
                    self._renew_at = now + 1
            return self._known
