"""What the store is asked for now and then, and remembered in between and while it is away."""

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from legis.errors import StoreUnavailable

RENEW_SECONDS = 60.0
T = TypeVar("T")


class Renewed(Generic[T]):
    """A value as of at most a minute ago; `first` until it was loaded once. One event loop."""

    def __init__(
        self, load: Callable[[], Awaitable[T]], first: T, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._load = load
        self._known = first
        self._clock = clock
        self._renew_at = float("-inf")

    async def now(self) -> T:
        """The value; the one known before while the store is away."""
        now = self._clock()
        if now >= self._renew_at:
            self._renew_at = now + RENEW_SECONDS  # first, so that one request of many asks
            try:
                self._known = await self._load()
            except StoreUnavailable:
                self._renew_at = now + 1
        return self._known
