"""Runs the same coroutine function on many items with limited concurrency, and yields each result as it completes."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")


async def concurrent_map(
    items: Iterable[I], work: Callable[[I], Awaitable[R]], size: int
) -> AsyncGenerator[tuple[I, R | Exception], None]:
    """Yields each item with its result or its error, in order of completion; at most `size` items run at once.

    One item that takes minutes delays no other item. When the caller leaves early (`aclosing`), running work is
    cancelled and awaited.
    """
    running: dict[asyncio.Task[R], I] = {}
    left = iter(items)
    try:
        while True:
            for item in left:
                running[asyncio.ensure_future(_started(work, item))] = item
                if len(running) >= size:
                    break
            if not running:
                return
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in running if task in done]:  # in the order of their start, not of a set
                yield running.pop(task), _outcome(task)
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)


async def _started(work: Callable[[I], Awaitable[R]], item: I) -> R:
    return await work(item)


def _outcome(task: "asyncio.Task[R]") -> R | Exception:
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, Exception):
        return error
    raise error
