"""Coalescing of concurrent identical work: one task does it, the others share its result."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Coalescing(Generic[T]):
    """Work in progress, by key. For one event loop."""

    def __init__(self) -> None:
        self._made: dict[Hashable, asyncio.Future[T | None]] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._made

    async def others(self, key: Hashable) -> T | None:
        """The result of the task that works on this key; None if there is no such task, or if it sets no result.

        Waits until that task ends; the task has a deadline of its own.
        """
        made = self._made.get(key)
        return None if made is None else await asyncio.shield(made)

    @contextmanager
    def making(self, key: Hashable) -> Iterator["Making[T]"]:
        """For the task that does the work: when the context ends, its result is passed to all waiting tasks."""
        making: Making[T] = Making()
        if key in self._made:  # another task works on this key already: this result is not shared
            yield making
            return
        made = self._made[key] = asyncio.get_running_loop().create_future()
        try:
            yield making
        finally:
            del self._made[key]
            made.set_result(making.result)


class Making(Generic[T]):
    """The result of the work; None as long as there is nothing to share."""

    result: T | None = None
