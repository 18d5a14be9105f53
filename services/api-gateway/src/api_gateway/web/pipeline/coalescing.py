"""One request has its reply made; those that want the same meanwhile wait for it."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Coalescing(Generic[T]):
    """Results that are being made, by key. One event loop."""

    def __init__(self) -> None:
        self._made: dict[Hashable, asyncio.Future[T | None]] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._made

    async def others(self, key: Hashable) -> T | None:
        """What another task is making, once it is there; None where nobody makes it, or where it came to nothing.

        Waits as long as the maker does, who has a deadline.
        """
        made = self._made.get(key)
        return None if made is None else await asyncio.shield(made)

    @contextmanager
    def making(self, key: Hashable) -> Iterator["Making[T]"]:
        """The caller makes it; what it sets is handed to all who wait when the context ends, however it ends."""
        making: Making[T] = Making()
        if key in self._made:  # somebody was quicker: this one makes its own and tells nobody
            yield making
            return
        made = self._made[key] = asyncio.get_running_loop().create_future()
        try:
            yield making
        finally:
            del self._made[key]
            made.set_result(making.result)


class Making(Generic[T]):
    """What the maker has made: None while there is nothing that others may have."""

    result: T | None = None
