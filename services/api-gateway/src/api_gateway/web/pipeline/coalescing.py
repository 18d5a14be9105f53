"""Coalesces concurrent identical work: one task does it, the others share its result."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Coalescing(Generic[T]):
    """Work in flight, by key. For one event loop."""

    def __init__(self) -> None:
        self._made: dict[Hashable, asyncio.Future[T | None]] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._made

    async def others(self, key: Hashable) -> T | None:
        """The result of the task that works on this key; None without one, or when it set no result.

        Waits as long as the maker does, who has a deadline.
        """
        made = self._made.get(key)
        return None if made is None else await asyncio.shield(made)

    @contextmanager
    def making(self, key: Hashable) -> Iterator["Making[T]"]:
        """For the task that does the work: its result is shared with all waiting tasks when the context ends."""
        making: Making[T] = Making()
        if key in self._made:  # another task was first: this result is not shared
            yield making
            return
        made = self._made[key] = asyncio.get_running_loop().create_future()
        try:
            yield making
        finally:
            del self._made[key]
            made.set_result(making.result)


class Making(Generic[T]):
    """Result of the work; None while there is none to share."""

    result: T | None = None
