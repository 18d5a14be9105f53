"""The type codes that filters may name: those met in the store, looked up now and then."""

import time
from collections.abc import Callable

from legis.errors import StoreUnavailable

from api_gateway.store.bill_reader import load_type_codes
from api_gateway.store.database import Database

RENEW_SECONDS = 60.0


class KnownTypes:
    """Type codes of the store as of at most a minute ago."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._codes: frozenset[str] = frozenset()
        self._renew_at = float("-inf")

    async def codes(self) -> frozenset[str]:
        """The codes; those known before while the store is away."""
        now = self._clock()
        if now >= self._renew_at:
            self._renew_at = now + RENEW_SECONDS  # first, so that one request of many asks
            try:
                self._codes = await load_type_codes(self._database)
            except StoreUnavailable:
                self._renew_at = now + 1
        return self._codes
