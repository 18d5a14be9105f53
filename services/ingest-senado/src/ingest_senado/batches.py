"""Runs the same work on many items, some at a time, and hands back each item with its result or its error."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar

from legis.errors import LegisError

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")


async def in_batches(
    items: Sequence[I], work: Callable[[I], Awaitable[R]], size: int
) -> AsyncGenerator[tuple[I, R | LegisError], None]:
    """Results in the order of `items`. Tasks never outlive their batch, so the iterator may be left at any point."""

    async def guarded(item: I) -> R | LegisError:
        try:
            return await work(item)
        except LegisError as error:
            return error

    for start in range(0, len(items), size):
        batch = items[start : start + size]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(guarded(item)) for item in batch]
        for item, task in zip(batch, tasks, strict=True):
            yield item, task.result()
